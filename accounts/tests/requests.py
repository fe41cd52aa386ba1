"""Requests that tests of accounts make, alone and side by side."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from rest_framework.response import Response
from rest_framework.test import APIClient

from conftest import PASSWORD, new_client

API = "/api/v1"
NEWCOMER = {"email": "budi@lsa.example", "username": "budi", "password": PASSWORD}


def register(client: APIClient, **changes: Any) -> Response:
    return client.post(f"{API}/auth/register", NEWCOMER | changes, format="json")


def log_in(client: APIClient, name: str, password: str = PASSWORD, **extra: Any) -> Response:
    body = {"username": name, "password": password}
    return client.post(f"{API}/auth/login", body, format="json", **extra)


def refresh(client: APIClient, token: str) -> Response:
    return client.post(f"{API}/auth/refresh", {"refresh_token": token}, format="json")


def bearer(token: str) -> APIClient:
    """A client with this access token."""
    client = new_client()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def me(token: str) -> int:
    """The status that this access token gets for its own profile."""
    return bearer(token).get(f"{API}/auth/me").status_code


def token_in(mail: Any) -> str:
    """The token of a mailed link."""
    return re.search(r"token=([\w-]+)", mail.body)[1]


def same_but_for_the_moment(one: Response, other: Response) -> bool:
    """Whether two answers are alike in status, body and headers, but for their ids."""
    return _less_ids(one) == _less_ids(other)


def _less_ids(response: Response) -> tuple:
    body = response.json()
    (body["meta"] or {}).pop("request_id", None)
    varying = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset"}
    headers = {name: value for name, value in response.headers.items() if name not in varying}
    return response.status_code, body, headers


def together(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """The results of calls that start at the same moment, each in a thread of its own."""
    barrier = Barrier(len(calls))

    def start(call: Callable[[], Any]) -> Any:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(start, calls))
