"""What happens here, told to other services."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"
