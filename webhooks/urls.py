"""Routes of webhooks."""

from django.urls import path

from webhooks import views

DELIVERIES = "webhooks/<str:webhook_id>/deliveries"

urlpatterns = [
    path("webhooks", views.WebhookListView.as_view(), name="webhooks"),
    path("webhooks/<str:id>", views.WebhookView.as_view(), name="webhook"),
    path(
        "webhooks/<str:id>/rotate-secret",
        views.RotateSecretView.as_view(),
        name="webhook-rotate-secret",
    ),
    path("webhooks/<str:id>/test", views.TestView.as_view(), name="webhook-test"),
    path("webhooks/<str:id>/health", views.WebhookHealthView.as_view(), name="webhook-health"),
    path(
        "webhooks/<str:id>/redeliver",
        views.RedeliverFailedView.as_view(),
        name="webhook-redeliver",
    ),
    path(DELIVERIES, views.DeliveryListView.as_view(), name="webhook-deliveries"),
    path(f"{DELIVERIES}/<str:id>", views.DeliveryView.as_view(), name="webhook-delivery"),
    path(
        f"{DELIVERIES}/<str:id>/redeliver",
        views.RedeliverView.as_view(),
        name="webhook-delivery-redeliver",
    ),
]
