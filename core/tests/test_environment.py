"""The readers of environment variables: what they take, and the one line for what they do not."""

from collections.abc import Callable
from typing import Any

import pytest

from core import environment as env

HOSTS = {"pattern": r"[a-z.]+", "takes": "hosts"}


@pytest.fixture
def given(monkeypatch) -> Callable[[str | None], None]:
    def give(value: str | None) -> None:
        if value is None:
            monkeypatch.delenv("SETTING", raising=False)
        else:
            monkeypatch.setenv("SETTING", value)

    return give


def read_path(name: str) -> str:
    return env.path(name, env.Path("/srv/media")).as_posix()


READERS: dict[str, Callable[[str], Any]] = {
    "flag": lambda name: env.flag(name, True),
    "integer": lambda name: env.integer(name, 7, minimum=1, maximum=10),
    "choice": lambda name: env.choice(name, "text", ("text", "json")),
    "listing": lambda name: env.listing(name, "a,b", **HOSTS),
    "rate": lambda name: env.rate(name, "20/minute"),
    "parsed": lambda name: env.parsed(name, "5", float, "a number"),
    "path": read_path,
    "text": lambda name: env.text(name, "default"),
}
DEFAULTS = {
    "flag": True,
    "integer": 7,
    "choice": "text",
    "listing": ["a", "b"],
    "rate": (20, 60),
    "parsed": 5.0,
    "path": "/srv/media",
    "text": "default",
}


@pytest.mark.parametrize("kind", READERS)
def test_an_unset_variable_is_its_default(given, kind):
    given(None)
    assert READERS[kind]("SETTING") == DEFAULTS[kind]


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize("kind", READERS)
def test_an_empty_one_too_but_for_a_rate_which_it_switches_off(given, kind, blank):
    given(blank)
    assert READERS[kind]("SETTING") == (None if kind == "rate" else DEFAULTS[kind])


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("flag", "true", True),
        ("flag", "No", False),
        ("flag", "0", False),
        ("flag", " ON ", True),
        ("integer", "1", 1),
        ("integer", " 10 ", 10),
        ("choice", "json", "json"),
        ("listing", "a", ["a"]),
        ("listing", " a , b.c ,", ["a", "b.c"]),
        ("listing", '["a", "b"]', ["a", "b"]),
        ("listing", "[]", []),
        ("rate", "1/second", (1, 1)),
        ("rate", "5/hour", (5, 3600)),
        ("rate", "9/day", (9, 86400)),
        ("parsed", "2.5", 2.5),
        ("path", "/data", "/data"),
        ("text", " a b ", "a b"),
    ],
)
def test_what_it_takes(given, kind, value, read):
    given(value)
    assert READERS[kind]("SETTING") == read


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("flag", "maybe"),
        ("flag", "2"),
        ("flag", "true false"),
        ("integer", "0"),
        ("integer", "11"),
        ("integer", "-1"),
        ("integer", "1.5"),
        ("integer", "1e1"),
        ("integer", "١"),
        ("integer", "9" * 5000),
        ("choice", "xml"),
        ("choice", "JSON "),
        ("listing", "a b"),
        ("listing", "a,B"),
        ("listing", '["a", 1]'),
        ("listing", '["a"'),
        ("listing", '["a", null]'),
        ("rate", "20"),
        ("rate", "20/fortnight"),
        ("rate", "0/minute"),
        ("rate", "-1/minute"),
        ("rate", "1.5/minute"),
        ("rate", "20 / minute"),
        ("parsed", "many"),
    ],
)
def test_anything_else_stops_with_one_line_that_names_it(given, kind, value):
    given(value)
    with pytest.raises(SystemExit) as stopped:
        READERS[kind]("SETTING")
    line = stopped.value.code
    assert line.startswith("SETTING: ")
    assert len(line.splitlines()) == 1
