"""`SITE_PATHS`: where the front end shows the items of each resource."""

import json
import re
from typing import Final

DEFAULTS: Final = {
    "programs": "/programs/{slug}",
    "blogs": "/blogs/{slug}",
    "gallery": "/gallery/{slug}",
    "partners": "/partners/{slug}",
}
TAKES: Final = (
    "a JSON object of paths with {slug} in them, such as "
    f'{{"blogs": "/artikel/{{slug}}"}}, for {", ".join(DEFAULTS)}'
)
# Segments of RFC 3986, 3.3, and the place of the slug. Without a query, for previews add theirs.
_PATH = re.compile(r"(/([A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2}|\{slug\})+)+/?")


def read(value: str) -> dict[str, str]:
    """The path of each resource, where one is not given the usual one. Raises ValueError."""
    given = json.loads(value)
    if not isinstance(given, dict) or not given.keys() <= DEFAULTS.keys():
        raise ValueError("it is about something else")
    if not all(isinstance(path, str) and is_path(path) for path in given.values()):
        raise ValueError("it is no path to an item")
    return DEFAULTS | given


def is_path(text: str) -> bool:
    return "{slug}" in text and _PATH.fullmatch(text) is not None
