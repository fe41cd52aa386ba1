"""The head of an ASGI request as the environment of a WSGI one (PEP 3333)."""

import sys
from collections.abc import Iterable
from typing import IO, Any
from urllib.parse import unquote_to_bytes

Scope = dict[str, Any]
Environ = dict[str, Any]
Headers = dict[bytes, bytes]

FIXED = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
# The server has read the transfer coding, and what it found is a body of known length.
NOT_PASSED_ON = {b"transfer-encoding", b"content-length", b"content-type"}


def headers_of(pairs: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The header fields, repeated ones joined (RFC 9110, 5.3; RFC 6265, 5.4 for cookies).

    A name with an underscore is dropped: WSGI could not tell `X_Forwarded_For`, which anybody
    may send, from `X-Forwarded-For`, which the proxy writes.
    """
    headers: Headers = {}
    for name, value in pairs:
        if b"_" in name:
            continue
        if name in headers:
            value = headers[name] + (b"; " if name == b"cookie" else b",") + value
        headers[name] = value
    return headers


def environ_of(scope: Scope, headers: Headers, body: IO[bytes], length: int) -> Environ:
    """`body` is all there is, `length` its bytes."""
    path: bytes = scope["raw_path"]
    environ = FIXED | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": scope["server"][1],
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "CONTENT_LENGTH": str(length),
        "CONTENT_TYPE": headers.get(b"content-type", b"").decode("latin-1"),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
    }
    for name, value in headers.items():
        if name not in NOT_PASSED_ON:
            key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
            environ[key] = value.decode("latin-1")
    if scope["http_version"] == "1" and not headers.get(b"host"):
        environ.pop("HTTP_HOST", None)  # HTTP/1.0 needs none; the server passes an empty one on
    return environ
