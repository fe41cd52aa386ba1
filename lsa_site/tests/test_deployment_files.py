"""The files of a deployment agree with the service, its settings and its documentation."""

import re
from pathlib import Path
from string import ascii_letters
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import load_command_class
from dotenv import dotenv_values

from content.pictures.serving import HEADERS
from core import metrics
from lsa_site.tests.processes import manage
from lsa_site.tests.test_settings import variables

pytestmark = pytest.mark.own_database

ROOT = settings.BASE_DIR
EXAMPLE = ".env.production.example"
UNITS = ("deploy/lsa-web.service", "deploy/lsa-worker.service")
SECRETS = {"MONGO_ROOT_PASSWORD", "MONGO_PASSWORD", "SECRET_KEY", "METRICS_TOKEN"}


def text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(text("compose.yaml"))


@pytest.fixture
def example() -> dict[str, str]:
    return dict(dotenv_values(ROOT / EXAMPLE))


# --- Settings --------------------------------------------------------------------------------


def test_the_example_names_only_what_the_service_or_compose_reads(example, compose):
    by_compose = set(re.findall(r"\$\{(\w+)", text("compose.yaml")))
    assert example.keys() <= variables() | by_compose
    assert by_compose <= example.keys() | variables()


def test_the_example_holds_no_secret(example):
    assert {name for name in SECRETS if example[name]} == set()


def test_what_compose_cannot_do_without_is_in_the_example(example):
    assert set(re.findall(r"\$\{(\w+):\?\}", text("compose.yaml"))) <= example.keys()


def test_the_example_leaves_nothing_to_warn_of(example, compose, tmp_path):
    filled = {name: value or ascii_letters for name, value in example.items()}
    url = compose["x-service"]["environment"]["MONGODB_URL"]
    filled["MONGODB_URL"] = url.replace("${MONGO_PASSWORD:?}", filled["MONGO_PASSWORD"])
    filled["DJANGO_SETTINGS_MODULE"] = "lsa_site.settings"
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **filled)
    assert checked.stderr == ""
    assert checked.returncode == 0


def test_registration_is_closed_and_addresses_are_hidden(example):
    assert (example["REGISTRATION_OPEN"], example["SHOW_AUTHOR_EMAIL"]) == ("false", "false")


# --- The image -------------------------------------------------------------------------------


def test_the_image_has_what_a_server_needs_and_not_the_embedded_database():
    dockerfile = text("Dockerfile")
    assert set(re.findall(r"requirements[\w-]*\.txt", dockerfile)) == {
        "requirements-production.txt"
    }
    assert "USER 10001" in dockerfile
    assert dockerfile.index("USER 10001") > dockerfile.index("RUN python -m compileall")
    assert "secantus" not in text("requirements-production.txt").lower()


def test_every_room_is_in_the_image_and_nothing_of_a_developer():
    kept = set(re.findall(r"^!(\S+)", text(".dockerignore"), re.MULTILINE))
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert kept == rooms | {
        "core",
        "locale",
        "lsa_site",
        "manage.py",
        "requirements-production.txt",
    }
    assert text(".dockerignore").splitlines()[1] == "*"


def test_the_image_runs_a_python_that_the_service_takes():
    used = set(re.findall(r"^FROM python:(3\.\d+)-slim", text("Dockerfile"), re.MULTILINE))
    assert used <= {"3.11", "3.12", "3.13"}


def test_what_is_to_last_lies_in_volumes(compose):
    declared = dict(re.findall(r"(VAR_DIR|MEDIA_ROOT|KEPT_ROOT)=(/\S+)", text("Dockerfile")))
    mounted = {volume.split(":")[1] for volume in compose["x-service"]["volumes"]}
    assert len(declared) == 3
    assert set(declared.values()) <= mounted


# --- The services ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["web", "worker"])
def test_the_service_can_write_nothing_but_its_volumes(compose, name):
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["depends_on"]["mongo"] == {"condition": "service_healthy"}


def check_options(command: list[str]) -> None:
    """That `manage.py` has this command, and the command what is given to it."""
    name, *given = command
    known = load_command_class("lsa_site", name).create_parser("manage.py", name)
    assert {word for word in given if word.startswith("--")} <= {*known._option_string_actions}


