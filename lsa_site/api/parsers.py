"""Reading JSON strictly: RFC 8259, UTF-8, no NaN, no lone surrogates, bounded nesting."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

# No field of ours takes more; what writes out a refused value goes as deep as the value.
MAX_DEPTH = 32


class OrjsonParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            data = orjson.loads(stream.read(settings.MAX_BODY_SIZE))
        except orjson.JSONDecodeError as error:
            raise ParseError(_("The JSON cannot be read: %s") % error) from error
        # As in forms: each unknown name costs an error message.
        if isinstance(data, dict) and len(data) > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            raise ParseError(_("The JSON has too many fields."))
        if is_deeper(data, MAX_DEPTH):
            raise ParseError(_("The JSON is nested too deeply."))
        return data


def is_deeper(data: Any, depth: int) -> bool:
    """Whether lists and objects lie within one another more than `depth` times."""
    level = [data]
    for _step in range(depth + 1):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return True


def _children(data: Any) -> Iterable[Any]:
    if isinstance(data, dict):
        return data.values()
    return data if isinstance(data, list) else ()
