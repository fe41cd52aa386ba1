"""The settings: read from the environment, documented whole, strict about what they read."""

import ast
import os
import re
import runpy
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from content.documents import RESOURCES
from core import environment
from lsa_site.tests.processes import manage

pytestmark = pytest.mark.own_database

Read = Callable[..., dict[str, Any]]
READERS = ("lsa_site/settings.py", "lsa_site/object_storage.py")
EXAMPLE = re.compile(r"^([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
REFUSED = [
    ("ADMIN_EMAIL", "admin"),
    ("CACHE_READS", "sometimes"),
    ("DEFAULT_FROM_EMAIL", "LSA"),
    ("DEFAULT_FROM_EMAIL", "LSA <noreply>"),
    ("METRICS_TOKEN", "rahasia saya"),
    ("METRICS_TOKEN", "café"),
    ("MEDIA_ROOT", "/dev/null"),
    ("KEPT_ROOT", "/dev/null"),
    ("VAR_DIR", "/dev/null"),
    ("MONGODB_URL", "mongodb://"),
    ("MONGODB_TEST_DB", "a.b"),
    ("SHOW_AUTHOR_EMAIL", "hidden"),
    ("WEBHOOK_ALLOW_PRIVATE", "yess"),
    ("TRASH_DAYS", "a month"),
    ("TRASH_DAYS", "3651"),
    ("REVISIONS_KEPT", "0"),
    ("MEDIA_S3_ENDPOINT_URL", "minio:9000"),
    ("MEDIA_S3_CUSTOM_DOMAIN", "ftp://cdn.example"),
    ("MEDIA_S3_KEPT_BUCKET", "public"),
    ("DEBUG_MODE", "maybe"),
    ("REGISTRATION_OPEN", "open"),
    ("REGISTRATION_ROLE", "admin"),
    ("VERIFY_EMAIL", "always"),
    ("SSL_REDIRECT", "2"),
    ("ALLOWED_HOSTS", "https://lsa.example"),
    ("ALLOWED_HOSTS", "lsa.example/x"),
    ("ALLOWED_ORIGINS", "lsa.example"),
    ("ALLOWED_ORIGINS", "https://lsa.example/path"),
    ("ALLOWED_ORIGINS", '["https://lsa.example"'),
    ("ALLOWED_ORIGINS", "https://LSA.example"),
    ("ALLOWED_ORIGINS", "https://*.kota.example"),
    ("ALLOWED_ORIGINS", "https://lsa.example:443"),
    ("ALLOWED_ORIGINS", "http://lsa.example:80"),
    ("ALLOWED_ORIGINS", "https://lsa.example/"),
    ("ALLOWED_ORIGINS", "https://lsa.example:"),
    ("ALLOWED_ORIGINS", "https://kopi@lsa.example"),
    ("ALLOWED_ORIGINS", "https://café.example"),
    ("MONGODB_URL", "localhost:27017"),
    ("MONGODB_URL", "http://localhost"),
    ("MONGODB_DATABASE", "a b/c"),
    ("PORT", "http"),
    ("PORT", "65536"),
    ("PUBLIC_URL", "lsa.example"),
    ("PUBLIC_URL", "https://lsa.example/?x=1"),
    ("SITE_URL", "lsa.example"),
    ("SITE_URL", "ftp://lsa.example"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://lsa.example/#top"),
    ("SITE_URL", "https://lsa.example/a b"),
    ("SITE_PATHS", "/blogs/{slug}"),
    ("SITE_PATHS", '["/blogs/{slug}"]'),
    ("SITE_PATHS", '{"articles": "/articles/{slug}"}'),
    ("SITE_PATHS", '{"blogs": "/blogs"}'),
    ("SITE_PATHS", '{"blogs": "/blogs/{id}/{slug}"}'),
    ("SITE_PATHS", '{"blogs": "blogs/{slug}"}'),
    ("SITE_PATHS", '{"blogs": "//elsewhere.example/{slug}"}'),
    ("SITE_PATHS", '{"blogs": "https://elsewhere.example/{slug}"}'),
    ("SITE_PATHS", '{"blogs": "/blogs?slug={slug}"}'),
    ("SITE_PATHS", '{"blogs": "/b logs/{slug}"}'),
    ("SITE_PATHS", '{"blogs": null}'),
    ("TIME_ZONE", "WIB"),
    ("TIME_ZONE", "Asia"),
    ("TIME_ZONE", "../etc/localtime"),
    ("ALGORITHM", "none"),
    ("ALGORITHM", "RS256"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "half an hour"),
    ("REFRESH_TOKEN_EXPIRE_DAYS", "-1"),
    ("REFRESH_REUSE_GRACE_SECONDS", "1.5"),
    ("MAX_FILE_SIZE", "5MB"),
    ("MAX_FILE_SIZE", "0"),
    ("TRUSTED_PROXY_COUNT", "-1"),
    ("RATE_LIMIT_READ", "often"),
    ("RATE_LIMIT_WRITE", "120"),
    ("RATE_LIMIT_AUTH", "20/fortnight"),
    ("MEDIA_URL", "media"),
    ("EMAIL_URL", "pigeon://coop"),
    ("EMAIL_URL", "smtp:mail.example"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "smtp:///mail.example"),
    ("ABSOLUTE_MEDIA", "perhaps"),
    ("LANGUAGE_CODE", "fr"),
    ("LOG_FORMAT", "xml"),
    ("LOG_LEVEL", "LOUD"),
    ("LOG_LEVEL", "info"),
]


# What is well: without its neighbours none of these can be judged.
BESIDE = {
    "MEDIA_S3_": {"MEDIA_S3_BUCKET": "public", "MEDIA_S3_REGION": "ap-southeast-3"},
}
# Any text will do, or its absence is what is wrong.
ANY_TEXT = {
    *("SECRET_KEY", "ADMIN_USERNAME", "ADMIN_PASSWORD"),
    *("MEDIA_S3_BUCKET", "MEDIA_S3_REGION", "MEDIA_S3_ACCESS_KEY", "MEDIA_S3_SECRET_KEY"),
}


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Read]:
    """Reads the settings in an environment of nothing but what is given."""

    def read(**given: str) -> dict[str, Any]:
        for name in variables():
            os.environ.pop(name, None)
        os.environ.update({"DOTENV": os.devnull, "VAR_DIR": str(tmp_path / "var")} | given)
        return runpy.run_path(str(settings.BASE_DIR / "lsa_site/settings.py"))

    with patch.dict(os.environ):  # what a .env file adds goes too
        yield read


@cache
def variables() -> set[str]:
    """The names of the variables that the code reads."""
    return {name for path in READERS for name in read_by(settings.BASE_DIR / path)}


def read_by(path: Path) -> set[str]:
    """First arguments of the readers' calls, and assigned names that a prefix makes of them."""
    names = set()
    for call in ast.walk(ast.parse(path.read_text())):
        match call:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env")),
                args=[ast.Constant(value=str() as name), *_],
            ):
                names.add(name)
            case ast.JoinedStr(
                values=[ast.FormattedValue(value=ast.Name(id="PREFIX")), ast.Constant(value=name)]
            ):
                names.add(f"MEDIA_S3_{name}")
    return names


