"""Links that show an item that is not public to whoever has them."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from content.publishing import addresses, previews, states
from core.api.envelope import answer
from core.api.parsers import OrjsonParser
from core.api.serializers import StrictSerializer
from core.api.views import NOT_KEPT, named, untagged
from core.errors import NotFound
from core.times import isoformat


class PreviewInput(StrictSerializer):
    expires_in = serializers.IntegerField(
        default=previews.HOUR, min_value=1, max_value=previews.WEEK, help_text="Seconds."
    )


class PreviewSerializer(serializers.Serializer):
    """A link: `url` is the item's page with the token, for the front end to hand on."""

    token = serializers.CharField()
    url = serializers.URLField()
    expires_at = serializers.DateTimeField()


class PreviewsMixin:
    @untagged
    @named("preview{}")
    @extend_schema(summary="Make a preview link", request=PreviewInput, responses=PreviewSerializer)
    @action(detail=True, methods=["post"], parser_classes=(OrjsonParser,))
    def preview(self, request: Request, id: str) -> Response:
        raw = self.get_object()
        serializer = PreviewInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        seconds = serializer.validated_data["expires_in"]
        token, expires = previews.token_for(self.document.collection_name(), raw["_id"], seconds)
        page = addresses.address(self.document.collection_name(), raw)
        data = {
            "token": token,
            "url": f"{page}?preview={token}",
            "expires_at": isoformat(datetime.fromtimestamp(expires, UTC)),
        }
        return answer(data, _("Preview link"), headers={"Cache-Control": NOT_KEPT})

    def answer_preview(self, token: str, where: dict[str, Any]) -> HttpResponse:
        """The item of a token as it is now, if `where` means this one. The token is read before
        anything is looked up."""
        key = previews.item_of(token, self.document.collection_name())
        if where.get("_id", key) != key:
            raise previews.InvalidPreview
        raw = self.document.collection().find_one(
            {"$and": [where, {"_id": key}, states.not_trashed()]},
            self.serializer_class.projection(),
        )
        if raw is None:
            raise NotFound
        return noindex(self.show(raw, _("Preview")))


def noindex(response: Response) -> Response:
    response["Cache-Control"] = NOT_KEPT
    response["X-Robots-Tag"] = "noindex"
    return response
