"""What generated requests need to know: live ids, versions, tokens. It is asked of the service
itself, over HTTP, in an environment that has neither Django nor the project."""

import os
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

import requests

ROOT = os.environ["SERVICE_URL"] + "/api/v1"
PASSWORD = os.environ["PASSWORD"]
ADMIN = os.environ["ADMIN"]
# Whose requests these are; empty for one without an account.
PERSON = os.environ["PERSON"]
PICTURE = Path(os.environ["PICTURE"]).read_bytes()

REQUIRED = {
    "programs": {"title": "Pelatihan", "description": "Menulis.", "program_type": "workshop"},
    "blogs": {"title": "Kabar kota", "content": "Hari ini hujan."},
    "gallery": {"title": "Pasar pagi"},
    "partners": {"name": "Yayasan Kenari", "website_url": "https://kenari.example/"},
}
PICTURES = {"gallery": "image", "partners": "logo"}
WEBHOOK = {"url": "http://127.0.0.1:9/", "events": ["*"]}

numbers = count()


def ask(method: str, path: str, token: str | None, **options: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.request(method, ROOT + path, headers=headers, timeout=60, **options)
    assert answer.ok, (method, path, answer.text)
    return answer.json()


def log_in(email: str) -> dict[str, Any]:
    return ask("POST", "/auth/login", None, json={"username": email, "password": PASSWORD})


@cache
def token_of(email: str) -> str:
    return log_in(email)["access_token"]


def new_account() -> dict[str, Any]:
    """Somebody whose account may come to harm."""
    name = f"spare-{token_hex(6)}"
    body = {"email": f"{name}@lsa.example", "username": name, "password": PASSWORD}
    return ask("POST", "/auth/register", None, json=body)["data"]


def new_tokens() -> dict[str, Any]:
    return log_in(new_account()["email"])


def new_session() -> dict[str, Any]:
    """A session of the person's own."""
    token = log_in(PERSON or ADMIN)["access_token"]
    [own] = [each for each in ask("GET", "/auth/sessions", token)["data"] if each["is_current"]]
    return own


def new_webhook() -> dict[str, Any]:
    """A site has a hundred at most, so that all go when there are many."""
    token = token_of(ADMIN)
    there = ask("GET", "/webhooks", token, params={"fields": "id", "limit": 1000})["data"]
    if len(there) > 50:
        for each in there:
            ask("DELETE", f"/webhooks/{each['id']}", token)
    return ask("POST", "/webhooks", token_of(ADMIN), json=WEBHOOK)["data"]


def new_delivery() -> dict[str, Any]:
    webhook = new_webhook()["id"]
    sent = ask("POST", f"/webhooks/{webhook}/test", token_of(ADMIN))["data"]
    return sent | {"webhook_id": webhook}


def new_item(resource: str) -> dict[str, Any]:
    """One of the person's own or of the admin's, public, a draft, or in the trash."""
    number = next(numbers)
    token = token_of((ADMIN, PERSON)[number % 2] or ADMIN)
    form = REQUIRED[resource] | {"status": ("published", "draft", "draft")[number % 3]}
    form |= {"slug": token_hex(6), "tags": "kota"}
    picture = {PICTURES.get(resource, "image"): ("foto.png", PICTURE, "image/png")}
    if token == token_of(ADMIN):
        return _made(resource, form, picture, token, is_trashed=number % 5 == 0)
    return _made(resource, form | {"status": "draft"}, picture, token, is_trashed=False)


def _made(
    resource: str, form: dict[str, Any], picture: Any, token: str, *, is_trashed: bool
) -> dict[str, Any]:
    item = ask("POST", f"/{resource}", token, data=form, files=picture)["data"]
    changed = {"tags": "kota,desa"}
    item = ask("PATCH", f"/{resource}/{item['id']}", token, data=changed)["data"]
    preview = ask("POST", f"/{resource}/{item['id']}/preview", token)["data"]["token"]
    if is_trashed:
        ask("DELETE", f"/{resource}/{item['id']}", token)
    return item | {"preview": preview}


class Stock:
    """Things of one kind: each is handed out a few times, and then replaced by a new one."""

    def __init__(self, make: Callable[[], dict[str, Any]], uses: int = 5) -> None:
        self.make = make
        self.most = uses
        self.uses = 0
        self.thing: dict[str, Any] = {}

    def take(self) -> dict[str, Any]:
        if self.uses % self.most == 0:
            self.thing = self.make()
        self.uses += 1
        return self.thing