# --- What is read --------------------------------------------------------------------------


def test_the_example_lists_exactly_what_is_read():
    example = (settings.BASE_DIR / ".env.example").read_text()
    names = [name for name, _ in EXAMPLE.findall(example)]
    assert len(names) == len(set(names))
    assert set(names) == variables()


def test_the_example_shows_the_defaults(read):
    example = dict(EXAMPLE.findall((settings.BASE_DIR / ".env.example").read_text()))
    del example["VAR_DIR"]
    ours = read(**example)
    for name, value in read().items():
        if name.isupper():
            assert ours[name] == value, name


def test_the_table_for_operators_names_every_variable():
    table = (settings.BASE_DIR / "README.md").read_text().partition("## Configuration")[2]
    named = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", table.partition("\n## ")[0]))
    assert {name for name in variables() if not name.startswith("MEDIA_S3_")} <= named
    assert "`MEDIA_S3_" in table


def test_nothing_else_reads_the_environment():
    allowed = {"lsa_site/environment.py", *READERS, "lsa_site/wsgi.py"}
    for root in ("lsa_site", "accounts", "content"):
        for path in (settings.BASE_DIR / root).rglob("*.py"):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            if "tests" not in path.parts and name not in allowed:
                assert not re.search(r"environ\b|getenv", path.read_text()), name


# --- What is refused -------------------------------------------------------------------------


