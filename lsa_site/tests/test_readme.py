"""What the README says can be tried is tried, as it stands."""

import re
import subprocess

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from content.tests.site import served


def try_it() -> str:
    readme = (settings.BASE_DIR / "README.md").read_text()
    return re.search(r"<!-- try-it.*?```sh\n(.*?)```", readme, re.DOTALL)[1]


@pytest.mark.wire
@pytest.mark.own_database
def test_the_curl_script_works_on_a_fresh_start(tmp_path):
    with served(tmp_path, "--seed") as url:
        run = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", try_it()],
            env={"API": f"{url}/api/v1", "PATH": "/usr/local/bin:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
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


ROOMS = {"core", "accounts", "content", "editors", "lsa_site"}
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
