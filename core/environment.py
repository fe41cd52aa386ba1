"""Typed readers of environment variables.

A value that cannot be read stops the start with one line that names the variable and
what it takes; a silent fallback would run a production server on a typo.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple, NoReturn, TypeVar

T = TypeVar("T")
# What the readers below were asked for.
known: set[str] = set()
SHORTEST_TYPO = 6  # letters: what is shorter looks like too much
LIKENESS = 0.87  # of 1: one letter of eight is another
PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class Rate(NamedTuple):
    """At most `limit` requests in `period` seconds."""

    limit: int
    period: int


def fail(name: str, takes: str) -> NoReturn:
    """Stop the process with exit code 1 and one line on standard error, in the log's format."""
    line = f"{name}: it takes {takes}."
    is_json = os.environ.get("LOG_FORMAT", "").strip() == "json"
    sys.exit(json.dumps({"levelname": "CRITICAL", "message": line}) if is_json else line)


def text(name: str, default: str = "", *, pattern: str = r"(?s:.*)", takes: str = "") -> str:
    """The value without outer white space, if it matches `pattern` whole; an empty variable counts
    as unset."""
    known.add(name)
    value = os.environ.get(name, "").strip() or default
    if not re.fullmatch(pattern, value):
        fail(name, takes)
    return value


def flag(name: str, default: bool) -> bool:
    values = {"true": True, "1": True, "yes": True, "on": True}
    values |= {"false": False, "0": False, "no": False, "off": False}
    value = text(name, str(default)).lower()
    if value not in values:
        fail(name, "true or false")
    return values[value]


def integer(name: str, default: int, *, minimum: int = 0, maximum: int = 2**31 - 1) -> int:
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,10}", value) or not minimum <= int(value) <= maximum:
        fail(name, f"a whole number from {minimum} to {maximum}")
    return int(value)


def choice(name: str, default: str, choices: Iterable[str]) -> str:
    value = text(name, default)
    if value not in choices:
        fail(name, "one of " + ", ".join(choices))
    return value


def listing(name: str, default: str = "", *, pattern: str, takes: str) -> list[str]:
    """A JSON list or comma-separated words, each matching `pattern` whole."""
    value = text(name, default)
    try:
        # An IPv6 host begins with a bracket too.
        is_json = value == "[]" or value.startswith('["')
        items = json.loads(value) if is_json else value.split(",")
        items = [item.strip() for item in items if item.strip()]
    except (ValueError, AttributeError):
        items = [""]
    if not all(re.fullmatch(pattern, item) for item in items):
        fail(name, takes)
    return items


def rate(name: str, default: str) -> Rate | None:
    """`20/minute` as a Rate; a variable set to nothing switches the limit off."""
    known.add(name)
    value = os.environ.get(name, default).strip()
    if not value:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute|hour|day)", value)
    if not match:
        fail(name, "NUMBER/second, /minute, /hour or /day, or nothing")
    return Rate(int(match[1]), PERIODS[match[2]])


def parsed(name: str, default: str, parser: Callable[[str], T], takes: str) -> T:
    """The value as `parser` reads it."""
    try:
        return parser(text(name, default))
    except Exception:
        fail(name, takes)


def path(name: str, default: Path) -> Path:
    """A folder, which may be missing."""
    found = Path(text(name, str(default))).expanduser().resolve()
    if found.exists() and not found.is_dir():
        fail(name, "a folder")
    return found


def misspelt() -> dict[str, str]:
    """Variables that nothing reads and that look like one that is read: given name by meant."""
    plain = {meant.replace("_", ""): meant for meant in known}
    found = {}
    for name in os.environ.keys() - known:
        close = _closest(name.upper().replace("_", ""), plain)
        if close and len(name) > SHORTEST_TYPO:
            found[plain[close]] = name
    return found


def _closest(name: str, names: Iterable[str]) -> str | None:
    """The one of the same letters in another order, or of nearly the same letters."""
    exchanged = (each for each in names if sorted(each) == sorted(name))
    return next(exchanged, None) or next(iter(get_close_matches(name, names, 1, LIKENESS)), None)
