"""Webhooks as they come in and go out."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.conditional import item_tag
from core.api.fields import HttpUrlField, IdField, LineField, MomentField, WordsField
from core.api.serializers import BaseDocumentSerializer, StrictSerializer
from core.database.documents import Raw
from webhooks import examples
from webhooks.delivery import attempts, guard
from webhooks.documents import ERRORS, EVERY_EVENT, Delivery, Webhook
from webhooks.outbox import TYPES

CHOICES = (EVERY_EVENT, *TYPES)


class TargetField(HttpUrlField):
    """Where messages go: it need not be a name of the public internet for development."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Names of one word, as containers have them, are for the guard to judge.
        self.validators = [v for v in self.validators if not hasattr(v, "schemes")]

    def to_internal_value(self, data: Any) -> str:
        url = super().to_internal_value(data)
        try:
            guard.check_url(url)
        except guard.NotAllowed as error:
            raise serializers.ValidationError(str(error)) from error
        return url


@extend_schema_field({"type": "array", "items": {"type": "string", "enum": CHOICES}, "minItems": 1})
class EventsField(WordsField):
    """The types of events that are wanted."""

    allowed = CHOICES
    default_error_messages = {
        "unknown": _("There is no event {name}. Choose from: {allowed}."),
        "empty": _("Choose one event at least."),
    }

    def __init__(self, **kwargs: Any) -> None:
        allowed = ", ".join(self.allowed)
        kwargs.setdefault("help_text", format_lazy(_("Comma-separated. * is all of: {}"), allowed))
        super().__init__(maximum=len(self.allowed), max_length=50, **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        names = super().to_internal_value(data)
        if not names:
            self.fail("empty")
        for name in names:
            if name not in self.allowed:
                self.fail("unknown", name=name, allowed=", ".join(self.allowed))
        return names


@examples.webhook
class WebhookSerializer(BaseDocumentSerializer):
    """An endpoint. `switched_off` says why the service itself switched it off."""

    url = TargetField(label=_("Address"), max_length=2000)
    events = EventsField(label=_("Events"))

    class Meta:
        model = Webhook
        fields = (
            "id",
            "url",
            "description",
            "events",
            "is_active",
            "switched_off",
            "batch_seconds",
            "rate_per_minute",
            "failures",
            "created_at",
            "updated_at",
            "version",
            "etag",
        )
        read_only_fields = ("id", "switched_off", "failures", "created_at", "updated_at", "version")

    etag = serializers.CharField(read_only=True)

    @classmethod
    def represent(cls, raw: Raw, names: Iterable[str] | None = None) -> dict[str, Any]:
        chosen = None if names is None else [name for name in names if name != "etag"]
        shown = super().represent(raw, chosen)
        if names is None or "etag" in names:
            shown["etag"] = item_tag(raw, shown)
        return shown

    @classmethod
    def projection(cls, names: Iterable[str] | None = None) -> dict[str, int]:
        chosen = None if names is None else [name for name in names if name != "etag"]
        return super().projection(chosen) | {"version": 1}


@examples.created
class CreatedWebhookSerializer(WebhookSerializer):
    """The same with the secret, which is shown here and never again."""

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")

    secret = serializers.CharField(read_only=True, label=_("Secret"))


class TrySerializer(serializers.Serializer):
    """One try: an answer, or the word of an error."""

    at = MomentField(label=_("Time"))
    status_code = serializers.IntegerField(label=_("Answer"), allow_null=True)
    error = serializers.ChoiceField(ERRORS, label=_("Error"), allow_null=True)
    detail = serializers.CharField(label=_("In detail"), allow_null=True)
    duration_ms = serializers.IntegerField(label=_("Milliseconds"))
    response = serializers.CharField(label=_("Body of the answer"), allow_null=True)

    @classmethod
    def of(cls, entry: Raw) -> dict[str, Any]:
        return {
            name: None if entry.get(name) is None else field.to_representation(entry[name])
            for name, field in cls().fields.items()
        }


class DeliverySerializer(BaseDocumentSerializer):
    """One message in the log; what is said of a try is about the last one."""

    type = LineField(label=_("Event"), read_only=True)

    class Meta:
        model = Delivery
        fields = (
            "id",
            "type",
            "status",
            "created_at",
            "status_code",
            "error",
            "duration_ms",
            "tried",
            "tried_at",
            "due",
            "message_id",
        )
        read_only_fields = fields


@examples.delivery
class DeliveryDetailSerializer(DeliverySerializer):
    """One message with what is sent and all that came back; of many tries the last."""

    payload = serializers.JSONField(label=_("What is sent"), read_only=True)
    tries = TrySerializer(many=True, label=_("Tries"), read_only=True)

    class Meta(DeliverySerializer.Meta):
        fields = (*DeliverySerializer.Meta.fields, "payload", "tries")
        read_only_fields = fields

    @classmethod
    def represent(cls, raw: Raw, names: Iterable[str] | None = None) -> dict[str, Any]:
        shown = DeliverySerializer.represent(raw)
        tries = [TrySerializer.of(entry) for entry in reversed(raw["tries"])]
        return shown | {"payload": attempts.payload(raw), "tries": tries}


class SinceSerializer(StrictSerializer):
    since = MomentField(label=_("Since"), help_text=_("Messages made since then that failed."))


class RedeliveredSerializer(serializers.Serializer):
    count = serializers.IntegerField(label=_("Messages"))


class LastErrorSerializer(serializers.Serializer):
    at = MomentField(label=_("Time"))
    status_code = serializers.IntegerField(label=_("Answer"), allow_null=True)
    error = serializers.ChoiceField(ERRORS, label=_("Error"))
    detail = serializers.CharField(label=_("In detail"), allow_null=True)


@examples.health
class HealthSerializer(serializers.Serializer):
    """How the tries of the last 24 hours went; null where there were none."""

    class Meta:
        model = Webhook

    id = IdField()
    success_rate = serializers.FloatField(label=_("Success rate"), allow_null=True)
    p50_ms = serializers.IntegerField(label=_("Half within milliseconds"), allow_null=True)
    p95_ms = serializers.IntegerField(label=_("95 % within milliseconds"), allow_null=True)
    consecutive_failures = serializers.IntegerField(label=_("Failures in a row"))
    last_error = LastErrorSerializer(label=_("Last error"), allow_null=True)

    @classmethod
    def of(cls, found: dict[str, Any]) -> dict[str, Any]:
        error = found["last_error"]
        fields = LastErrorSerializer().fields
        shown = error and {
            name: None if error.get(name) is None else field.to_representation(error[name])
            for name, field in fields.items()
        }
        return found | {"id": str(found["id"]), "last_error": shown}
