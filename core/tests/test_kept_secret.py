"""What an installation keeps secret."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from core.kept_secret import kept_in

pytestmark = pytest.mark.own_database


def test_it_is_made_once_and_kept(tmp_path):
    folder = tmp_path / "var"
    key = kept_in(folder / "secret_key")
    assert len(key) >= 64
    assert kept_in(folder / "secret_key") == key
    assert kept_in(tmp_path / "other" / "secret_key") != key


def test_only_its_owner_reads_it(tmp_path):
    kept_in(tmp_path / "secret_key")
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_those_who_start_together_have_the_same(tmp_path):
    together = Barrier(8)

    def make(_: int) -> str:
        together.wait()
        return kept_in(tmp_path / "secret_key")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_what_an_operator_put_there_is_used(tmp_path: Path):
    (tmp_path / "secret_key").write_text("of the operator\n")
    assert kept_in(tmp_path / "secret_key") == "of the operator"
