"""Every method of every route, asked by everybody: the statuses are those of the table."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, product
from typing import Any

import jwt
import pytest
from bson import ObjectId
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import get_resolver

from accounts import services as accounts
from accounts.credentials import sessions
from accounts.documents import Session, User
from accounts.roles import Role
from accounts.tests.requests import bearer
from conftest import PASSWORD, Person, join, new_client
from content.publishing import revisions, states
from content.publishing.tests import asked
from content.tests.resources import FORM, JSON, RESOURCES, Resource
from core.times import now
from lsa_site.tests.authorisation import COLUMNS, FORMS, Line, lines
from webhooks import services as webhooks

LINES = lines()
# What stands before and behind a path, where there is anything.
OTHER_SPELLINGS = (("", "/"), ("api/v1/", ""), ("api/v1/", "/"))
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# How the table writes what a route has in its path; all else there is an id.
IN_ROUTES = {
    "revisions/1": "revisions/<version>",
    "{slug}": "<slug>",
    "{file}": "<name>",
    "{webhook}/deliveries": "<webhook_id>/deliveries",
}
HOOK = {"url": "http://127.0.0.1:1/hook", "events": ["*"]}
# For names and addresses that nobody else has.
numbers = count()


@pytest.fixture(autouse=True)
def receivers_may_be_here(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


# --- Who asks --------------------------------------------------------------------------


def expired(person: Person, key: str) -> Client:
    claims = jwt.decode(person.tokens.access_token, options={"verify_signature": False})
    return bearer(jwt.encode(claims | {"exp": now() - timedelta(seconds=1)}, key))


@pytest.fixture
def people(settings: Any) -> dict[str, Person]:
    roles = {"contributor": Role.CONTRIBUTOR, "editor": Role.EDITOR, "admin": Role.ADMIN}
    logged_in = {name: join(name, role=roles.get(name, Role.AUTHOR)) for name in COLUMNS[1:6]}
    gone, old, ended = (join(name, role=Role.ADMIN) for name in COLUMNS[6:])
    User.collection().update_one({"_id": gone.raw["_id"]}, {"$set": {"is_active": False}})
    sessions.end_all(ended.raw["_id"])
    old = old._replace(client=expired(old, settings.SECRET_KEY))
    nobody = gone._replace(client=new_client())
    return {"nobody": nobody, **logged_in, "gone": gone, "old": old, "ended": ended}


# --- What is asked for -----------------------------------------------------------------


@dataclass
class World:
    """Makes what the placeholders of a path stand for."""

    resource: Resource
    owner: Person
    asking: Person
    webhook_id: ObjectId | None = None
    address: str = ""
    number: int = field(default_factory=lambda: next(numbers))

    def path(self, line: Line) -> str:
        path = line.path.replace("CONTENT", self.resource.name)
        while (start := path.find("{")) >= 0:
            name = path[start + 1 : path.index("}")]
            path = path.replace(f"{{{name}}}", str(getattr(self, name.replace("-", "_"))()))
        return path

    def item(self, owner: Person, **fields: Any) -> ObjectId:
        document, key = self.resource.document, ObjectId()
        self.address = f"alamat-{next(numbers)}"
        about = {"_id": key, "author_id": owner.raw["_id"], "slug": self.address} | fields
        raw = self.resource.raw(**about)
        document.collection().insert_one(raw)
        kept = revisions.revision(document, raw, [], None, raw["updated_at"])
        revisions.keep(kept, transaction=None)
        return key

    def public(self) -> ObjectId:
        return self.item(self.owner)

    def draft(self) -> ObjectId:
        return self.item(self.owner, status="draft", published_at=None)

    def trashed(self) -> ObjectId:
        where = {"trashed_at": now(), "trashed_by": self.owner.raw["_id"]}
        return self.item(self.owner, **where, visible_from=states.TRASHED)

    def mine(self) -> ObjectId:
        return self.item(self.asking)

    def my_draft(self) -> ObjectId:
        return self.item(self.asking, status="draft", published_at=None)

    def slug(self) -> str:
        self.public()
        return self.address

    def user(self) -> ObjectId:
        name = f"orang{self.number}"
        return accounts.create_user(
            email=f"{name}@lsa.example", username=name, password=PASSWORD, role=Role.AUTHOR
        )["_id"]

    def session(self) -> ObjectId:
        return self.session_of(self.user())

    def my_session(self) -> ObjectId:
        return self.session_of(self.asking.raw["_id"])

    def session_of(self, user_id: ObjectId) -> ObjectId:
        return Session(user_id=user_id, expires_at=now() + timedelta(hours=1)).save().id

    def webhook(self) -> ObjectId:
        raw, _secret = webhooks.create(HOOK, actor=sessions.actor_of(self.owner.raw))
        self.webhook_id = raw["_id"]
        return self.webhook_id

    def delivery(self) -> ObjectId:
        return webhooks.send_test(self.webhook_id)["_id"]

    def file(self) -> str:
        return default_storage.save("uploads/foto.png", ContentFile(b"x")).rpartition("/")[2]

    # --- What is sent ------------------------------------------------------------------

    def body(self, line: Line) -> dict[str, Any]:
        """The arguments of a request that is right but for who sends it."""
        if line.path == "CONTENT":
            asked_for = {"status": line.variant} if line.variant else {}
            return {"data": self.resource.form(**asked_for)} | FORM
        whole = {"PUT": self.resource.body, "POST": {}, "DELETE": None}
        changed = {"status": line.variant} if line.variant else {self.resource.title: "Judul lain"}
        sent = whole.get(line.method, changed) if line.path.startswith("CONTENT") else None
        name, token = f"baru{self.number}", {"token": "x" * 43}
        new = {"email": f"{name}@lsa.example", "username": name, "password": PASSWORD}
        others: dict[str, Callable[[], Any]] = {
            "POST auth/register": lambda: new,
            "POST auth/login": lambda: {"username": "owner", "password": PASSWORD},
            "POST auth/refresh": lambda: {
                "refresh_token": sessions.log_in(self.owner.raw).refresh_token
            },
            "POST auth/password/reset": lambda: {"email": new["email"]},
            "POST auth/password/reset/confirm": lambda: token | {"new_password": PASSWORD},
            "POST auth/email/confirm": lambda: token,
            "POST auth/invitations/confirm": lambda: (
                token | {"username": name, "full_name": "Nama", "password": PASSWORD}
            ),
            "PATCH auth/me": lambda: {"full_name": "Nama lain"},
            "POST auth/password": lambda: {
                "current_password": PASSWORD,
                "new_password": PASSWORD + "-baru",
            },
            "POST users": lambda: {"email": new["email"], "role": "author"},
            "PATCH users/{user}": lambda: {"role": "editor"},
            "POST webhooks": lambda: HOOK,
            "PATCH webhooks/{webhook}": lambda: {"description": "Lain"},
            "POST webhooks/{webhook}/redeliver": lambda: {"since": "2024-01-01"},
            "POST text/preview": lambda: {"text": "*Halo*"},
        }
        return {"data": others.get(str(line), lambda: sent)()} | JSON


def statuses(line: Line, resource: Resource, people: dict[str, Person]) -> dict[str, int]:
    """What each of them is answered, in the same world until one of them changed it or another owns
    it. A refusal that changes something after all shows in what the next is answered."""
    found: dict[str, int] = {}
    world, path = None, ""
    is_ones_own = "{my-" in line.path or "{mine}" in line.path
    for who in COLUMNS:
        if world is None or is_ones_own:
            world = World(resource, people["owner"], people[who])
            path = "/" + world.path(line)
        found[who] = status(line, world, path, people[who])
        if line.method != "GET" and found[who] < 400:
            world = None
    return found


def status(line: Line, world: World, path: str, asking: Person) -> int:
    body = {} if line.method == "GET" else world.body(line)
    return getattr(asking.client, line.method.lower())(path, **body).status_code


# --- The tests -------------------------------------------------------------------------


def check(lines: list[Line], resource: Resource, people: dict[str, Person]) -> None:
    expected = {str(line): dict(zip(COLUMNS, line.statuses, strict=True)) for line in lines}
    assert {str(line): statuses(line, resource, people) for line in lines} == expected


# Whether a picture is needed, in which they differ, changes nothing here.
@pytest.mark.parametrize(
    "name",
    ["programs", *(pytest.param(n, marks=pytest.mark.deep) for n in RESOURCES if n != "programs")],
)
def test_content(name, people):
    check([line for line in LINES if "CONTENT" in line.path], RESOURCES[name], people)


CHANGE_WHO_ASKS = ("POST auth/logout", "POST auth/password")


def test_the_rest(people):
    rest = [line for line in LINES if "CONTENT" not in line.path]
    rest = [line for line in rest if str(line) not in CHANGE_WHO_ASKS]
    check(rest, RESOURCES["blogs"], people)


@pytest.mark.parametrize("line", CHANGE_WHO_ASKS)
def test_what_changes_who_asks(line, people):
    check([each for each in LINES if str(each) == line], RESOURCES["blogs"], people)


# Between who gets the least and who gets the most it is the same views.
@pytest.mark.parametrize(
    "who", ["nobody", pytest.param("contributor", marks=pytest.mark.deep), "admin"]
)
def test_any_spelling_of_an_address_is_the_same(people, who):
    for line in LINES:
        if line.method != "GET" or line.path == "" or line.path.endswith("{file}"):
            continue
        world = World(RESOURCES["blogs"], people["owner"], people[who])
        path, mark, query = world.path(line).partition("?")
        expected = line.statuses[COLUMNS.index(who)]
        for prefix, slash in OTHER_SPELLINGS:
            answer = people[who].client.get(f"/{prefix}{path}{slash}{mark}{query}")
            assert answer.status_code == expected, (line, prefix, slash)


def named(path: str) -> str:
    """A path of the table as its route is written."""
    path = path.partition("?")[0]
    for written, meant in IN_ROUTES.items():
        path = path.replace(written, meant)
    return re.sub(r"{.*?}", "<id>", path)


def in_the_table() -> dict[str, set[str]]:
    """The methods of each route."""
    found: dict[str, set[str]] = {}
    for line, resource in product(LINES, RESOURCES):
        found.setdefault(named(line.path).replace("CONTENT", resource), set()).add(line.method)
    return found | {path: found.get(path, set()) | {"POST"} for path in FORMS}


def test_every_route_has_its_lines_and_any_other_method_is_refused(people):
    known = in_the_table()
    routes = [r for r in asked.walk(get_resolver().url_patterns, "") if "api/v1" not in r.path]
    assert {route.path for route in routes} == set(known)
    world = World(RESOURCES["blogs"], people["owner"], people["owner"])
    public = {name: world.public() for name in ("id", "webhook_id")}
    values = public | {"version": 1, "slug": "tidak-ada", "name": world.file()}
    for route, method in product(routes, METHODS):
        if method in known[route.path]:
            continue
        path = route.path
        for name in route.names:
            path = path.replace(f"<{name}>", str(values[name]))
        refused = {"nobody": {401, 302}, "contributor": {403, 302}, "admin": {302}}
        for who, refusals in refused.items():
            answer = getattr(people[who].client, method.lower())(f"/{path}")
            assert answer.status_code in {405} | refusals, (method, path, who)


@pytest.mark.parametrize("path", sorted(FORMS))
def test_a_form_takes_nothing_without_the_token_of_its_page(path):
    answer = Client(enforce_csrf_checks=True).post(f"/{path}")
    assert answer.status_code == 403
