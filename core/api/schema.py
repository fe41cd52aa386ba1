"""The OpenAPI document: the envelope around every answer, list parameters, errors."""

from copy import deepcopy
from inspect import cleandoc
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import FileField

from core.api.envelope import success
from core.api.lists import query_serializer
from core.api.serializers import BaseDocumentSerializer
from core.database.listing import Listing

Schema = dict[str, Any]
Endpoint = tuple[str, str, str, Any]

ERROR = {
    "type": "object",
    "required": ["status", "message", "data", "meta"],
    "properties": {
        "status": {"type": "string", "enum": ["error"]},
        "message": {"type": "string"},
        "data": {"type": "null"},
        "meta": {
            "type": "object",
            "required": ["code", "errors", "request_id"],
            "properties": {
                "code": {"type": "string", "examples": ["validation_error"]},
                "errors": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                    "examples": [{"title": ["Kolom ini wajib diisi."]}],
                },
                "request_id": {"type": "string"},
            },
        },
    },
}
RETRY_AFTER = {"schema": {"type": "integer"}}
LOCATION = {"schema": {"type": "string", "format": "uri-reference"}}
PAGE_META = {
    "type": "object",
    "required": ["total", "skip", "limit", "count", "has_more", "next", "previous"],
    "properties": {
        "total": {"type": ["integer", "null"]},
        "skip": {"type": "integer"},
        "limit": {"type": "integer"},
        "count": {"type": "integer"},
        "has_more": {"type": "boolean"},
        "next": {"type": ["string", "null"]},
        "previous": {"type": ["string", "null"]},
    },
}
PAGE_EXAMPLE = {
    "total": 1,
    "skip": 0,
    "limit": 10,
    "count": 1,
    "has_more": False,
    "next": None,
    "previous": None,
}


def only_versioned_routes(endpoints: list[Endpoint]) -> list[Endpoint]:
    """The document shows `/api/v1` only; the unprefixed routes are the same ones."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


REFUSALS = {
    "400": "Not readable: malformed body or id, a file that is not allowed, a value already taken",
    "401": "No or bad credentials",
    "403": "Not yours to change",
    "404": "No such thing",
    "409": "It would leave no active admin",
    "412": "Changed since it was read (`If-Match`)",
    "415": "A body of another media type",
    "422": "A missing, unknown or invalid field or parameter, each named in `meta.errors`",
    "429": "Too many requests; `Retry-After` says when to come back",
    "503": "Database or storage is away; `Retry-After` says when to come back",
}


class EnvelopeSchema(AutoSchema):
    """Describes views as they answer.

    A view with a `listing` is a list at its collection's path, one with `is_conditional`
    understands entity tags, one with `further_refusals` names what its writes may answer
    besides, and a serializer with `flat = True` has no envelope.
    """

    @property
    def listing(self) -> Listing | None:
        is_list = self.method == "GET" and "{id}" not in self.path
        return getattr(self.view, "listing", None) if is_list else None

    @property
    def is_conditional(self) -> bool:
        return getattr(self.view, "is_conditional", False)

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.listing is not None

    def _get_paginator(self) -> None:
        return None

    def get_tags(self) -> list[str]:
        return list(getattr(self.view, "tags", ())) or super().get_tags()

    def get_description(self) -> str:
        """What a view itself says, not what the classes say that it builds on."""
        return cleandoc(type(self.view).__doc__ or "")

    def get_summary(self) -> str | None:
        summaries = getattr(self.view, "summaries", {})
        return summaries.get(getattr(self.view, "action", None)) or super().get_summary()

    def get_response_serializers(self) -> Any:
        """DELETE answers with an empty envelope."""
        return {200: None} if self.method == "DELETE" else super().get_response_serializers()

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Schema:
        """Limits are for what comes in; earlier documents are shown as they are."""
        schema = super()._map_basic_serializer(serializer, direction)
        serializer = force_instance(serializer)
        if direction == "response" and isinstance(serializer, BaseDocumentSerializer):
            for name, described in schema["properties"].items():
                described.pop("minLength", None)
                described.pop("maxLength", None)
                if isinstance(serializer.fields[name], FileField):
                    described["format"] = "uri-reference"  # a path, where the store is a folder
                if name in serializer.null_in_earlier:
                    _allow_null(described)
        return schema

    def get_override_parameters(self) -> list[OpenApiParameter]:
        parameters = []
        if self.listing:
            parameters.append(query_serializer(self.listing, self.view.serializer_class))
        if self.is_conditional and self.method == "GET":
            parameters.append(_header("If-None-Match", "An `ETag`; if it still holds: 304."))
        if self.is_conditional and self.method in ("PUT", "PATCH", "DELETE"):
            parameters.append(_header("If-Match", "An `ETag`; if it does not hold: 412."))
        return parameters

    def _get_response_bodies(self, direction: str = "response") -> Schema:
        bodies = super()._get_response_bodies(direction)
        if self.is_conditional and self.method == "GET":
            bodies["304"] = {"description": "What the client has is still right"}
        for code in self._refusals():
            bodies[code] = {"description": REFUSALS[code], "content": self._error()}
            if code in ("429", "503"):
                bodies[code]["headers"] = {"Retry-After": RETRY_AFTER}
        return dict(sorted(bodies.items()))

    def _refusals(self) -> list[str]:
        codes = ["400", "422", "429", "503"]
        security = self.get_auth()
        if security and {} not in security:
            codes += ["401", "403"]
        if "{id}" in self.path:
            codes += ["404"]
        if self.is_conditional and self.method in ("PUT", "PATCH", "DELETE"):
            codes += ["412"]
        if self.method in ("POST", "PUT", "PATCH"):
            codes += ["415"]
        if self.method != "GET":
            codes += getattr(self.view, "further_refusals", ())
        return codes

    def _error(self) -> Schema:
        # The generator replaces enumerations within what it is given.
        component = ResolvedComponent(
            name="Error", type=ResolvedComponent.SCHEMA, object="Error", schema=deepcopy(ERROR)
        )
        self.registry.register_on_missing(component)
        return {"application/json": {"schema": component.ref}}

    def _get_response_for_code(
        self, serializer: Any, status_code: str, *args: Any, **kwargs: Any
    ) -> Schema:
        """The answer within its envelope, and the headers that come with it."""
        response = super()._get_response_for_code(serializer, status_code, *args, **kwargs)
        if not getattr(serializer, "flat", False):
            nothing = {"schema": {"type": "null"}, "examples": {"Answer": {"value": None}}}
            response.setdefault("content", {"application/json": nothing})
            for content in response["content"].values():
                self._wrap(content)
        if self.is_conditional and self.method != "DELETE":
            response["headers"] = {"ETag": {"schema": {"type": "string"}}}
            if status_code == "201":
                response["headers"]["Location"] = LOCATION
        response["description"] = response["description"].replace("No response body", "")
        return response

    def _wrap(self, content: Schema) -> None:
        """Put a media type's schema and examples into the success envelope."""
        meta = PAGE_META if self.listing else {"type": "null"}
        content["schema"] = {
            "type": "object",
            "required": ["status", "message", "data", "meta"],
            "properties": {
                "status": {"type": "string", "enum": ["success"]},
                "message": {"type": "string"},
                "data": content["schema"],
                "meta": meta,
            },
        }
        for example in content.get("examples", {}).values():
            example["value"] = success(
                example["value"], "…", PAGE_EXAMPLE if self.listing else None
            )


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)


def _allow_null(described: Schema) -> None:
    described["type"] = [described["type"], "null"]
    if "enum" in described:
        described["enum"] = [*described["enum"], None]
