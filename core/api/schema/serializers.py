"""The bodies of requests and answers, as serializers declare them."""

from collections.abc import Iterable
from inspect import cleandoc
from typing import Any

from drf_spectacular.extensions import (
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework.serializers import BaseSerializer, FileField

from core.api.serializers import StrictInputMixin
from core.database.filters import MAX_IDS

Schema = dict[str, Any]

ID = "[0-9A-Fa-f]{24}"


def takes_file(serializer: BaseSerializer | type[BaseSerializer]) -> bool:
    return any(map(_is_upload, _instance(serializer).fields.values()))


def _instance(serializer: BaseSerializer | type[BaseSerializer]) -> BaseSerializer:
    return serializer() if isinstance(serializer, type) else serializer


def _is_upload(field: Any) -> bool:
    return isinstance(field, FileField) and not field.read_only


def mapped(
    extension: OpenApiSerializerExtension, schema: AutoSchema, direction: Direction
) -> Schema:
    """What the generator makes of a serializer by itself.

    The one inside of the generator that we use. `OpenApiSerializerExtension.map_serializer` does
    the same with the class that the extension names, which is not the one at hand where
    subclasses match too.
    """
    return schema._map_serializer(extension.target, direction, bypass_extensions=True)


# --- Bodies ------------------------------------------------------------------------------


class Body(OpenApiSerializerExtension):
    """Any serializer: what it refuses is left out, and all that it shows is there."""

    target_class = "rest_framework.serializers.Serializer"
    match_subclasses = True

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str | None:
        """A PUT leaves a file as it is where none comes, so it is no POST."""
        name = auto_schema.get_serializer_name(self.target, direction)
        is_put = direction == "request" and auto_schema.method == "PUT"
        return f"Replaced{name}" if is_put and _required_uploads(self.target) else None

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        schema = mapped(self, auto_schema, direction)
        # What a serializer itself says, not what the classes say that it builds on.
        schema.pop("description", None)
        if said := type(self.target).__doc__:
            schema["description"] = cleandoc(said)
        if direction == "response":
            return as_answer(self.target, schema)
        if auto_schema.method == "PUT" and (uploads := _required_uploads(self.target)):
            schema["required"] = [name for name in schema["required"] if name not in uploads]
        return as_request(self.target, schema)


def _required_uploads(serializer: BaseSerializer) -> set[str]:
    return {n for n, f in serializer.fields.items() if _is_upload(f) and f.required}


def as_request(serializer: BaseSerializer, schema: Schema) -> Schema:
    if isinstance(serializer, StrictInputMixin):
        schema["additionalProperties"] = False
    for described in schema.get("properties", {}).values():
        # A client that is generated from the document would send it, and so reset what it
        # means to leave alone.
        if serializer.partial:
            described.pop("default", None)
        if takes_file(serializer):
            _as_form_field(described)
    return schema


def _as_form_field(described: Schema) -> None:
    """A form knows no null; there, what is sent empty clears, and is nothing in a list."""
    described.get("items", {}).pop("minLength", None)
    if "null" not in (kinds := described.get("type", ())):
        return
    described["type"] = next(kind for kind in kinds if kind != "null")
    if "enum" in described:
        described["enum"] = [word for word in described["enum"] if word is not None]
    if described.get("format") != "binary":
        described.pop("minLength", None)
        described["description"] = "Send it empty to clear it."


def as_answer(serializer: BaseSerializer, schema: Schema) -> Schema:
    """All of it is there, and limits are for what comes in: earlier documents are shown as they
    are."""
    for name, described in schema["properties"].items():
        for key in ("readOnly", "default", "minLength", "maxLength"):
            described.pop(key, None)
        if described.get("format") in ("uri", "email"):
            del described["format"]
        if isinstance(serializer.fields[name], FileField):
            described["format"] = "uri-reference"  # a path, where the store is a folder
        if name in getattr(serializer, "null_in_earlier", ()):
            _allow_null(described)
    # A list leaves out what takes much room, unless it is asked for.
    listed = getattr(serializer, "listed", lambda: schema["properties"])()
    schema["required"] = [name for name in schema["properties"] if name in listed]
    return schema


def _allow_null(described: Schema) -> None:
    described["type"] = [described["type"], "null"]
    if "enum" in described:
        described["enum"] = [*described["enum"], None]


# --- Parameters --------------------------------------------------------------------------


class SeveralChoices(OpenApiSerializerFieldExtension):
    """A string, and no array: clients are generated that repeat the parameter instead."""

    target_class = "core.api.parameters.SomeOf"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        return _comma_separated(self.target.choices)


class SeveralNames(OpenApiSerializerFieldExtension):
    target_class = "core.api.parameters.Names"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        return _comma_separated(self.target.allowed)


class SeveralIds(OpenApiSerializerFieldExtension):
    target_class = "core.api.parameters.IdList"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        pattern = f"^{ID}(,{ID}){{0,{MAX_IDS - 1}}}$"
        return {"type": "string", "pattern": pattern}


class OneId(OpenApiSerializerFieldExtension):
    target_class = "core.api.parameters.OneId"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        return {"type": "string", "pattern": f"^{ID}$"}


class OneWord(OpenApiSerializerFieldExtension):
    target_class = "core.api.parameters.OneWord"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        return {"type": "string", "pattern": f"^{self.target.pattern}$"}


class OneSlug(OpenApiSerializerFieldExtension):
    target_class = "core.api.parameters.Slug"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        return {"type": "string", "pattern": f"^[a-z0-9-]{{1,{self.target.max_length}}}$"}


def _comma_separated(words: Iterable[str]) -> Schema:
    one = "|".join(words)
    description = f"One or several of {', '.join(words)}, comma-separated."
    return {"type": "string", "pattern": f"^({one})(,({one}))*$", "description": description}
