"""What an operation is called and what it takes."""

import re
from inspect import cleandoc
from typing import Any

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from inflection import camelize, pluralize

from core.api.idempotency import HEADER, VALUE
from core.api.list_queries import query_serializer
from core.api.schema.serializers import ID, takes_file
from core.database.listing import Listing
from core.entity_tags import WELL_FORMED

Endpoint = tuple[str, str, str, Any]

ACTIONS = {
    "GET": "retrieve",
    "POST": "create",
    "PUT": "update",
    "PATCH": "partial_update",
    "DELETE": "destroy",
}
# As a person would name the function; another action is called what its method is called.
VERBS = {
    "retrieve": "get",
    "update": "replace",
    "partial_update": "update",
    "destroy": "delete",
}
ONE_ID = {"type": "string", "pattern": f"^{ID}$"}
KEY = {"type": "string", "pattern": f"^{VALUE.pattern}$"}
ONCE = "The same key from the same person within 24 hours gets the first answer again."
TAGS = {"type": "string", "pattern": f"^{WELL_FORMED.pattern}$"}
URI = {"type": "string", "format": "uri-reference"}


def only_versioned_routes(endpoints: list[Endpoint]) -> list[Endpoint]:
    """The document shows `API_PREFIX` only; the unprefixed routes are the same ones."""
    return [each for each in endpoints if each[0].startswith(f"{settings.API_PREFIX}/")]