def test_every_variable_refuses_something_but_where_any_text_will_do():
    assert {name for name, _ in REFUSED} | ANY_TEXT == variables()
    assert not {name for name, _ in REFUSED} & ANY_TEXT


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_value_that_cannot_be_read_is_named_in_one_line(read, name, value):
    beside = next((given for prefix, given in BESIDE.items() if name.startswith(prefix)), {})
    with pytest.raises(SystemExit) as stopped:
        read(**{"SECRET_KEY": "k" * 64} | beside | {name: value})
    line = stopped.value.code
    assert line.startswith(f"{name}: ")
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("missing", "given"),
    [
        ("SECRET_KEY", {"MONGODB_URL": "mongodb://db"}),
        ("MEDIA_S3_BUCKET", {"MEDIA_S3_REGION": "ap-southeast-3"}),
        ("MEDIA_S3_REGION", {"MEDIA_S3_BUCKET": "public"}),
        ("MEDIA_S3_SECRET_KEY", BESIDE["MEDIA_S3_"] | {"MEDIA_S3_ACCESS_KEY": "key"}),
        ("MEDIA_S3_ACCESS_KEY", BESIDE["MEDIA_S3_"] | {"MEDIA_S3_SECRET_KEY": "secret"}),
    ],
)
def test_a_variable_that_others_need_is_named_in_one_line(read, missing, given):
    with pytest.raises(SystemExit) as stopped:
        read(**given)
    assert stopped.value.code.startswith(f"{missing}: ")
    assert len(stopped.value.code.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("LOG_FORMAT", {"LOG_FORMAT": "xml"}),
        ("SECRET_KEY", {"MONGODB_URL": "mongodb://127.0.0.1:1/", "SECRET_KEY": ""}),
        ("VAR_DIR", {"VAR_DIR": "/dev/null/var", "SECRET_KEY": ""}),
    ],
)
def test_the_start_is_stopped_without_a_traceback(tmp_path, name, given):
    outcome = manage(tmp_path, "check", DJANGO_SETTINGS_MODULE="lsa_site.settings", **given)
    assert outcome.returncode != 0
    assert outcome.stdout == ""
    (line,) = outcome.stderr.splitlines()
    assert line.startswith(f"{name}: ")


# --- What follows from it --------------------------------------------------------------------


def test_a_real_database_needs_a_key_of_its_own(read):
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        read(MONGODB_URL="mongodb://db")
    assert read(MONGODB_URL="mongodb://db", SECRET_KEY="k" * 64)["SECRET_KEY"] == "k" * 64


def test_beside_the_embedded_database_a_key_is_made_once(read, tmp_path):
    key = read()["SECRET_KEY"]
    assert key == (tmp_path / "var" / "secret_key").read_text() == read()["SECRET_KEY"]


def test_a_given_key_is_used_and_none_is_made(read, tmp_path):
    assert read(SECRET_KEY="k" * 64)["SECRET_KEY"] == "k" * 64
    assert not (tmp_path / "var").exists()


def test_what_nobody_may_see_lies_in_no_public_folder(read, tmp_path):
    media = tmp_path / "media"
    for kept in (media, media / "kept", tmp_path / "other" / ".." / "media" / "kept"):
        with pytest.raises(
            SystemExit, match=r"^KEPT_ROOT: it takes a folder outside of MEDIA_ROOT"
        ):
            read(MEDIA_ROOT=str(media), KEPT_ROOT=str(kept))
    assert read(MEDIA_ROOT=str(media))["KEPT_ROOT"] == tmp_path / "var" / "kept"


def test_there_is_no_default_password(read):
    assert read()["ADMIN_PASSWORD"] == ""


@pytest.mark.parametrize(
    "value", ["https://a.example,https://b.example", '["https://a.example", "https://b.example"]']
)
def test_origins_are_a_json_list_or_comma_separated(read, value):
    ours = read(ALLOWED_ORIGINS=value)
    assert ours["CORS_ALLOWED_ORIGINS"] == ["https://a.example", "https://b.example"]
    assert ours["CORS_ALLOW_CREDENTIALS"] is True
    assert ours["CORS_ALLOW_ALL_ORIGINS"] is False


def test_all_origins_are_allowed_without_credentials(read):
    ours = read(ALLOWED_ORIGINS="*")
    assert ours["CORS_ALLOW_ALL_ORIGINS"] is True
    assert ours["CORS_ALLOW_CREDENTIALS"] is False


def test_hosts_may_be_addresses(read):
    value = "lsa.example,.lsa.example,10.0.0.7,[::1]"
    assert read(ALLOWED_HOSTS=value)["ALLOWED_HOSTS"] == value.split(",")


def test_debug_mode_never_shows_djangos_debug_pages(read):
    ours = read(DEBUG_MODE="true")
    assert ours["DEBUG_MODE"] is True
    assert ours["DEBUG"] is False


