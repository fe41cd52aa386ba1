"""The forms of the pages for people, derived from serializers and listings."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from rest_framework import serializers

from content.serializers import StatusField
from core.api.fields import HttpUrlField, MultilineField, SecretField, WordsField, read_moment
from core.api.list_queries import query_serializer
from core.database.filters import State
from core.database.listing import Listing
from core.times import isoformat

Errors = Mapping[str, list[str]]


class Option(NamedTuple):
    value: str
    label: Any
    is_chosen: bool


class Box(NamedTuple):
    """One input of a form; `kind` says which, `max_size` counts a file's bytes, and `default` is
    what a filter has where nothing was chosen."""

    name: str
    label: Any
    kind: str
    value: str = ""
    default: str = ""
    errors: list[str] = []
    choices: list[Option] = []
    is_required: bool = False
    is_removable: bool = False
    max_size: int = 0
    hint: Any = ""
    autocomplete: str = "off"
    is_markdown: bool = False


class Form(NamedTuple):
    """A form that sends `method` to `action`; `errors` are those of no box of its own."""

    method: str
    action: str
    title: str
    button: str
    boxes: list[Box]
    errors: list[str]
    etag: str = ""
    is_open: bool = False
    # Whether what was written and not saved is kept: not of an account.
    keeps: bool = False
    hint: Any = ""

    @property
    def takes_files(self) -> bool:
        return any(box.kind == "file" for box in self.boxes)


def errors_elsewhere(errors: Errors, boxes: Iterable[Box]) -> list[str]:
    """The complaints about what has no box, each with its name."""
    named = {box.name for box in boxes}
    return [
        text if name == "non_field_errors" else f"{name.capitalize()}: {text}"
        for name, messages in errors.items()
        if name not in named
        for text in messages
    ]


# --- To write --------------------------------------------------------------------------


def input_boxes(
    serializer: serializers.Serializer, values: Mapping[str, Any] | None, errors: Errors
) -> list[Box]:
    """The inputs of a serializer, filled from `values` or, without any, with its defaults."""
    return [
        _input(field, values, errors.get(name, []))
        for name, field in serializer.fields.items()
        if not field.read_only and field.style.get("input_type") != "hidden"
    ]


def _input(field: serializers.Field, values: Mapping[str, Any] | None, errors: list[str]) -> Box:
    kind, name = input_kind(field), field.field_name
    value = _default(field) if values is None else values.get(name)
    text = "" if kind == "password" else as_text(value, kind)
    return Box(
        name=name,
        label=field.label,
        kind=kind,
        value=text,
        errors=errors,
        choices=_input_choices(field, text),
        is_required=field.required,
        is_removable=kind == "file" and field.allow_null and bool(value),
        max_size=settings.MAX_FILE_SIZE if kind == "file" else 0,
        hint=_hint(field, kind),
        autocomplete=_autocomplete(name, kind),
        is_markdown=kind == "textarea" and name == getattr(_document(field), "TEXT", None),
    )


def _document(field: serializers.Field) -> Any:
    return getattr(getattr(field.parent, "Meta", None), "model", None)


def input_kind(field: serializers.Field) -> str:
    match field:
        case WordsField():
            return "ticks" if field.allowed else "words"
        case StatusField():
            return "radio"
        case serializers.FileField():
            return "file"
        case serializers.ChoiceField() | serializers.BooleanField():
            return "select"
        case serializers.DateTimeField():
            return "moment"
        case MultilineField():
            return "textarea"
        case SecretField():
            return "password"
        case HttpUrlField():
            return "url"
        case _:
            return "email" if field.field_name == "email" else "text"


def _default(field: serializers.Field) -> Any:
    if isinstance(field, StatusField):
        return "published"
    if field.default is serializers.empty and isinstance(field, serializers.IntegerField):
        # Zero, which the library does not hand on.
        stored = getattr(_document(field), field.field_name, None)
        return getattr(stored, "default", None)
    return None if callable(field.default) else field.default


def _input_choices(field: serializers.Field, chosen: str) -> list[Option]:
    if isinstance(field, serializers.BooleanField):
        is_optional = field.default is serializers.empty and not field.required
        return [*([Option("", _("All"), not chosen)] if is_optional else []), *yes_or_no(chosen)]
    if isinstance(field, WordsField):
        ticked = chosen.split(", ")
        return [Option(name, name, name in ticked) for name in field.allowed]
    if not isinstance(field, serializers.ChoiceField):
        return []
    values = field.choices
    # Nothing is chosen for the editor where there is no value.
    empty = [] if chosen in values else [Option("", _("Choose…"), True)]
    return [*empty, *(Option(v, text, v == chosen) for v, text in values.items())]


def _hint(field: serializers.Field, kind: str) -> Any:
    if kind == "ticks":  # what may be written is there to be chosen
        return ""
    return picture_hint() if kind == "file" else field.help_text or ""


def picture_hint() -> str:
    size = filesizeformat(settings.MAX_FILE_SIZE)
    return _("A photograph from a phone is made small enough here; %(size)s are sent at most.") % {
        "size": size
    }


def _autocomplete(name: str, kind: str) -> str:
    if kind == "password":
        return "new-password" if name == "new_password" else "current-password"
    return name if name in ("email", "username") else "off"


# --- To find ---------------------------------------------------------------------------


def filter_boxes(
    listing: Listing, serializer: type, params: QueryDict, errors: Errors
) -> list[Box]:
    """The search box, the filters and the order of a list, as they were asked for; its states are
    tabs beside them."""
    query = query_serializer(listing, serializer)
    defaults = {name: _default(field) for name, field in query.fields.items()}
    defaults["ordering"] = listing.default_ordering
    given = defaults | params.dict()
    boxes = {box.name: box for box in input_boxes(query, given, errors)}
    filters = (
        each.name for each in listing.filters if each.is_for_people and not isinstance(each, State)
    )
    # The hints are for programs.
    return [
        boxes[name]._replace(hint="", default=as_text(defaults[name], boxes[name].kind))
        for name in ("search", *filters, "ordering")
        if name in boxes
    ]


# --- Shared ----------------------------------------------------------------------------


def yes_or_no(chosen: str) -> list[Option]:
    words = (("true", _("Yes")), ("false", _("No")))
    return [Option(value, text, value == chosen) for value, text in words]


def as_text(value: Any, kind: str) -> str:
    """A value as its input wants it; a moment is in UTC and without what is zero."""
    if value is None or value is serializers.empty:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind == "moment" and value:
        try:
            text = isoformat(read_moment(str(value)))
        except (ValueError, OverflowError):
            return ""
        return text.removesuffix("Z").removesuffix(".000").removesuffix(":00")
    return str(value)
