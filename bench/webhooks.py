"""How webhooks are delivered, by two workers of whom one is killed half-way, and what an event
costs the write that it tells of."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from bench import servers
from bench.table import Row

ENDPOINTS, EVENTS = 10, 100
DELIVERIES = ENDPOINTS * EVENTS
PATIENCE = 180


class Receiver(ThreadingHTTPServer):
    """Keeps what it got, in order: the endpoint and the message."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[str, str]] = []
        self.is_half = threading.Event()
        self.is_all = threading.Event()

    def take(self, path: str, message: str) -> None:
        self.got.append((path, message))
        if len(self.got) >= DELIVERIES // 2:
            self.is_half.set()
        if len(self.got) >= DELIVERIES and len(set(self.got)) == DELIVERIES:
            self.is_all.set()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.take(self.path, self.headers["webhook-id"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


def rows(folder: Path) -> Iterator[Row]:
    environment = servers.environment(folder) | {"WEBHOOK_ALLOW_PRIVATE": "true"}
    with _site(folder) as url, _receiving() as receiver:
        _subscribe(url, receiver)
        began = time.perf_counter()
        with _worker(environment) as first, _worker(environment):
            receiver.is_half.wait(PATIENCE)
            half = time.perf_counter() - began
            first.kill()
            receiver.is_all.wait(PATIENCE)
            whole = time.perf_counter() - began
        yield from _told(receiver, half, whole)
        command = [sys.executable, "-m", "bench.recording"]
        output = subprocess.check_output(command, cwd=servers.ROOT, env=environment, text=True)
        without, with_event = map(float, output.split())
        note = f"{with_event:.2f} ms beside {without:.2f}: a transaction with one write"
        yield Row("recording an event, per write", with_event - without, "ms", None, note)


def _told(receiver: Receiver, half: float, whole: float) -> Iterator[Row]:
    counted = Counter(receiver.got)
    yield Row("webhooks a second, two workers", DELIVERIES / 2 / half, "/s")
    note = f"of {DELIVERIES}, one worker killed after {half:.0f} s, the rest within {whole:.0f} s"
    yield Row("webhooks lost", DELIVERIES - len(counted), "", 0, note)
    yield Row("webhooks repeated", counted.total() - len(counted), "", ENDPOINTS)
    firsts = list(dict.fromkeys(receiver.got))
    orders = {
        tuple(message for path, message in firsts if path == f"/{number}")
        for number in range(ENDPOINTS)
    }
    yield Row("orders in which they came", len(orders), "", 1, "the same for all endpoints")


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    """The service without a worker of its own."""
    with servers.site(folder, "--no-worker", WEBHOOK_ALLOW_PRIVATE="true") as running:
        yield f"{running.url}/api/v1"


@contextmanager
def _receiving() -> Iterator[Receiver]:
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.shutdown()


def _subscribe(url: str, receiver: Receiver) -> None:
    """Endpoints, and then what they are told of."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {servers.log_in(url.removesuffix('/api/v1'))}"
    for number in range(ENDPOINTS):
        target = f"http://127.0.0.1:{receiver.server_port}/{number}"
        body = {"url": target, "events": ["blog.published"], "rate_per_minute": 6000}
        session.post(f"{url}/webhooks", json=body, timeout=60).raise_for_status()

    def publish(number: int) -> None:
        body = {"title": f"Kabar {number}", "content": "Hari ini hujan."}
        session.post(f"{url}/blogs", json=body, timeout=60).raise_for_status()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(publish, range(EVENTS)))


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.worker"], cwd=servers.ROOT, env=environment
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
