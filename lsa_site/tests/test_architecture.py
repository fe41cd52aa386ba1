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


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """What each module imports."""
    return {module: {*imported(path)} for module, path in modules()}


def to_the_right(imports: dict[str, set[str]], rooms: tuple[str, ...]) -> list[tuple[str, str]]:
    """What modules of some of the rooms import from later ones."""
    inside = ((module, place_of(module, rooms)) for module in imports)
    return [
        (module, name)
        for module, here in inside
        if here >= 0
        for name in imports[module]
        if place_of(name, rooms) > here
    ]


def test_a_module_imports_only_from_rooms_to_its_left(imports):
    assert to_the_right(imports, ROOMS) == []


@pytest.mark.parametrize("room", ROOMS_WITHIN)
def test_inside_a_room_it_imports_in_one_direction_too(imports, room):
    assert to_the_right(imports, ROOMS_WITHIN[room]) == []


def test_no_module_imports_itself_by_way_of_others(imports):
    edges = {module: names & imports.keys() for module, names in imports.items()}
    while leaves := {module for module, targets in edges.items() if not targets & edges.keys()}:
        edges = {module: targets for module, targets in edges.items() if module not in leaves}
    assert edges == {}


def test_the_embedded_database_is_never_imported(imports):
    guilty = [module for module, names in imports.items() if any("secantus" in n for n in names)]
    assert guilty == []
