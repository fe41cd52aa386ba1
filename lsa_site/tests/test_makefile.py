"""What `make` says and does before there is an environment."""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.own_database


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A Python that is too old for everything."""
    path = tmp_path / "python3.10"
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make` as from a shell: what an outer one, which runs the tests, hands on is left out."""
    command = ["make", "-f", settings.BASE_DIR / "Makefile", "-C", folder, *arguments]
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    environ = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environ)


def test_an_unsuitable_python_is_one_line_and_leaves_nothing(tmp_path, python):
    made = make(tmp_path, f"PYTHON={python}", ".venv/bin/python")
    assert made.returncode != 0
    [line] = [line for line in made.stderr.splitlines() if not line.startswith("make: ")]
    assert line.startswith("Python 3.11, 3.12 or 3.13 is needed")
    assert not (tmp_path / ".venv").exists()


def test_a_port_reaches_the_server(tmp_path):
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for name in ("requirements.txt", "requirements-production.txt", ".venv/bin/python"):
        (tmp_path / name).touch()
    (tmp_path / ".venv/run").touch()
    python = tmp_path / ".venv/bin/python"
    python.write_text('#!/bin/sh\necho "$PORT $*"\n')
    python.chmod(0o755)
    made = make(tmp_path, "-o", ".venv/run", "run", "PORT=8001")
    assert "8001 manage.py serve --seed" in made.stdout.splitlines()
