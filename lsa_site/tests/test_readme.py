"""What the README says can be tried is tried, as it stands."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from content.tests.site import served
from lsa_site.tests.processes import until


@pytest.fixture(scope="module")
def var(seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def url(var: Path) -> Iterator[str]:
    with served(var) as url:
        yield url


def script(page: str, name: str) -> str:
    text = (settings.BASE_DIR / page).read_text()
    return re.search(rf"<!-- {name}\b.*?```sh\n(.*?)```", text, re.DOTALL)[1]


def tried(page: str, url: str, name: str = "try-it", **environment: str) -> list[str]:
    """What a script of a page prints, line by line."""
    run = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script(page, name)],
        env={"API": f"{url}/api/v1", "PATH": "/usr/local/bin:/usr/bin:/bin"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def promised(page: str, name: str) -> list[str]:
    """What the comments of a script say that it prints, line by line, up to what differs."""
    lines = re.findall(r"^# (\{.*)", script(page, name), re.MULTILINE)
    return [re.split(r"eyJhbGci…|6b03c297…|…", line)[0] for line in lines]


def check(printed: list[str], promises: list[str]) -> None:
    assert len(printed) == len(promises) > 1
    for line, promise in zip(printed, promises, strict=True):
        assert line.startswith(promise)


@pytest.mark.wire
@pytest.mark.own_database
def test_the_curl_script_works_on_a_fresh_start(url):
    lines = tried("README.md", url)
    assert "User berhasil didaftarkan" in lines[0]
    assert '"Pelatihan Data Dasar"' in lines[1]
    assert '"Mengapa data terbuka penting"' in lines[2]
    assert lines[3:] == [
        "Blog berhasil diperbarui",
        "precondition_failed",
        "Program berhasil dihapus",
        "Blog berhasil dihapus",
        "Foto berhasil dihapus",
        "Partner berhasil dihapus",
    ]


@pytest.mark.wire
@pytest.mark.own_database
def test_what_is_said_of_accounts_works(url, var):
    check(tried("README.md", url, "accounts"), promised("README.md", "accounts"))

    def mailed() -> re.Match[str] | None:
        # To the end of its line: what is still being written is no token yet.
        return re.search(r"password-reset\?token=([\w-]+)\n", (var / "serve.log").read_text())

    until(mailed)
    printed = tried("README.md", url, "reset", TOKEN=mailed()[1])
    check(printed, promised("README.md", "reset"))


@pytest.mark.wire
@pytest.mark.own_database
def test_what_is_said_of_publishing_works(url):
    assert tried("docs/publishing.md", url) == [
        *("404", "draft", "1"),
        "<p>Hari <strong>pertama</strong>.</p>",
        "",
        *("scheduled", "404"),
        *("published", "catatan-jember", "308", "Catatan dari Jember"),
        "['slug', 'title']",
        *("Catatan dari Banyuwangi", "catatan-jember"),
        *("Blog berhasil dihapus", "404"),
        *("Blog berhasil dipulihkan", "200"),
        "404",
    ]


ROOMS = {"core", "accounts", "content", "webhooks", "editors", "lsa_site"}
OF_DJANGO = {"createsuperuser", "changepassword"}  # only refused here


def commands() -> list[tuple[str, str]]:
    return [
        (name, room)
        for name, room in get_commands().items()
        if room in ROOMS and name not in OF_DJANGO
    ]


@pytest.mark.parametrize(("name", "room"), commands())
def test_the_table_has_every_command_with_its_options(name, room):
    readme = (settings.BASE_DIR / "README.md").read_text()
    [row] = re.findall(rf"^\| `manage\.py {name}\b(.*)$", readme, re.MULTILINE)
    parser = load_command_class(room, name).create_parser("manage.py", name)
    common = BaseCommand().create_parser("manage.py", name)
    own = {*parser._option_string_actions} - {*common._option_string_actions}
    assert {option for option in own if option not in row} == set()


def test_the_table_has_every_target_of_make():
    readme, makefile = (
        (settings.BASE_DIR / name).read_text() for name in ("README.md", "Makefile")
    )
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)) - {"help"}
    assert targets == set(re.findall(r"^\| `make ([a-z-]+)", readme, re.MULTILINE))
