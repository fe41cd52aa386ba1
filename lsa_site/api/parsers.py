"""Reading JSON strictly: RFC 8259, UTF-8, no NaN, no lone surrogates, bounded nesting."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


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
        return data
