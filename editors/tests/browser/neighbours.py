"""Whom the site speaks with: a mail server, and a front end on another origin."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

from lsa_site.tests.processes import reserved_port


class Mailbox:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.url = ""
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def link_for(self, address: str) -> str | None:
        """The link in the last message to this address."""
        texts = [m.get_content() for m in self.messages if m["To"] == address]
        found = re.findall(r"http\S+", texts[-1]) if texts else []
        return found[0] if found else None


@contextmanager
def receiving_mail() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with reserved_port() as port:
        controller = Controller(mailbox, hostname="127.0.0.1", port=port)
        controller.start()
        mailbox.url = f"smtp://127.0.0.1:{port}"
        yield mailbox
        controller.stop()


class Documents(SimpleHTTPRequestHandler):
    """The files of docs/, and a page that lists them."""

    def log_message(self, *args: Any) -> None:
        """Nobody reads it."""


@contextmanager
def documents_served() -> Iterator[str]:
    """The origin that serves docs/."""
    handler = partial(Documents, directory=settings.BASE_DIR / "docs")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
