"""What receivers get, for the OpenAPI document."""

from drf_spectacular.utils import OpenApiResponse, OpenApiWebhook, extend_schema
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


event = OpenApiWebhook(
    name="event",
    decorator=extend_schema(
        operation_id="receiveEvent",
        summary="Something happened",
        description=(
            "Signed as the Standard Webhooks specification says: `webhook-id` is the same at every "
            "try, `webhook-timestamp` the second of this one, and `webhook-signature` has one or "
            "several signatures (`v1,…`) with spaces between."
        ),
        tags=["webhooks"],
        request=MessageSerializer,
        responses={"2XX": OpenApiResponse(description="Accepted; anything else is tried again.")},
    ),
)
