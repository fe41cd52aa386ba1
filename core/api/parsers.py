"""Reading bodies strictly: JSON (RFC 8259) in UTF-8 without NaN and lone surrogates, of bounded
nesting; multipart forms (RFC 7578) to their end."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, DataAndFiles
from rest_framework.parsers import MultiPartParser as BaseMultiPartParser

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


class MultiPartParser(BaseMultiPartParser):
    """Django takes a form that breaks off, or is none, for as much of it as there is."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles:
        recorder = TailRecorder(stream)
        try:
            parsed = super().parse(recorder, media_type, parser_context)
        except ParseError as error:
            raise ParseError(_("The form cannot be read.")) from error
        boundary = parse_header_parameters(media_type)[1]["boundary"].encode()
        if not recorder.tail.rstrip().endswith(b"--" + boundary + b"--"):
            raise ParseError(_("The form breaks off."))
        return parsed


class TailRecorder:
    """A stream that remembers the last bytes which were read from it."""

    SIZE = 256  # a boundary has at most 70 (RFC 2046, 5.1.1), and Django takes some 200

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.tail = b""

    def read(self, size: int = -1) -> bytes:
        content = self.stream.read(size)
        self.tail = (self.tail + content[-self.SIZE :])[-self.SIZE :]
        return content


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
