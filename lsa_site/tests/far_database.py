"""A database that takes long to answer: a relay before a real one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class Relay:
    """Hands bytes on between clients and the server of a `mongodb://` URL, the server's only after
    `delay` seconds. `url` is that of the relay."""

    def __init__(self, url: str) -> None:
        self.delay = 0.0
        self._server = urlsplit(url).hostname, urlsplit(url).port
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = url.replace(f":{self._server[1]}", f":{port}")

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            server = socket.create_connection(self._server)
            for source, target, is_answer in ((client, server, False), (server, client, True)):
                arguments = (source, target, is_answer)
                threading.Thread(target=self._hand_on, args=arguments, daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        try:
            while piece := source.recv(64 * 1024):
                time.sleep(self.delay if is_answer else 0)
                target.sendall(piece)
        except OSError:
            pass  # one of them has left
        for each in (source, target):
            each.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def relay_to(url: str) -> Iterator[Relay]:
    relay = Relay(url)
    threading.Thread(target=relay.serve, daemon=True).start()
    try:
        yield relay
    finally:
        relay.close()
