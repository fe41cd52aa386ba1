"""Misconfigurations as Django system checks: each with an id and a hint."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from accounts.roles import ABILITIES, Ability, Role
from core import environment
from lsa_site.object_storage import OBJECT_STORE

# RFC 7518, 3.2: a key as long as the hash it is used with.
KEY_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
Predicate = Callable[[], bool]


def warns(id: str, text: str, *, hint: str, deploy: bool = False) -> Callable[[Predicate], None]:
    """Registers a function of the settings: where it holds there is this to be said, and with
    `deploy` to `check --deploy` only."""

    def registered(holds: Predicate) -> None:
        def check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
            return [checks.Warning(text, hint=hint, id=id)] if holds() else []

        register(check, Tags.security, deploy=deploy)

    return registered


@warns(
    "lsa.W001",
    "SECRET_KEY is shorter than the hash that it signs with.",
    hint="Tokens can be forged by guessing it. Make one: "
    'python -c "import secrets; print(secrets.token_urlsafe(64))"',
)
def the_key_can_be_guessed() -> bool:
    return len(settings.SECRET_KEY.encode()) < KEY_BYTES[settings.SIMPLE_JWT["ALGORITHM"]]


@warns(
    "lsa.W002",
    "ALLOWED_HOSTS accepts every host.",
    hint="Name the hosts that this service is reached by.",
)
def any_host_will_do() -> bool:
    return "*" in settings.ALLOWED_HOSTS and not settings.DEBUG_MODE


@warns(
    "lsa.W003",
    "DEBUG_MODE is on beside a database and TLS that look like production.",
    hint="Set DEBUG_MODE=false: reset_db asks less while it is on.",
)
def debug_mode_is_in_production() -> bool:
    return bool(settings.DEBUG_MODE and settings.MONGODB_URL and settings.SECURE_SSL_REDIRECT)


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


@warns(
    "lsa.W005",
    "Whoever registers may publish.",
    hint="Set REGISTRATION_ROLE=contributor, or REGISTRATION_OPEN=false and invite people.",
    deploy=True,
)
def strangers_may_publish() -> bool:
    may_publish = Ability.PUBLISH_OWN in ABILITIES[Role(settings.REGISTRATION_ROLE)]
    return settings.REGISTRATION_OPEN and may_publish


@warns(
    "lsa.W006",
    "Pictures lie in an object store, those of the trash and of revisions on this machine.",
    hint="With several machines set MEDIA_S3_KEPT_BUCKET, a private bucket.",
    deploy=True,
)
def other_machines_do_not_find_kept_pictures() -> bool:
    public, kept = (settings.STORAGES[name]["BACKEND"] for name in ("default", "kept"))
    return public == OBJECT_STORE != kept


@warns(
    "lsa.W007",
    "Anybody may read /metrics.",
    hint="Set METRICS_TOKEN, which Prometheus sends as a bearer token.",
    deploy=True,
)
def anybody_may_read_metrics() -> bool:
    return not settings.METRICS_TOKEN
