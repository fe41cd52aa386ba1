"""Serializer fields that read input strictly and write the API's forms.

Some restate messages of DRF's own: its Indonesian catalogue lacks them.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from django.core.validators import URLValidator
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.times import isoformat


def has_controls(text: str, *, allowed: str = "") -> bool:
    """Whether `text` holds control characters (Unicode category Cc) other than `allowed`."""
    return any(unicodedata.category(c) == "Cc" and c not in allowed for c in text)


class LineField(serializers.CharField):
    """A string without control characters. A JSON number or boolean is not a string."""

    default_error_messages = {
        "invalid": _("Not a valid string."),
        "control": _("Control characters are not allowed."),
    }
    allowed_controls = ""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = self.tidy(super().to_internal_value(data))
        if has_controls(text, allowed=self.allowed_controls):
            self.fail("control")
        return text

    def tidy(self, text: str) -> str:
        return text


class MultilineField(LineField):
    """A string of several lines, their ends as `\\n`: browsers send `\\r\\n`."""

    allowed_controls = "\n\t"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"base_template": "textarea.html", "rows": 8})
        super().__init__(**kwargs)

    def tidy(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n")


class SecretField(serializers.CharField):
    """A password or token: a string, kept exactly as it was typed and never shown."""

    default_error_messages = {"invalid": _("Not a valid string.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"input_type": "password"})
        super().__init__(trim_whitespace=False, write_only=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class HttpUrlField(LineField):
    """An absolute http or https address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        message = _("Enter a full http:// or https:// address.")
        self.validators.append(URLValidator(["http", "https"], message=message))


class OneOf(serializers.ChoiceField):
    """A choice that, where it refuses, tells what may be chosen, and not what was."""

    def __init__(self, choices: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(choices, **kwargs)
        allowed = ", ".join(self.choices)
        self.error_messages["invalid_choice"] = format_lazy(_("Choose one of: {}."), allowed)


class StrictBooleanField(serializers.BooleanField):
    """true or false: JSON booleans, in forms their usual spellings."""

    default_error_messages = {"invalid": _("Must be a valid boolean.")}

    def to_internal_value(self, data: Any) -> bool | None:
        if not isinstance(data, bool | str):
            self.fail("invalid", input=data)
        return super().to_internal_value(data)


LONGEST_MOMENT = 40  # characters
# Python reads further forms (weeks), and stops at a NUL as if the rest were not there.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.,]+ ?(Z|[+-][\d:]+)?)?", re.ASCII | re.IGNORECASE)


def read_moment(text: str) -> datetime:
    """ISO 8601 date or date-time; naive is UTC, a date its midnight. Raises ValueError."""
    is_moment = len(text) <= LONGEST_MOMENT and _MOMENT.fullmatch(text)
    moment = parse_datetime(text) if is_moment else None
    if moment is None:
        raise ValueError(text)
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class MomentField(serializers.DateTimeField):
    """A UTC time with milliseconds."""

    default_error_messages = {
        "invalid": _("Enter a date or a date and time, such as 2026-01-31T09:00:00Z."),
    }

    def to_internal_value(self, data: Any) -> datetime:
        try:
            return read_moment(data.strip())
        except (AttributeError, ValueError, OverflowError):
            self.fail("invalid")

    def to_representation(self, value: datetime) -> str:
        return isoformat(value)


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{24}$"})
class IdField(serializers.Field):
    """The document's id as 24 hexadecimal digits; never written by a client."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"read_only": True})

    def to_representation(self, value: ObjectId) -> str:
        return str(value)
