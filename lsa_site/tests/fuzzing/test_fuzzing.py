"""Requests that schemathesis makes up from the OpenAPI document are answered as it says."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

from conftest import PASSWORD
from content.pictures.tests import corpus
from content.tests.site import served
from lsa_site.tests.processes import manage

pytestmark = [
    pytest.mark.deep,
    pytest.mark.wire,
    pytest.mark.own_database,
    pytest.mark.timeout(900),
]

HERE = Path(__file__).parent
PROGRAM = settings.BASE_DIR / ".schemathesis/bin/schemathesis"
ADMIN = "admin@lsa.example"
PEOPLE = ("", "contributor", "author", "editor", "admin")
PROJECT = {
    "DJANGO_SETTINGS_MODULE": "lsa_site.tests.settings",
    "MONGODB_TEST_DB": "lsa",
    # Where the webhooks of this test lead: to nobody, on this machine.
    "WEBHOOK_ALLOW_PRIVATE": "true",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The URL of a site with an account for each role."""
    project = PROJECT | {"KEPT_ROOT": str(tmp_path / "kept"), "ADMIN_PASSWORD": PASSWORD}
    made = manage(tmp_path, "create_admin", "--email", ADMIN, "--username", "admin", **project)
    assert made.returncode == 0, made.stderr
    with served(tmp_path, **project) as url:
        for role in PEOPLE[1:-1]:
            join(f"{url}/api/v1", role)
        yield url


def join(root: str, role: str) -> None:
    login = {"username": ADMIN, "password": PASSWORD}
    token = requests.post(f"{root}/auth/login", json=login, timeout=60).json()["access_token"]
    body = {"email": f"{role}@lsa.example", "username": role, "password": PASSWORD}
    user = requests.post(f"{root}/auth/register", json=body, timeout=60).json()["data"]
    credentials = {"Authorization": f"Bearer {token}"}
    requests.patch(
        f"{root}/users/{user['id']}", json={"role": role}, headers=credentials, timeout=60
    ).raise_for_status()


@pytest.mark.parametrize("person", PEOPLE, ids=lambda name: name or "anybody")
def test_every_operation_answers_as_the_document_says(site, person, tmp_path):
    assert PROGRAM.exists(), "make test-deep installs schemathesis"
    picture = tmp_path / "foto.png"
    picture.write_bytes(corpus.png(8, 8))
    environment = os.environ | {
        "SERVICE_URL": site,
        "PASSWORD": PASSWORD,
        "ADMIN": ADMIN,
        "PERSON": f"{person}@lsa.example" if person else "",
        "PICTURE": str(picture),
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
    }
    command = [PROGRAM, "--config-file", HERE / "schemathesis.toml", "run", f"{site}/openapi.json"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=850
    )
    assert done.returncode == 0, done.stdout + done.stderr
