"""Routes of webhooks."""

from django.urls import path

from webhooks import delivery_views as deliveries
from webhooks import views

ONE = "webhooks/<str:id>"
DELIVERIES = "webhooks/<str:webhook_id>/deliveries"
DELIVERY = f"{DELIVERIES}/<str:id>"

urlpatterns = [
    path("webhooks", views.WebhookListView.as_view(), name="webhooks"),
    path(ONE, views.WebhookView.as_view(), name="webhook"),
    path(f"{ONE}/rotate-secret", views.RotateSecretView.as_view(), name="webhook-rotate-secret"),
    path(f"{ONE}/health", views.WebhookHealthView.as_view(), name="webhook-health"),
    path(f"{ONE}/test", deliveries.TestView.as_view(), name="webhook-test"),
    path(f"{ONE}/redeliver", deliveries.RedeliverFailedView.as_view(), name="webhook-redeliver"),
    path(DELIVERIES, deliveries.DeliveryListView.as_view(), name="webhook-deliveries"),
    path(DELIVERY, deliveries.DeliveryView.as_view(), name="webhook-delivery"),
    path(
        f"{DELIVERY}/redeliver",
        deliveries.RedeliverView.as_view(),
        name="webhook-delivery-redeliver",
    ),
]
