"""The layout shows the architecture: imports between the rooms run leftwards only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# Each may import from those before it. The site joins them at its very end, in its URLs and
# its front page; all else of it knows none of the apps.
ROOMS = ("lsa_site", "accounts", "content", "site")
JOINTS = ("lsa_site.urls", "lsa_site.root")


def modules() -> Iterator[tuple[str, Path]]:
    for root in ("lsa_site", "accounts", "content"):
        for path in sorted((settings.BASE_DIR / root).rglob("*.py")):
            if "tests" not in path.parts:
                yield ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts), path


def room_of(module: str) -> int | None:
    name = "site" if module.startswith(JOINTS) else module.partition(".")[0]
    return ROOMS.index(name) if name in ROOMS else None


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    ("module", "path"), [pair for pair in modules() if room_of(pair[0]) is not None]
)
def test_it_imports_only_from_rooms_to_its_left(module, path):
    here = room_of(module)
    to_the_right = {name for name in imported(path) if (room_of(name) or 0) > here}
    assert to_the_right == set()


def test_the_embedded_database_is_never_imported():
    guilty = [name for name, path in modules() for each in imported(path) if "secantus" in each]
    assert guilty == []
