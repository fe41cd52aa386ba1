"""The layout shows the architecture: imports run in one direction, between rooms and in them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# Each room may import from those before it.
ROOMS = ("core", "accounts", "content", "webhooks", "editors", "lsa_site")
# The same inside a room; what stands in none of these may import all of them.
ROOMS_WITHIN = {
    "core": ("core.database", "core.front", "core.api"),
    "accounts": ("accounts.credentials", "accounts.api"),
    "content": ("content.pictures.cleaning", "content.pictures", "content.publishing"),
    "webhooks": ("webhooks.delivery",),
}


def modules() -> Iterator[tuple[str, Path]]:
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if "tests" not in path.parts:
                yield ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts), path


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place_of(module: str, rooms: tuple[str, ...]) -> int | None:
    """The place of the room that a module stands in, -1 outside of all."""
    return next((i for i, room in enumerate(rooms) if f"{module}.".startswith(f"{room}.")), -1)


@pytest.mark.parametrize(("module", "path"), [*modules()], ids=str)
def test_it_imports_only_from_rooms_to_its_left(module, path):
    here = place_of(module, ROOMS)
    to_the_right = {name for name in imported(path) if place_of(name, ROOMS) > here}
    assert to_the_right == set()


@pytest.mark.parametrize(("module", "path"), [*modules()], ids=str)
def test_inside_a_room_it_imports_in_one_direction_too(module, path):
    rooms = ROOMS_WITHIN.get(module.partition(".")[0], ())
    here = place_of(module, rooms)
    if here >= 0:
        assert {name for name in imported(path) if place_of(name, rooms) > here} == set()


def test_no_module_imports_itself_by_way_of_others():
    known = dict(modules())
    edges = {
        module: {name for name in imported(path) if name in known} for module, path in known.items()
    }
    while leaves := {module for module, targets in edges.items() if not targets & edges.keys()}:
        edges = {module: targets for module, targets in edges.items() if module not in leaves}
    assert edges == {}


def test_the_embedded_database_is_never_imported():
    guilty = [name for name, path in modules() for each in imported(path) if "secantus" in each]
    assert guilty == []
