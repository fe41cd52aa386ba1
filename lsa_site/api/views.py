"""What views of every app share."""

from typing import Any

from bson import ObjectId
from django.utils.translation import gettext as _
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from lsa_site.api.errors import InvalidId


def object_id(text: str, noun: Any) -> ObjectId:
    """The id in a path; raises `InvalidId` that names the kind of thing."""
    if not ObjectId.is_valid(text):
        raise InvalidId(
            _("The %(noun)s ID is not valid. An ID is a string of 24 hex characters.")
            % {"noun": noun}
        )
    return ObjectId(text)


class BaseView(GenericAPIView):
    # A view's docstring is shown in the documentation, so a base has none.

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Accounts are nobody's but their own: no cache keeps the answer."""
        response = super().finalize_response(*args, **kwargs)
        response.setdefault("Cache-Control", "private, no-store")
        return response

    def read_input(self, **kwargs: Any) -> dict[str, Any]:
        """The validated body; raises DRF's ValidationError."""
        serializer = self.get_serializer(data=self.request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
