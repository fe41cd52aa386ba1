"""The Indonesian catalogue: complete, compiled, and free of what is no longer said."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

CATALOGUE = Path("locale/id/LC_MESSAGES/django.po")
SOURCES = ("core", "accounts", "content", "webhooks", "editors", "lsa_site", "locale")

pytestmark = pytest.mark.skipif(
    not shutil.which("msgfmt"), reason="needs gettext (Debian: apt-get install gettext)"
)


def output(*command: str | Path, cwd: Path = settings.BASE_DIR) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd).stdout


def test_the_compiled_catalogue_is_that_of_the_text(tmp_path):
    compiled = tmp_path / "compiled.mo"
    source = settings.BASE_DIR / CATALOGUE
    output("msgfmt", "--output-file", compiled, source)
    assert output("msgunfmt", compiled) == output("msgunfmt", source.with_suffix(".mo"))


def test_every_message_of_the_code_is_translated_and_no_other(tmp_path):
    for name in SOURCES:
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name)
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    collect = ("makemessages", "--locale", "id", "--no-location", "--no-wrap")
    # In the copy: it writes to the catalogue below the folder it runs in.
    output(sys.executable, "manage.py", *collect, cwd=tmp_path)
    catalogue = tmp_path / CATALOGUE
    for kind in ("--untranslated", "--only-fuzzy", "--only-obsolete"):
        assert output("msgattrib", kind, catalogue) == "", kind
