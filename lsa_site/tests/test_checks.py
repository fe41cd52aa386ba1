"""Every misconfiguration that can be seen from the settings is told with a way out."""

import pytest
from django.core.checks import CheckMessage, Tags, run_checks

LONG = "k" * 64
PRODUCTION = {"DEBUG_MODE": True, "MONGODB_URL": "mongodb://db", "SECURE_SSL_REDIRECT": True}


def warnings() -> dict[str, str]:
    """The hints of our own warnings by id."""
    return {each.id: each.hint for each in run_checks() if each.id.startswith("lsa.")}


@pytest.fixture(autouse=True)
def sound(settings) -> None:
    settings.SECRET_KEY = LONG
    settings.ALLOWED_HOSTS = ["lsa.example"]
    settings.DEBUG_MODE = False


def test_sound_settings_pass():
    assert run_checks() == []


@pytest.mark.parametrize(("algorithm", "size"), [("HS256", 32), ("HS384", 48), ("HS512", 64)])
def test_a_key_is_as_long_as_its_hash(settings, algorithm, size):
    settings.SIMPLE_JWT = {"ALGORITHM": algorithm}
    settings.SECRET_KEY = "k" * (size - 1)
    assert set(warnings()) == {"lsa.W001"}
    assert "secrets.token_urlsafe" in warnings()["lsa.W001"]
    settings.SECRET_KEY = "k" * size
    assert warnings() == {}


def test_every_host_is_too_many(settings):
    settings.ALLOWED_HOSTS = ["lsa.example", "*"]
    assert set(warnings()) == {"lsa.W002"}
    assert warnings()["lsa.W002"]
    settings.DEBUG_MODE = True
    assert warnings() == {}


def test_debug_mode_does_not_go_with_production(settings):
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    assert set(warnings()) == {"lsa.W003"}
    assert "DEBUG_MODE=false" in warnings()["lsa.W003"]


@pytest.mark.parametrize("missing", PRODUCTION)
def test_debug_mode_alone_is_fine(settings, missing):
    for name, value in PRODUCTION.items():
        setattr(settings, name, None if name == missing else value)
    assert warnings() == {}


def deployed() -> dict[str, CheckMessage]:
    """What `check --deploy` tells by id, less what generates the API's document to judge it."""
    told = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return {each.id: each for each in told}


def test_strangers_who_may_publish_are_told_of_when_it_is_deployed(settings):
    settings.REGISTRATION_OPEN, settings.REGISTRATION_ROLE = True, "author"
    assert "lsa.W005" in deployed()
    assert warnings() == {}
    settings.REGISTRATION_ROLE = "contributor"
    assert "lsa.W005" not in deployed()
    settings.REGISTRATION_OPEN, settings.REGISTRATION_ROLE = False, "author"
    assert "lsa.W005" not in deployed()


def test_kept_pictures_on_one_machine_are_told_before_several_serve(settings):
    store = {"BACKEND": "content.pictures.object_store.ObjectStore"}
    settings.STORAGES = settings.STORAGES | {"default": store}
    assert warnings() == {}
    assert "MEDIA_S3_KEPT_BUCKET" in deployed()["lsa.W006"].hint
    settings.STORAGES = settings.STORAGES | {"kept": store}
    assert "lsa.W006" not in deployed()


def test_metrics_that_anybody_may_read_are_told_of_when_it_is_deployed(settings):
    assert "lsa.W007" in deployed()
    assert warnings() == {}
    settings.METRICS_TOKEN = "t" * 64
    assert "lsa.W007" not in deployed()
