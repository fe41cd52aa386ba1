"""What views of every app share."""

from collections.abc import Callable
from typing import Any

from bson import ObjectId
from django.http import HttpResponse
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


class ViewMixin:
    """What views of documents and of anything else share.

    The documentation shows what a view itself says; docstrings of bases are for who reads here.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Only lists take parameters in the query string, and read them themselves."""
        super().initial(request, *args, **kwargs)
        is_list = hasattr(self, "listing") and request.method in SAFE_METHODS and not kwargs
        is_served = request.method in self.allowed_methods
        if is_served and request.query_params and not is_list:
            refusal = [str(_("This address takes no parameters."))]
            raise Invalid(errors=dict.fromkeys(request.query_params, refusal))

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

    def answer_read(self, response: Response) -> HttpResponse:
        """One thing with its tag, or 304; no cache keeps it."""
        return conditional.answer_item_read(self.request, response, cache_control=NOT_KEPT)

    def read_input(self, **kwargs: Any) -> dict[str, Any]:
        """The validated body; raises DRF's ValidationError."""
        serializer = self.get_serializer(data=self.request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