class OperationSchema(AutoSchema):
    """Describes views as they are.

    A view with a `listing` is a list at its collection's path, one with `is_conditional`
    understands entity tags (its `untagged` actions answer without one), one with
    `takes_idempotency_key` makes once what is sent twice with the same key, one with
    `further_refusals` names what its writes may answer besides, an action with `refusals` what it
    may, one with `shows` tells which serializer of a view that is, one with `moves` may answer
    308, and a serializer with `flat = True` has no envelope.
    """

    # --- Its names -----------------------------------------------------------------------

    def get_operation_id(self) -> str:
        """`listBlogs`, `deletePhoto`: the action and what the view is named for, or as the action
        says."""
        noun = re.sub(r"(List)?View(Set)?$", "", type(self.view).__name__)
        if pattern := getattr(self._handler, "operation", None):
            return pattern.format(noun)
        verb = camelize(VERBS.get(self._action, self._action), uppercase_first_letter=False)
        return verb + (pluralize(noun) if self._action == "list" else noun)

    @property
    def _action(self) -> str:
        """The action; of a view without actions, the one that its method stands for."""
        return getattr(self.view, "action", None) or (
            "list" if self.listing else ACTIONS[self.method]
        )

    @property
    def _handler(self) -> Any:
        """The function that answers."""
        return getattr(self.view, self._action, None) or getattr(
            self.view, self.method.lower(), None
        )

    def get_tags(self) -> list[str]:
        return list(getattr(self.view, "tags", ())) or super().get_tags()

    def get_summary(self) -> str | None:
        summaries = getattr(self.view, "summaries", {})
        return summaries.get(self._action) or super().get_summary()

    def get_description(self) -> str:
        """What a view itself says, not what the classes say that it builds on."""
        return cleandoc(type(self.view).__doc__ or "")

    # --- What it takes -------------------------------------------------------------------

    @property
    def listing(self) -> Listing | None:
        is_collection = self.method == "GET" and not self.path.endswith("}")
        # Another action of a viewset, such as an item's history, lists something else.
        is_collection &= getattr(self.view, "action", None) in (None, "list")
        return getattr(self.view, "listing", None) if is_collection else None

    @property
    def is_conditional(self) -> bool:
        return getattr(self.view, "is_conditional", False)

    @property
    def is_tagged(self) -> bool:
        """Whether a success has an entity tag."""
        return self.is_conditional and getattr(self._handler, "is_tagged", True)

    @property
    def is_feed(self) -> bool:
        """Whether the answer has a media type of its own."""
        return hasattr(self.view, "media_type")

    @property
    def takes_idempotency_key(self) -> bool:
        return self._action == "create" and getattr(self.view, "takes_idempotency_key", False)

    @property
    def is_guarded(self) -> bool:
        """Whether `If-Match` is looked at, as every write to an item does; accounts have one at a
        path without an id."""
        is_change = self.method in ("PUT", "PATCH", "DELETE") or "{" in self.path
        return self.is_conditional and self.method != "GET" and is_change

    def get_request_serializer(self) -> dict[str, Any] | None:
        """One media type each: a client that is generated from several takes one of them, or a
        file in JSON."""
        serializer = super().get_request_serializer()
        if serializer is None:
            return None
        kind = "multipart/form-data" if takes_file(serializer) else "application/json"
        return {kind: serializer}

    def get_override_parameters(self) -> list[Any]:
        """The parameters, and the headers of the answer, which the generator has here too."""
        parameters: list[Any] = []
        for name in re.findall(r"{(id|\w+_id)}", self.path):
            parameters.append(OpenApiParameter(name, ONE_ID, OpenApiParameter.PATH))
        for name, taken in getattr(self._handler, "parameters", {}).items():
            described = OpenApiParameter(name, taken.schema, description=taken.purpose)
            parameters.append(described)
        if self.listing:
            shown = getattr(self.view, "output_class", self.view.serializer_class)
            parameters.append(query_serializer(self.listing, shown))
            total = "`meta.total` again, where it is counted."
            parameters.append(_answer_header("X-Total-Count", int, total, required=False))
        if self.takes_idempotency_key:
            parameters.append(OpenApiParameter(HEADER, KEY, "header", description=ONCE))
        return parameters + (self._conditional_headers() if self.is_conditional else [])

    def _conditional_headers(self) -> list[OpenApiParameter]:
        headers = []
        if self.method == "GET" and self.is_tagged:
            purpose = "An `ETag`; if it still holds: 304."
            headers.append(_header("If-None-Match", str, purpose))
        if self.is_guarded:
            purpose = "An `ETag`; if it does not hold: 412."
            headers.append(_header("If-Match", TAGS, purpose))
        if self.method != "DELETE" and self.is_tagged:
            headers.append(_answer_header("ETag", str, "For `If-None-Match` and `If-Match`."))
        if self._action == "create":
            headers.append(_answer_header("Location", URI, "The path of what was made."))
        return headers

    # --- What comes back -------------------------------------------------------------------

    def get_response_serializers(self) -> Any:
        """DELETE answers with an empty envelope."""
        if shows := getattr(self._handler, "shows", None):
            return shows(self.view)
        if self.is_feed:
            return {(200, self.view.media_type): OpenApiTypes.STR}
        return {200: None} if self.method == "DELETE" else super().get_response_serializers()

    def get_extensions(self) -> dict[str, Any]:
        """Notes for the hook that describes answers, which sees no views and removes them."""
        answers = self.get_response_serializers()
        given = answers.values() if isinstance(answers, dict) else [answers]
        return {
            "x-flat": self.is_feed or any(getattr(each, "flat", False) for each in given),
            "x-refusals": self._refusals(),
            "x-moves": getattr(self._handler, "moves", False),
        }

    def _refusals(self) -> list[str]:
        codes = ["400", "422", "429", "500", "503"]
        security = self.get_auth()
        if security and {} not in security:
            codes += ["401", "403"]
        if "{" in self.path:
            codes += ["404"]
        if self.is_guarded:
            codes += ["412"]
        if self.method in ("POST", "PUT", "PATCH"):
            codes += ["415"]
        if self.method != "GET":
            codes += getattr(self.view, "further_refusals", ())
        return [*codes, *getattr(self._handler, "refusals", ())]


def _header(name: str, kind: Any, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=description)


def _answer_header(
    name: str, kind: Any, description: str, *, required: bool = True
) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        kind,
        OpenApiParameter.HEADER,
        description=description,
        required=required,
        response=["200", "201"],
    )
