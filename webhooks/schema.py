"""What receivers get, for the OpenAPI document."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    OpenApiWebhook,
    extend_schema,
)
from rest_framework import serializers

from webhooks.outbox import PING, TYPES


class SubjectSerializer(serializers.Serializer):
    """What an event is about. Of tests and of people only `resource` and `id` are told."""

    resource = serializers.CharField(help_text="As in its route, such as `blogs`.")
    id = serializers.CharField()
    slug = serializers.CharField(allow_null=True, required=False)
    version = serializers.IntegerField(required=False)
    status = serializers.CharField(required=False)
    url = serializers.CharField(required=False, help_text="Where the site shows it.")


class MessageSerializer(serializers.Serializer):
    """With `batch_seconds` above 0, `data` is a list."""

    type = serializers.ChoiceField([*TYPES, PING])
    version = serializers.IntegerField(help_text="Of this format: 1.")
    timestamp = serializers.DateTimeField()
    data = SubjectSerializer()


def _header(name: str, purpose: str) -> Any:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=purpose)


event = OpenApiWebhook(
    name="event",
    decorator=extend_schema(
        summary="Something happened",
        description="Signed as the Standard Webhooks specification says.",
        tags=["webhooks"],
        parameters=[
            _header("webhook-id", "The same at every try."),
            _header("webhook-timestamp", "Seconds since 1970."),
            _header("webhook-signature", "`v1,` and an HMAC-SHA256 in base64; several with spaces."),
        ],
        request=MessageSerializer,
        responses={"2XX": OpenApiResponse(description="Accepted; anything else is tried again.")},
    ),
)