def test_the_commands_are_those_of_the_service(compose):
    for name in ("web", "worker"):
        check_options(compose["services"][name]["command"])


def test_the_proxy_sees_the_pictures_that_everybody_may_and_no_others(compose):
    volumes = [volume.split(":")[0] for volume in compose["services"]["proxy"]["volumes"]]
    assert "media" in volumes
    assert not {"kept", "var", "mongo", "key", "./backups"} & set(volumes)
    assert "media:/srv/media:ro" in compose["services"]["proxy"]["volumes"]


def test_only_the_proxy_is_reached_from_outside(compose):
    published = {name for name, service in compose["services"].items() if "ports" in service}
    assert published == {"proxy"}
    assert compose["services"]["mongo"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_the_database_is_a_replica_set_that_asks_who_one_is(compose):
    command = compose["services"]["mongo"]["command"]
    assert {"--replSet", "--keyFile"} <= set(command)
    assert compose["services"]["mongo"]["image"].startswith("mongo:8")
    assert "replicaSet=lsa" in compose["x-service"]["environment"]["MONGODB_URL"]
    assert '_id: "lsa"' in text("deploy/mongo-health.js")


def test_every_file_that_is_mounted_is_there(compose):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./deploy"):
                assert (ROOT / source).is_file(), source


# --- The proxy -------------------------------------------------------------------------------


def test_the_proxy_says_of_pictures_what_the_service_says_of_them():
    caddyfile = text("deploy/Caddyfile")
    for name, value in HEADERS.items():
        assert re.search(rf'{name} "?{re.escape(value)}"?\n', caddyfile), name


def test_the_proxy_takes_larger_bodies_than_the_service():
    megabytes = int(re.search(r"max_size (\d+)MB", text("deploy/Caddyfile"))[1])
    assert megabytes * 1_000_000 > settings.MAX_BODY_SIZE


def test_the_proxy_drops_names_with_underscores_and_hides_metrics():
    caddyfile = text("deploy/Caddyfile")
    assert "request_header -*_*" in caddyfile
    assert re.search(r"@metrics path (.*)", caddyfile)[1].split() == [
        f"{prefix}/metrics{slash}" for prefix in ("", "/api/v1") for slash in ("", "/")
    ]


# --- Units and alerts ------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_runs_a_command_of_the_service_shut_in(unit):
    said = dict(re.findall(r"^(\w+)=(.*)$", text(unit), re.MULTILINE))
    check_options(said["ExecStart"].partition("manage.py ")[2].split())
    assert said["User"] == "lsa"
    assert said["ProtectSystem"] == "strict"
    assert said["NoNewPrivileges"] == "yes"
    assert set(re.findall(r"([A-Z]\w+)=", said["Environment"])) <= variables() | {
        "PYTHONUNBUFFERED"
    }


def test_alerts_ask_for_what_is_told():
    rules = yaml.safe_load(text("deploy/alerts.yaml"))["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"\blsa_\w+", rule["expr"])}
    counted = (metrics.REQUESTS, metrics.DATABASE, metrics.PICTURES, metrics.LOGINS)
    told = {sample for metric in counted for sample in names_of(metric.describe()[0])}
    source = text("lsa_site/metrics.py")
    told |= set(re.findall(r'"(lsa_\w+)"', source))
    told |= {f"{name}_total" for name in re.findall(r'CounterMetric\w+\(\s*"(\w+)"', source)}
    assert asked <= told
    assert len({rule["alert"] for rule in rules}) == len(rules)
    assert all(rule["annotations"]["summary"] for rule in rules)


def names_of(metric: Any) -> set[str]:
    endings = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}
    return {metric.name + ending for ending in endings[metric.type]}


@pytest.mark.parametrize(
    "name",
    ["Dockerfile", "compose.yaml", EXAMPLE, *UNITS, "deploy/alerts.yaml", "deploy/Caddyfile"],
)
def test_the_guide_tells_of_every_file(name):
    assert Path(name).name in text("docs/deployment.md")
