"""Serializer fields that read input strictly and write the API's forms.

Some restate messages of DRF's own: its Indonesian catalogue lacks them.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from django.core.validators import URLValidator, validate_email
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import addresses, links, text
from core.database.filters import caseless
from core.times import isoformat


class LineField(serializers.CharField):
    """A string that shows something and has no control characters. A JSON number or boolean is
    not a string."""

    default_error_messages = {
        "invalid": _("Not a valid string."),
        "control": _("Control characters are not allowed: {code}."),
        "invisible": _("Enter something that can be seen."),
        # The library's own words, translated here as the other messages are.
        "min_length": _("Ensure this field has at least {min_length} characters."),
        "max_length": _("Ensure this field has no more than {max_length} characters."),
    }
    allowed_controls = ""
    must_show = True

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        value = self.tidy(super().to_internal_value(data))
        if refused := self.refused(value):
            # By its number: whoever pasted it cannot see it.
            self.fail("control", code=f"U+{ord(refused[0]):04X}")
        if self.must_show and value and not text.is_visible(value):
            self.fail("invisible")
        return value

    def tidy(self, value: str) -> str:
        return value

    def refused(self, value: str) -> list[str]:
        """The characters that must not be in it."""
        return [c for c in text.controls(value) if c not in self.allowed_controls]


class MultilineField(LineField):
    """A string of several lines, their ends as `\\n`: browsers send `\\r\\n`, word processors
    U+2028."""

    allowed_controls = "\n\t"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"base_template": "textarea.html", "rows": 8})
        super().__init__(**kwargs)

    def tidy(self, value: str) -> str:
        return text.with_newlines(value)


class SearchField(LineField):
    """What is looked for; what is invisible in it is passed over: copying brings it along."""

    must_show = False

    def refused(self, value: str) -> list[str]:
        return super().refused(text.without_invisible(value))


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


class EmailAddressField(LineField):
    """An e-mail address, its domain in ASCII whichever form was typed."""

    default_error_messages = {"address": _("Enter a valid email address.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(validate_email)

    def to_internal_value(self, data: Any) -> str:
        try:
            return addresses.canonical(super().to_internal_value(data))
        except ValueError:
            self.fail("address")


class HttpUrlField(LineField):
    """An absolute http or https address."""

    default_error_messages = {"url": _("Enter a full http:// or https:// address.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        message = self.error_messages["url"]
        self.validators.append(URLValidator(["http", "https"], message=message))

    def to_internal_value(self, data: Any) -> str:
        address = super().to_internal_value(data)
        if not links.is_plain(address):
            self.fail("url")
        return address

    def to_representation(self, value: str) -> str:
        """Raises ValueError about a stored address that is none to follow."""
        if not links.is_harmless(value):
            raise ValueError("its scheme is neither http nor https")
        return super().to_representation(value)


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


class WordsField(serializers.ListField):
    """Some short texts, distinct without regard to case: of one that comes twice the first spelling
    stays. In forms comma-separated or repeated. `allowed` are all that there are, if known."""

    allowed: tuple[str, ...] = ()
    default_error_messages = {
        "comma": _("A comma separates; none can be part of one."),
        "too_many": _("At most {maximum}."),
    }

    def __init__(self, *, maximum: int, max_length: int, **kwargs: Any) -> None:
        self.maximum = maximum
        kwargs.setdefault("child", LineField(min_length=1, max_length=max_length))
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        try:
            words = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(_flat(error.detail)) from error
        if any("," in word for word in words):
            self.fail("comma")
        distinct = {caseless(word): word for word in reversed(words)}
        if len(distinct) > self.maximum:
            self.fail("too_many", maximum=self.maximum)
        return [word for word in dict.fromkeys(words) if distinct[caseless(word)] == word]


def _flat(detail: Any) -> list[Any]:
    """The messages about the parts of a list, each once."""
    if not isinstance(detail, dict):
        return detail
    return list(dict.fromkeys(message for messages in detail.values() for message in messages))


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
