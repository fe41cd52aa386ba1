"""Misconfigurations as Django system checks: each with an id and a hint."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from accounts.roles import ABILITIES, Ability, Role
from core import environment
from lsa_site.object_storage import OBJECT_STORE

# RFC 7518, 3.2: a key as long as the hash it is used with.
KEY_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}


@register(Tags.security)
def secret_key_is_long_enough(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    wanted = KEY_BYTES[settings.SIMPLE_JWT["ALGORITHM"]]
    if len(settings.SECRET_KEY.encode()) >= wanted:
        return []
    return [
        checks.Warning(
            f"SECRET_KEY is shorter than {wanted} bytes.",
            hint="Tokens can be forged by guessing it. Make one: "
            'python -c "import secrets; print(secrets.token_urlsafe(64))"',
            id="lsa.W001",
        )
    ]


@register()
def variables_are_spelt_right(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        checks.Warning(
            f"Nothing reads the environment variable {given}.",
            hint=f"Is {meant} meant?",
            id="lsa.W004",
        )
        for meant, given in sorted(environment.misspelt().items())
    ]


@register(Tags.security)
def hosts_are_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS or settings.DEBUG_MODE:
        return []
    return [
        checks.Warning(
            "ALLOWED_HOSTS accepts every host.",
            hint="Name the hosts that this service is reached by.",
            id="lsa.W002",
        )
    ]


@register(Tags.security, deploy=True)
def kept_pictures_are_found_everywhere(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    stores = [settings.STORAGES[name]["BACKEND"] for name in ("default", "kept")]
    if stores[0] != OBJECT_STORE or stores[1] == OBJECT_STORE:
        return []
    return [
        checks.Warning(
            "Pictures lie in an object store, those of the trash and of revisions on this machine.",
            hint="With several machines set MEDIA_S3_KEPT_BUCKET, a private bucket.",
            id="lsa.W006",
        )
    ]


@register(Tags.security)
def debug_mode_stays_local(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not (settings.DEBUG_MODE and settings.MONGODB_URL and settings.SECURE_SSL_REDIRECT):
        return []
    return [
        checks.Warning(
            "DEBUG_MODE is on beside a database and TLS that look like production.",
            hint="Set DEBUG_MODE=false: reset_db asks less while it is on.",
            id="lsa.W003",
        )
    ]


@register(Tags.security, deploy=True)
def strangers_do_not_publish(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    may_publish = Ability.PUBLISH_OWN in ABILITIES[Role(settings.REGISTRATION_ROLE)]
    if not (settings.REGISTRATION_OPEN and may_publish):
        return []
    return [
        checks.Warning(
            "Whoever registers may publish.",
            hint="Set REGISTRATION_ROLE=contributor, or REGISTRATION_OPEN=false and invite people.",
            id="lsa.W005",
        )
    ]


@register(Tags.security, deploy=True)
def metrics_are_for_the_collector(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.METRICS_TOKEN:
        return []
    return [
        checks.Warning(
            "Anybody may read /metrics.",
            hint="Set METRICS_TOKEN, which Prometheus sends as a bearer token.",
            id="lsa.W007",
        )
    ]
