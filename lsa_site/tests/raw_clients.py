"""Clients that do not do what a server hopes for, over real sockets."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

Client = socket.socket


def connected(url: str, *, buffer: int | None = None) -> Client:
    """A connection to the site; `buffer` bounds what the system takes for a client unread."""
    address = urlsplit(url)
    client = socket.socket()
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.settimeout(20)
    client.connect((address.hostname, address.port))
    return client


def head(url: str, method: str, path: str, *lines: str) -> bytes:
    fixed = f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
    return (fixed + "".join(f"{line}\r\n" for line in lines) + "\r\n").encode()


@contextmanager
def many(count: int, connect: Callable[[], Client]) -> Iterator[list[Client]]:
    clients: list[Client] = []
    try:
        for _ in range(count):
            clients.append(connect())
        yield clients
    finally:
        for client in clients:
            client.close()


def everything(client: Client) -> bytes:
    """What is sent until the server closes the connection."""
    received = bytearray()
    with suppress(ConnectionResetError):
        while piece := client.recv(65536):
            received += piece
    return bytes(received)


@contextmanager
def dripping(clients: list[Client]) -> Iterator[None]:
    """Send one byte after another from each, until the connections are closed."""
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.1):
            for client in clients:
                with suppress(OSError):
                    client.send(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def is_held(client: Client) -> bool:
    """Whether the server's end of the connection is still open, as in proc_net_tcp(5)."""
    server, port = client.getpeername()[1], client.getsockname()[1]
    ends = f":{server:04X} ", f":{port:04X} 01 "
    lines = Path("/proc/net/tcp").read_text().splitlines()
    return any(ends[0] in line[:30] and ends[1] in line[15:40] for line in lines)
