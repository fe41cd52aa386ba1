"""Sending one message: one connection, to an address that was checked, with an end in time.

The environment's proxies are not asked: behind one, who is connected to would be its choice.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final, NamedTuple

import httpcore
import httpx
from django.utils.encoding import force_str

from core.times import now
from webhooks.delivery import guard

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
WHOLE_SECONDS: Final = 15.0
# Of an answer, in bytes: what is read, and what is kept.
MOST_READ: Final = 64 * 1024
MOST_KEPT: Final = 2 * 1024
USER_AGENT: Final = "LSA-Webhooks/1"


class Outcome(NamedTuple):
    """How a try went: an answer's `status_code` and the beginning of its body, or the word of an
    `error`, with what is known about it. `retry_after` is in seconds."""

    status_code: int | None = None
    error: str | None = None
    detail: str | None = None
    response: str | None = None
    retry_after: float | None = None
    duration_ms: int = 0

    @property
    def is_success(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Send it, and say how that went; raises nothing that a receiver could cause."""
    began = time.monotonic()
    try:
        outcome = _post(url, body, headers, deadline=began + WHOLE_SECONDS)
    except guard.NotAllowed as error:
        outcome = Outcome(error="not_allowed", detail=force_str(error))
    except (httpx.TimeoutException, TimeoutError) as error:
        outcome = Outcome(error="timed_out", detail=_said(error))
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, ValueError) as error:
        outcome = Outcome(error="unreachable", detail=_said(error))
    return outcome._replace(duration_ms=round((time.monotonic() - began) * 1000))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _post(url: str, body: bytes, headers: Mapping[str, str], *, deadline: float) -> Outcome:
    sent = {"content-type": "application/json", "user-agent": USER_AGENT, **headers}
    guard.check_port(httpx.URL(url).port)
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    with (
        httpx.Client(
            transport=_Transport(deadline), timeout=timeout, trust_env=False, follow_redirects=False
        ) as client,
        client.stream("POST", url, content=body, headers=sent) as response,
    ):
        return _outcome(response, _beginning(response))


def _beginning(response: httpx.Response) -> bytes:
    """As it comes: what is compressed stays so, since a little may unpack to a lot."""
    read = b""
    for part in response.iter_raw(MOST_READ):
        read += part
        if len(read) >= MOST_READ:
            break
    return read[:MOST_READ]


def _outcome(response: httpx.Response, body: bytes) -> Outcome:
    code = response.status_code
    refusal = "redirected" if 300 <= code < 400 else "refused"
    return Outcome(
        status_code=code,
        error=None if response.is_success else refusal,
        detail=None if response.is_success else f"HTTP {code}",
        response=body[:MOST_KEPT]
        .decode(errors="replace")
        .replace("\0", "\N{REPLACEMENT CHARACTER}"),
        retry_after=_retry_after(response.headers.get("retry-after", "")),
    )


def _retry_after(value: str) -> float | None:
    """Seconds (RFC 9110, 10.2.3); None where it says nothing that can be read."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, (parsedate_to_datetime(value) - now()).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


# --- The connection --------------------------------------------------------------------


@cache
def _tls() -> ssl.SSLContext:
    """Reading the certificates takes longer than a message."""
    return httpx.create_ssl_context(trust_env=False)


class _Transport(httpx.HTTPTransport):
    """httpx's own, with connections of our making, for which it has no parameter."""

    def __init__(self, deadline: float) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(), network_backend=_Backend(deadline), keepalive_expiry=0
        )


class _Backend(httpcore.NetworkBackend):
    """Connects to the addresses that were checked; the name goes on in `Host` and TLS."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = guard.addresses_of(host, port, seconds=_left(self._deadline, CONNECT_SECONDS))
        failure: Exception = OSError(f"the name {host} has no address")
        for address in addresses:
            limit = _left(self._deadline, timeout)
            try:
                stream = self._sockets.connect_tcp(address, port, limit, None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline: a receiver that sends a byte now and
    then would hold it for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = _left(self._deadline, timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, limit), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, wanted: float | None) -> float:
    """How long may be waited now. Raises TimeoutError at the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"not within {WHOLE_SECONDS:.0f} seconds")
    return left if wanted is None else min(left, wanted)
