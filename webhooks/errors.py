"""What can be refused about webhooks."""

from django.utils.translation import gettext_lazy as _

from core.errors import ApplicationError, NotFound


class WebhookNotFound(NotFound):
    message = _("Webhook not found")


class DeliveryNotFound(NotFound):
    message = _("Delivery not found")


class TooManyWebhooks(ApplicationError):
    status = 409
    code = "too_many_webhooks"
    message = _("There are as many webhooks as there may be. Delete one first.")


class SecretUnreadable(ApplicationError):
    """It was encrypted under another `SECRET_KEY`."""

    status = 409
    code = "secret_unreadable"
    message = _("The secret cannot be read: SECRET_KEY has changed. Rotate the secret first.")
