"""What generators make of the OpenAPI document compiles and works; linters find no error."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

from content.pictures.tests import corpus
from content.tests.site import served

pytestmark = [pytest.mark.clients, pytest.mark.own_database, pytest.mark.timeout(600)]

HERE = Path(__file__).parent
TOOLS = settings.BASE_DIR / ".clients"
PYTHON = TOOLS / "venv/bin"
DOCUMENT = "openapi.json"
ORVAL = """module.exports = {
  lsa: {
    input: "openapi.json",
    output: { target: "orval/api.ts", client: "fetch", baseUrl: process.env.SERVICE_URL },
  },
};"""
SPECTRAL = 'extends: ["spectral:oas"]\n'
TYPESCRIPT = {
    "openapi_fetch": ("openapi-typescript", DOCUMENT, "-o", "openapi_fetch/schema.d.ts"),
    "hey_api": ("openapi-ts", "-i", DOCUMENT, "-o", "hey_api"),
    "orval": ("orval",),
}
PYTHON_CLIENTS = {
    "openapi_python_client": (
        "openapi-python-client generate --meta none --path openapi.json --output-path generated"
    ),
    "datamodel_code_generator": (
        "datamodel-codegen --input openapi.json --input-file-type openapi --formatters builtin "
        "--output-model-type pydantic_v2.BaseModel --output generated_models.py"
    ),
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("service"), RATE_LIMIT_AUTH="") as address:
        yield address


@pytest.fixture
def folder(url: str, tmp_path: Path) -> Path:
    """A folder with the document, a picture, our programs and the installed tools."""
    (tmp_path / DOCUMENT).write_bytes(requests.get(f"{url}/openapi.json", timeout=60).content)
    (tmp_path / "foto.png").write_bytes(corpus.png(8, 8))
    (tmp_path / "orval.config.js").write_text(ORVAL)
    (tmp_path / ".spectral.yaml").write_text(SPECTRAL)
    (tmp_path / "node_modules").symlink_to(TOOLS / "node_modules")
    return tmp_path


def run(folder: Path, url: str, program: Path | str, *arguments: str) -> str:
    """What a program says; its failure is the test's."""
    environment = os.environ | {
        "SERVICE_URL": url,
        "PICTURE": "foto.png",
        "PATH": f"{PYTHON}:{os.environ['PATH']}",
        # Neither usage reports nor a look for newer versions.
        "REDOCLY_TELEMETRY": "off",
        "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
        "DO_NOT_TRACK": "1",
    }
    command = [program, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tool(name: str) -> Path:
    return TOOLS / "node_modules/.bin" / name


@pytest.mark.parametrize("client", TYPESCRIPT)
def test_a_client_in_typescript_compiles_and_works(folder, url, client):
    command, *arguments = TYPESCRIPT[client]
    run(folder, url, tool(command), *arguments)
    for name in ("flow.ts", f"{client}.ts", "tsconfig.json"):
        shutil.copy(HERE / name, folder)
    run(folder, url, tool("tsc"))
    assert run(folder, url, "node", f"compiled/{client}.js") == "It works.\n"


@pytest.mark.parametrize("client", PYTHON_CLIENTS)
def test_a_client_in_python_works(folder, url, client):
    command, *arguments = PYTHON_CLIENTS[client].split()
    run(folder, url, PYTHON / command, *arguments)
    run(folder, url, PYTHON / "python", "-m", "compileall", "-q", ".")
    # Beside what was generated, under a name that hides no package.
    shutil.copy(HERE / f"{client}.py", folder / "program.py")
    run(folder, url, PYTHON / "python", "program.py")


def test_clients_of_oauth_2_log_in_refresh_and_raise(folder, url):
    run(folder, url, PYTHON / "python", str(HERE / "oauth_clients.py"))


@pytest.mark.parametrize("linter", ["redocly", "spectral"])
def test_a_linter_finds_no_error(folder, url, linter):
    run(folder, url, tool(linter), "lint", DOCUMENT)


def test_what_is_generated_is_named_as_a_person_would(folder, url):
    run(folder, url, tool("openapi-ts"), "-i", DOCUMENT, "-o", "hey_api")
    functions = (folder / "hey_api/sdk.gen.ts").read_text()
    for name in ("login", "updateMe", "listBlogs", "deletePhoto"):
        assert f"export const {name} = " in functions
