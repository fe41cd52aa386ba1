"""The history of an item as pages: who changed what when, and one version beside its former."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from rest_framework import serializers

from content.publishing.states import STATES
from core.api.fields import LineField, WordsField
from editors.differences import Part, differences, replaced
from editors.forms import as_text
from editors.items import Item


class Version(NamedTuple):
    """A line of the history; `by` is blank where it is not known."""

    url: str
    at: datetime
    by: str
    fields: list[Any]
    state: str
    state_label: Any


class Change(NamedTuple):
    """One field of two versions: what was a picture and is one, else the pieces of text."""

    label: Any
    parts: list[Part]
    pictures: tuple[str, str] | None = None


def version(fields: Mapping[str, serializers.Field], revision: Item, url: str) -> Version:
    by, state = revision["by"], revision["status"]
    return Version(
        url=url,
        at=parse_datetime(revision["at"]),
        by=by["name"] if by else "",
        fields=[fields[name].label for name in revision["fields"] if name in fields],
        state=state,
        state_label=dict(STATES)[state],
    )


def changes(
    fields: Mapping[str, serializers.Field], before: Item | None, after: Item
) -> Iterator[Change]:
    """The fields that differ from the version before; of the first, what it held."""
    for name, field in fields.items():
        if field.read_only:
            continue
        old, new = (before or {}).get(name), after.get(name)
        if isinstance(field, serializers.FileField):
            if old != new:
                yield Change(field.label, [], (old or "", new or ""))
            continue
        was, now = _text(field, old), _text(field, new)
        if was != now:
            is_text = isinstance(field, LineField | WordsField)
            parts = differences(was, now) if is_text else replaced(was, now)
            yield Change(field.label, parts)


def _text(field: serializers.Field, value: Any) -> str:
    if isinstance(field, serializers.ChoiceField) and value:
        return str(field.choices.get(value) or dict(STATES).get(value, value))
    if isinstance(field, serializers.DateTimeField) and value:
        local = parse_datetime(value).astimezone(settings.SITE_TIME_ZONE)
        return f"{date_format(local, 'j M Y H:i')} {local.tzname()}"
    if isinstance(field, serializers.BooleanField):
        return _("Yes") if value else _("No")
    return as_text(value, "text")