def test_tls_brings_what_belongs_to_it(read):
    ours = read(SSL_REDIRECT="true", TRUSTED_PROXY_COUNT="1")
    assert ours["SESSION_COOKIE_SECURE"] is ours["CSRF_COOKIE_SECURE"] is True
    assert ours["SECURE_HSTS_SECONDS"] > 0
    assert ours["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_without_a_proxy_its_header_is_not_believed(read):
    assert "SECURE_PROXY_SSL_HEADER" not in read()


def test_a_dotenv_file_is_read_and_the_environment_comes_first(read, tmp_path):
    (tmp_path / "env").write_text("LOG_FORMAT=json\nLOG_LEVEL=ERROR\n")
    ours = read(DOTENV=str(tmp_path / "env"), LOG_LEVEL="WARNING")
    assert ours["LOG_FORMAT"] == "json"
    assert ours["LOG_LEVEL"] == "WARNING"


def test_a_dotenv_file_that_is_no_text_stops_the_start_in_one_line(tmp_path):
    (tmp_path / "no.env").write_bytes(b"PUBLIC_URL=\xff\xfe")
    outcome = manage(tmp_path, "check", DJANGO_SETTINGS_MODULE="lsa_site.settings")
    assert outcome.returncode == 1
    assert outcome.stderr == ".env: it must be text in UTF-8.\n"


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:3000", "https://lsa.example:8443", "https://xn--caf-dma.example", "*"],
)
def test_an_origin_as_browsers_write_it_is_taken(read, origin):
    assert read(ALLOWED_ORIGINS=origin)["ALLOWED_ORIGINS"] == [origin]


def test_links_follow_the_port_unless_told(read):
    assert read(PORT="8001")["PUBLIC_URL"] == "http://127.0.0.1:8001"
    told = read(PORT="8001", PUBLIC_URL="https://lsa.example")
    assert told["PUBLIC_URL"] == "https://lsa.example"


def test_what_is_published_is_shown_where_the_service_is_unless_told(read):
    assert read(PUBLIC_URL="https://lsa.example/")["SITE_URL"] == "https://lsa.example"
    ours = read(PUBLIC_URL="https://api.lsa.example", SITE_URL="https://lsa.example/id/")
    assert ours["SITE_URL"] == "https://lsa.example/id"


def test_paths_of_the_site_may_be_given_one_by_one(read):
    assert read()["SITE_PATHS"].keys() == {each.collection_name() for each in RESOURCES}
    ours = read(SITE_PATHS='{"blogs": "/artikel/{slug}/", "gallery": "/galeri/%7Efoto-{slug}"}')
    assert ours["SITE_PATHS"] == {
        "programs": "/programs/{slug}",
        "blogs": "/artikel/{slug}/",
        "gallery": "/galeri/%7Efoto-{slug}",
        "partners": "/partners/{slug}",
    }


def test_the_zone_of_the_site_is_not_that_of_the_api(read):
    ours = read(TIME_ZONE="Asia/Makassar")
    assert ours["SITE_TIME_ZONE"] == ZoneInfo("Asia/Makassar")
    assert ours["TIME_ZONE"] == "UTC"
    assert read()["SITE_TIME_ZONE"] == ZoneInfo("Asia/Jakarta")


def typos(name: str) -> set[str]:
    """A letter less, two exchanged, a letter too many, no underscores."""
    *_, last_but_one, last = name
    return {name[:-1], f"{name[:-2]}{last}{last_but_one}", f"{name}S", name.replace("_", "")}


@pytest.mark.parametrize("meant", sorted(variables()))
def test_each_variable_is_recognised_by_its_typos(monkeypatch, meant):
    monkeypatch.setattr(environment, "known", variables())
    for given in typos(meant) - variables():
        monkeypatch.setattr(environment.os, "environ", {given: "x"})
        found = environment.misspelt()
        if len(given) > environment.SHORTEST_TYPO:
            assert found.get(meant) == given, (given, found)


def test_misspelt_variables_are_named_with_what_is_meant(tmp_path):
    misspelt = {
        "MAXFILESIZE": "MAX_FILE_SIZE",
        "ALLOWED_HOST": "ALLOWED_HOSTS",
        "SECRETKEY": "SECRET_KEY",
        "RATE_LIMITS_WRITE": "RATE_LIMIT_WRITE",
    }
    outcome = manage(tmp_path, "check", **dict.fromkeys(misspelt, "x"))
    assert outcome.returncode == 0
    for given, meant in misspelt.items():
        assert f"environment variable {given}" in outcome.stderr
        assert f"Is {meant} meant?" in outcome.stderr
    assert not list(tmp_path.glob("mongo*"))  # to check them is no reason to start a database


def test_changes_are_followed_unless_switched_off(read):
    assert read()["CACHE_READS"] is True
    assert read(CACHE_READS="false")["CACHE_READS"] is False
