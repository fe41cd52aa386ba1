"""What the README says can be tried is tried, as it stands."""

import re
import subprocess

import pytest
from django.conf import settings

from content.tests.site import served

pytestmark = [pytest.mark.wire, pytest.mark.own_database]


def try_it() -> str:
    readme = (settings.BASE_DIR / "README.md").read_text()
    return re.search(r"<!-- try-it.*?```sh\n(.*?)```", readme, re.DOTALL)[1]


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
