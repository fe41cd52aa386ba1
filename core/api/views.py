"""What views of every app share."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from bson import ObjectId
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import conditional
from core.database.documents import Raw
from core.errors import Forbidden, Invalid, InvalidId

T = TypeVar("T", bound=Callable[..., Any])

NOT_KEPT = "private, no-store"


def object_id(text: str, noun: Any) -> ObjectId:
    """The id in a path; raises `InvalidId` that names the kind of thing."""
    if not ObjectId.is_valid(text):
        raise InvalidId(
            _("The %(noun)s ID is not valid. An ID is a string of 24 hex characters.")
            % {"noun": noun}
        )
    return ObjectId(text)


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A plain Django view that takes GET and HEAD. Any other method is refused as such (405),
    before it could be taken for a forged form (403)."""
    return csrf_exempt(require_safe(view))


class Taken(NamedTuple):
    """What a parameter is for, and what it may be (JSON Schema)."""

    purpose: str
    schema: dict[str, Any]


def takes(**parameters: Taken) -> Callable[[T], T]:
    """Decorates an action with what it takes in the query string. Lists read theirs themselves."""

    def decorate(action: T) -> T:
        action.parameters = parameters
        return action

    return decorate


def named(pattern: str) -> Callable[[T], T]:
    """Decorates an action with the name of its operation in the OpenAPI document, `{}` in the place
    of what the view is about."""

    def decorate(action: T) -> T:
        action.operation = pattern
        return action

    return decorate


def shows(serializer_of: Callable[[Any], Any]) -> Callable[[T], T]:
    """Decorates an action with the serializer of its answer in the OpenAPI document, as a function
    of the view."""

    def decorate(action: T) -> T:
        action.shows = serializer_of
        return action

    return decorate


def refuses(*codes: str) -> Callable[[T], T]:
    """Decorates an action with what it may answer besides, where the view does not say it."""

    def decorate(action: T) -> T:
        action.refusals = codes
        return action

    return decorate


def moves(action: T) -> T:
    """Decorates an action that may say where a thing is now (308)."""
    action.moves = True
    return action


def untagged(action: T) -> T:
    """Decorates an action whose answer is not what the view shows, and so has no entity tag."""
    action.is_tagged = False
    return action


class ViewMixin:
    """What views of documents and of anything else share.

    The documentation shows what a view itself says; docstrings of bases are for who reads here.
    """

    # The names in the path that only say within what a list is.
    within: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        is_all = not kwargs.keys() - {*self.within}
        is_list = hasattr(self, "listing") and request.method in SAFE_METHODS and is_all
        if request.method in self.allowed_methods and request.query_params and not is_list:
            self._check_parameters(request.query_params)

    def _check_parameters(self, given: QueryDict) -> None:
        """Raises `Invalid` that names what is not taken here, or taken once."""
        taken = self.accepted_parameters()
        unknown = str(_("This address takes no such parameter."))
        errors = {name: [unknown] for name in given.keys() - taken}
        once = str(_("Give this parameter once."))
        errors |= {name: [once] for name in taken if len(given.getlist(name)) > 1}
        if errors:
            raise Invalid(errors=errors)

    def accepted_parameters(self) -> Mapping[str, Taken]:
        action = getattr(self, getattr(self, "action", None) or self.request.method.lower(), None)
        return getattr(action, "parameters", {})

    @property
    def is_page(self) -> bool:
        """Whether the answer is a page for people."""
        return self.request.accepted_renderer.format != "json"

    def read_parameter(self, name: str) -> str:
        """A parameter of this action; blank where it is absent."""
        return self.request.query_params.get(name, "").strip(" ")

    def read_flag(self, name: str) -> bool:
        """The same, `true` or `false`, which is the default. Raises `Invalid`."""
        value = self.read_parameter(name) or "false"
        if value not in ("true", "false"):
            raise Invalid(errors={name: [str(_("Must be a valid boolean."))]})
        return value == "true"

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> None:
        """DRF's own words are in no catalogue of ours."""
        try:
            super().permission_denied(request, message, code)
        except PermissionDenied as error:
            raise Forbidden(message) from error

    def check_preconditions(self, raw: Raw) -> None:
        """Raises `PreconditionFailed` where the client has read another state."""
        conditional.check_preconditions(self.request, raw)


class BaseView(ViewMixin, GenericAPIView):
    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """What does not say otherwise is for whoever asked: no cache keeps the answer."""
        response = super().finalize_response(*args, **kwargs)
        response.setdefault("Cache-Control", NOT_KEPT)
        return response

    def answer_read(self, response: Response, **options: Any) -> HttpResponse:
        """One thing with its tag, or 304; no cache keeps it."""
        options |= {"cache_control": NOT_KEPT}
        return conditional.answer_item_read(self.request, response, **options)

    def read_input(self, **kwargs: Any) -> dict[str, Any]:
        """The validated body; raises DRF's ValidationError."""
        serializer = self.get_serializer(data=self.request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
