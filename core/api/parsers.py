"""Reading bodies strictly, so that nothing is guessed and nothing is lost in silence.

JSON (RFC 8259) in UTF-8 without NaN, lone surrogates and names that stand twice, of bounded size
and nesting; multipart forms (RFC 7578) in UTF-8, to their end, of which every part has a name.
Urlencoded forms are checked before any view, see `core.api.encoding`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from io import BytesIO
from typing import IO, Any

import orjson
from django.conf import settings
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, DataAndFiles
from rest_framework.parsers import MultiPartParser as BaseMultiPartParser

from core.errors import Invalid

# No field of ours takes more; what writes out a refused value goes as deep as the value.
MAX_DEPTH = 32
# Commas and opening brackets, each a value and some 60 bytes of memory; the longest article may
# be all commas.
MAX_VALUES = 120_000
# Bytes of the header of one part; browsers write some 200.
MAX_PART_HEADER = 4096


class OrjsonParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        content = stream.read()
        if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES:
            raise ParseError(_("The JSON has too many values."))
        try:
            data = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("The JSON cannot be read: %s") % error) from error
        # As in forms: each unknown name costs an error message.
        if isinstance(data, dict) and len(data) > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            raise ParseError(_("The JSON has too many fields."))
        if is_deeper(data, MAX_DEPTH):
            raise ParseError(_("The JSON is nested too deeply."))
        refuse_repeated_names(content)
        return data


def refuse_repeated_names(content: bytes) -> None:
    """Raises `Invalid` where an object of the JSON names a key twice: orjson takes the last."""

    def unique(pairs: list[tuple[str, Any]]) -> None:
        times = Counter(name for name, _value in pairs)
        if len(times) < len(pairs):
            repeated = [name for name, count in times.items() if count > 1]
            raise Invalid(errors={name: [str(_("Give this field once."))] for name in repeated})

    # Numbers are of no interest, and long ones take long.
    json.loads(content, object_pairs_hook=unique, parse_int=len, parse_float=len)


class MultiPartParser(BaseMultiPartParser):
    """Django takes a form that breaks off, or is none, for as much of it as there is, passes
    over a part without a name, and replaces what is not UTF-8."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles:
        boundary = parse_header_parameters(media_type)[1].get("boundary", "").encode()
        content = up_to_closing(stream.read(), boundary)
        try:
            # In Latin-1 every byte is a letter, so that none is lost before they are looked at.
            latin = {**(parser_context or {}), "encoding": "latin-1"}
            parsed = super().parse(BytesIO(content), media_type, latin)
        except ParseError as error:
            raise ParseError(_("The form cannot be read.")) from error
        try:
            # Django passes over what has a header that it cannot read.
            for header in part_headers(content, boundary):
                check_names(header.decode())
            return DataAndFiles(as_utf8(parsed.data), as_utf8(parsed.files))
        except UnicodeDecodeError as error:
            raise ParseError(_("The form is not in UTF-8.")) from error


def up_to_closing(content: bytes, boundary: bytes) -> bytes:
    """The form without what follows its closing boundary (RFC 2046, 5.1.1). Raises ParseError."""
    closing = re.search(rb"(?:\A|\n)--" + re.escape(boundary) + rb"--", content)
    if not boundary or not closing:
        raise ParseError(_("The form breaks off."))
    return content if closing.end() == len(content) else content[: closing.end()]


def part_headers(content: bytes, boundary: bytes) -> Iterator[bytes]:
    """The header of each part."""
    for opening in re.finditer(rb"(?:\A|\n)--" + re.escape(boundary) + rb"[ \t]*\r?\n", content):
        start = opening.end()
        yield content[start : start + MAX_PART_HEADER].partition(b"\r\n\r\n")[0]


def check_names(header: str) -> None:
    """Raises ParseError where Django would pass over a part: without a name, or with a file that
    is named like a folder. A file input that was left empty has an empty name."""
    names = disposition(header)
    if not names.get("name"):
        raise ParseError(_("A part of the form has no name."))
    path = unescape(names.get("filename", "")).replace("\\", "/")
    last = "".join(filter(str.isprintable, path.rpartition("/")[2]))
    if path and last in ("", ".", ".."):
        raise ParseError(_("The file has no name."))


def disposition(header: str) -> dict[str, str]:
    """The parameters of `Content-Disposition`."""
    for line in header.splitlines():
        field, _colon, value = line.partition(":")
        if field.strip().lower() == "content-disposition":
            try:
                return parse_header_parameters(value)[1]
            except ValueError:
                return {}
    return {}


def as_utf8(values: MultiValueDict) -> MultiValueDict:
    """The same with the names and texts decoded anew. Raises UnicodeDecodeError."""
    decoded = QueryDict(mutable=True) if isinstance(values, QueryDict) else MultiValueDict()
    for name, items in values.lists():
        decoded.setlist(
            name.encode("latin-1").decode(),
            [i.encode("latin-1").decode() if isinstance(i, str) else i for i in items],
        )
    return decoded


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
