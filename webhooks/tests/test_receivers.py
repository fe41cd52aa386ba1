"""The receivers that the documentation shows do what it says."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from content.tests.resources import RESOURCES
from lsa_site.tests.processes import reserved_port, until
from webhooks import services
from webhooks.delivery import sealing, signing
from webhooks.documents import Delivery, Webhook

BLOGS = RESOURCES["blogs"]
PAGE = Path(settings.BASE_DIR, "docs/webhooks.md").read_text()
COMMANDS = {"python": ("receiver.py", sys.executable), "js": ("receiver.mjs", shutil.which("node"))}


class Program:
    """A receiver of the page, with the secret and the address of a webhook."""

    def __init__(self, process: subprocess.Popen[str], url: str, secret: str) -> None:
        self.process, self.url, self.secret = process, url, secret

    def line(self) -> str:
        return self.process.stdout.readline()


@pytest.fixture(params=COMMANDS)
def program(request, tmp_path) -> Iterator[Program]:
    name, command = COMMANDS[request.param]
    if not command:
        pytest.skip("needs node")
    [code] = re.findall(rf"```{request.param}\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / name).write_text(code)
    secret = signing.new_secret()
    with reserved_port() as port:
        process = subprocess.Popen(
            [command, tmp_path / name],
            env={"WEBHOOK_SECRET": secret, "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            until(lambda: listens(port))
            yield Program(process, f"http://127.0.0.1:{port}/", secret)
        finally:
            process.kill()
            process.communicate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def subscribed(program, subscribe, **values) -> dict:
    webhook, _ = subscribe(program.url, **values)
    sealed = {"$set": {"secret": sealing.seal(program.secret)}}
    Webhook.collection().update_one({"_id": webhook["_id"]}, sealed)
    return webhook


def test_it_accepts_and_prints_what_is_genuine_once(program, subscribe, owner, work):
    webhook = subscribed(program, subscribe, events=["blog.created"])
    BLOGS.create(owner.client, slug="kopi")
    work()
    line = program.line()
    assert line.startswith("blog.created")
    assert "kopi" in line
    [delivery] = Delivery.collection().find()
    assert delivery["status"] == "delivered"
    services.redeliver(webhook["_id"], delivery["_id"])
    work()
    assert Delivery.collection().find_one()["status_code"] == 204
    services.send_test(webhook["_id"])
    assert program.line().startswith("ping")


def test_it_refuses_what_is_not(program, subscribe, clock):
    webhook = subscribed(program, subscribe)
    assert services.send_test(webhook["_id"])["status_code"] == 204
    clock.move(minutes=6)
    assert services.send_test(webhook["_id"])["status_code"] == 401
    clock.move(minutes=-6)
    services.rotate_secret(webhook["_id"], actor=None)
    assert services.send_test(webhook["_id"])["status_code"] == 204  # by the former secret
    Webhook.collection().update_one({}, {"$unset": {"former_until": 1}})
    assert services.send_test(webhook["_id"])["status_code"] == 401
