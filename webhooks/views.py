"""The routes by which admins look after webhooks."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import IsAdmin
from accounts.api.serializers import EmptySerializer
from core.api.envelope import answer
from core.api.lists import answer_list
from core.api.views import BaseView, object_id
from core.database.documents import Raw
from webhooks import serializers, services, watching
from webhooks.documents import Webhook
from webhooks.serializers import WebhookSerializer

NOUN = gettext_lazy("webhook")


class WebhookBaseView(BaseView):
    permission_classes = (IsAdmin,)
    tags = ("webhooks",)


def answer_webhook(raw: Raw, message: str, *, status: int = 200, **more: str) -> Response:
    shown = WebhookSerializer.represent(raw)
    return answer(shown | more, message, status=status, headers={"ETag": shown["etag"]})


class WebhookListView(WebhookBaseView):
    """The secret that signs the messages is in the answer that creates a webhook, and in no
    other."""

    serializer_class = WebhookSerializer
    listing = Webhook.LISTING
    name = gettext_lazy("Webhooks")
    further_refusals = ("409",)

    @property
    def output_class(self) -> type[WebhookSerializer]:
        """What is shown: of a new one also the secret."""
        is_new = self.request is not None and self.request.method == "POST"
        return serializers.CreatedWebhookSerializer if is_new else WebhookSerializer

    @extend_schema(summary="List webhooks", responses=WebhookSerializer(many=True))
    def get(self, request: Request) -> Response:
        message = _("Webhook list retrieved successfully")
        return answer_list(request, self.listing, WebhookSerializer, message)

    @extend_schema(
        operation_id="createWebhook",
        summary="Create a webhook",
        responses={201: serializers.CreatedWebhookSerializer},
    )
    def post(self, request: Request) -> Response:
        raw, secret = services.create(self.read_input(), actor=request.user.actor)
        message = _("The webhook was created. Its secret is shown only now.")
        response = answer_webhook(raw, message, status=201, secret=secret)
        response["Location"] = f"{request.path}/{raw['_id']}"
        return response


class WebhookView(WebhookBaseView):
    """What is on for the first time, or again after it failed, starts afresh."""

    serializer_class = WebhookSerializer
    name = gettext_lazy("Webhook")
    is_conditional = True
    further_refusals = ("409",)
    related = (
        (gettext_lazy("Deliveries"), "webhook-deliveries"),
        (gettext_lazy("Health"), "webhook-health"),
        (gettext_lazy("Send again what failed"), "webhook-redeliver"),
    )
    actions = (
        (gettext_lazy("Send a test"), "webhook-test"),
        (gettext_lazy("Rotate the secret"), "webhook-rotate-secret"),
    )

    @extend_schema(summary="Show a webhook", responses=WebhookSerializer)
    def get(self, request: Request, id: str) -> HttpResponse:
        raw = services.get(object_id(id, NOUN))
        return self.answer_read(answer_webhook(raw, _("Webhook details")))

    @extend_schema(summary="Change a webhook", responses=WebhookSerializer)
    def patch(self, request: Request, id: str) -> Response:
        before = services.get(object_id(id, NOUN))
        changes = self.read_input(instance=before, partial=True)
        raw = services.change(
            before["_id"], changes, actor=request.user.actor, check=self.check_preconditions
        )
        return answer_webhook(raw, _("The webhook was changed"))

    @extend_schema(summary="Delete a webhook with its deliveries", responses={200: None})
    def delete(self, request: Request, id: str) -> Response:
        services.delete(
            object_id(id, NOUN), actor=request.user.actor, check=self.check_preconditions
        )
        return answer(None, _("The webhook was deleted"))


class RotateSecretView(WebhookBaseView):
    """The new secret is in the answer and in no other. For 24 hours each message has a signature
    by the former one too."""

    serializer_class = EmptySerializer
    output_class = serializers.CreatedWebhookSerializer
    name = gettext_lazy("Rotate the secret")

    @extend_schema(
        operation_id="rotateWebhookSecret",
        summary="Replace the secret",
        responses=serializers.CreatedWebhookSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        self.read_input()
        raw, secret = services.rotate_secret(object_id(id, NOUN), actor=request.user.actor)
        message = _("The secret was replaced. The new one is shown only now.")
        return answer_webhook(raw, message, secret=secret)


class WebhookHealthView(WebhookBaseView):
    serializer_class = serializers.HealthSerializer
    name = gettext_lazy("Health")

    @extend_schema(
        operation_id="getWebhookHealth",
        summary="Show how the tries of the last 24 hours went",
        responses=serializers.HealthSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        found = watching.health(services.get(object_id(id, NOUN)))
        return answer(serializers.HealthSerializer.of(found), _("Health of the webhook"))
