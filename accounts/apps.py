"""People: who may edit, how they prove it, and their sessions."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
