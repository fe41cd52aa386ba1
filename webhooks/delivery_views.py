"""The routes by which admins look after what was and will be sent to webhooks."""

from typing import Any

from bson import ObjectId
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import EmptySerializer
from core.api.envelope import answer
from core.api.lists import answer_list
from core.api.views import object_id
from core.database.documents import Raw
from core.database.listing import Scope
from webhooks import serializers, services
from webhooks.documents import Delivery
from webhooks.serializers import DeliveryDetailSerializer, DeliverySerializer
from webhooks.views import NOUN, WebhookBaseView

DELIVERY = gettext_lazy("delivery")


class DeliveryListView(WebhookBaseView):
    """Kept for 30 days."""

    serializer_class = output_class = DeliverySerializer
    listing = Delivery.LISTING
    within = ("webhook_id",)
    name = gettext_lazy("Deliveries")

    @extend_schema(
        operation_id="listWebhookDeliveries",
        summary="List what was and will be sent",
        responses=DeliverySerializer(many=True),
    )
    def get(self, request: Request, webhook_id: str) -> Response:
        webhook = services.get(object_id(webhook_id, NOUN))
        message = _("Delivery list retrieved successfully")
        scope = Scope(where={"webhook_id": webhook["_id"]})
        return answer_list(request, self.listing, DeliverySerializer, message, scope=scope)


class DeliveryView(WebhookBaseView):
    serializer_class = DeliveryDetailSerializer
    name = gettext_lazy("Delivery")
    actions = ((gettext_lazy("Send again"), "webhook-delivery-redeliver"),)

    @extend_schema(
        operation_id="getWebhookDelivery",
        summary="Show what was sent and what came back",
        responses=DeliveryDetailSerializer,
    )
    def get(self, request: Request, webhook_id: str, id: str) -> Response:
        return answer_delivery(services.get_delivery(*ids(webhook_id, id)), _("Delivery details"))


class RedeliverView(WebhookBaseView):
    """Under the same id, and from the beginning of the schedule."""

    serializer_class = EmptySerializer
    output_class = DeliveryDetailSerializer
    name = gettext_lazy("Send again")

    @extend_schema(
        operation_id="redeliverWebhookDelivery",
        summary="Send a message again",
        responses=DeliveryDetailSerializer,
    )
    def post(self, request: Request, webhook_id: str, id: str) -> Response:
        self.read_input()
        raw = services.redeliver(*ids(webhook_id, id))
        return answer_delivery(raw, _("The message is sent again."), location=True)


class TestView(WebhookBaseView):
    """It is sent at once, also where the webhook is switched off, and not tried again. The answer
    has what was sent and what came back."""

    serializer_class = EmptySerializer
    output_class = DeliveryDetailSerializer
    name = gettext_lazy("Send a test")
    further_refusals = ("409",)

    @extend_schema(
        operation_id="testWebhook", summary="Send a ping", responses=DeliveryDetailSerializer
    )
    def post(self, request: Request, id: str) -> Response:
        self.read_input()
        ping = services.send_test(object_id(id, NOUN))
        return answer_delivery(ping, said_of(ping), location=True)


def said_of(ping: Raw) -> str:
    """How a test went, in a sentence."""
    [tried] = ping["tries"]
    if ping["status"] == "delivered":
        said = _("The receiver answered %(code)s within %(duration)s ms.")
    else:
        said = _("The test failed after %(duration)s ms: %(detail)s")
    return said % {
        "code": tried.get("status_code"),
        "duration": tried["duration_ms"],
        "detail": tried.get("detail"),
    }


class RedeliverFailedView(WebhookBaseView):
    serializer_class = serializers.SinceSerializer
    name = gettext_lazy("Send again what failed")

    @extend_schema(
        operation_id="redeliverFailedDeliveries",
        summary="Send again all that was given up",
        responses=serializers.RedeliveredSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        since = self.read_input()["since"]
        count = services.redeliver_failed(object_id(id, NOUN), since=since)
        message = ngettext(
            "%(count)s message is sent again.", "%(count)s messages are sent again.", count
        )
        return answer({"count": count}, message % {"count": count})


def ids(webhook_id: str, id: str) -> tuple[ObjectId, ObjectId]:
    return object_id(webhook_id, NOUN), object_id(id, DELIVERY)


def answer_delivery(raw: Raw, message: str, *, location: bool = False) -> Response:
    """One message; `location` says where its page is, for who is elsewhere."""
    place = reverse("webhook-delivery", args=[raw["webhook_id"], raw["_id"]])
    headers: dict[str, Any] = {"Location": place} if location else {}
    return answer(DeliveryDetailSerializer.represent(raw), message, headers=headers)
