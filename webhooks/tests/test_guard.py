"""Where webhooks may lead, when they are saved and when a connection is made."""

import gzip
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from webhooks.delivery import guard, transport
from webhooks.tests.receivers import receiving

PRIVATE = [
    "127.0.0.1",
    "127.255.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
]
PUBLIC = ["8.8.8.8", "203.119.0.1", "2001:4860:4860::8888", "64:ff9b::808:808", "2002:808:808::"]


@pytest.fixture(autouse=True)
def receivers_may_be_here(settings):
    """Instead of the one that opens private addresses to the other tests."""
    settings.WEBHOOK_ALLOW_PRIVATE = False


@pytest.fixture
def names(monkeypatch):
    """What names lead to, instead of the network's answer."""
    known: dict[str, list[str]] = {}

    def lookup(host, port, *_options, **_named):
        if host not in known:
            raise socket.gaierror("no such name")
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                0,
                "",
                (address, port),
            )
            for address in known[host]
        ]

    monkeypatch.setattr(guard.socket, "getaddrinfo", lookup)
    return known


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_inside_are_not_public(address):
    assert not guard.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are(address):
    assert guard.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://[{a}]/" if ":" in a else f"http://{a}/" for a in PRIVATE),
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://134744072/",
        "http://8.8.8.010/",
        "http://localhost/",
        "http://user:password@hooks.example/",
        "http://user@hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "gopher://hooks.example/",
        "javascript:alert(1)",
        "//hooks.example/",
        "hooks.example",
        "http://",
        "http:///hook",
        "http://hooks.example:22/",
        "http://hooks.example:0/",
        "http://hooks.example:1023/",
        "http://hooks.example:99999/",
        "http://hooks.example\\@127.0.0.1/",
        "http://hooks.example/#part",
        "http://hooks.example/a b",
    ],
)
def test_an_address_that_leads_inside_or_nowhere_is_refused_when_it_is_saved(admin, url):
    body = {"url": url, "events": ["*"]}
    answer = admin.client.post("/webhooks", body, format="json")
    assert answer.status_code == 422
    assert answer.json()["meta"]["errors"].keys() == {"url"}


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/a?b=c",
        "http://hooks.example:80/",
        "https://hooks.example:443/",
        "https://hooks.example:8443/",
        "https://8.8.8.8/",
        "https://[2001:4860:4860::8888]/",
    ],
)
def test_an_address_of_the_internet_may_be_saved(admin, names, url):
    names |= {"8.8.8.8": ["8.8.8.8"], "2001:4860:4860::8888": ["2001:4860:4860::8888"]}
    names["hooks.example"] = ["203.119.0.1"]
    answer = admin.client.post("/webhooks", {"url": url, "events": ["*"]}, format="json")
    assert answer.status_code == 201, answer.content


def test_a_name_that_leads_inside_is_refused_even_beside_a_public_address(admin, names):
    names["hooks.example"] = ["203.119.0.1", "10.0.0.1"]
    body = {"url": "https://hooks.example/", "events": ["*"]}
    assert admin.client.post("/webhooks", body, format="json").status_code == 422


def test_a_name_that_turns_private_later_is_not_connected_to(names, receiver):
    names["hooks.example"] = ["203.119.0.1"]
    guard.check_url("http://hooks.example:8080/")
    names["hooks.example"] = ["127.0.0.1"]
    port = receiver.server.server_port
    outcome = transport.post(f"http://hooks.example:{port}/", b"{}", {})
    assert (outcome.error, outcome.status_code) == ("not_allowed", None)
    assert receiver.got == []


def test_the_address_that_was_checked_is_connected_to_under_its_name(
    names, receiver, settings, monkeypatch
):
    """A name that leads elsewhere at every question is asked once."""
    asked = []
    port = receiver.server.server_port

    def lookup(host, port, *_options, **_named):
        asked.append(host)
        address = host if host[0].isdigit() else f"127.0.0.{len(asked)}"
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))]

    monkeypatch.setattr(guard.socket, "getaddrinfo", lookup)
    settings.WEBHOOK_ALLOW_PRIVATE = True
    outcome = transport.post(f"http://hooks.example:{port}/hook", b"{}", {})
    assert outcome.is_success
    assert asked == ["hooks.example", "127.0.0.1"]
    assert receiver.got[0].headers["host"] == f"hooks.example:{port}"


def test_proxies_of_the_environment_are_not_asked(receiver, settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert transport.post(receiver.url, b"{}", {}).is_success


def test_a_port_is_looked_at_when_a_connection_is_made_too(names):
    names["hooks.example"] = ["203.119.0.1"]
    assert transport.post("http://hooks.example:22/", b"{}", {}).error == "not_allowed"


def test_for_development_every_address_and_port_is_open(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    for url in ("http://127.0.0.1:81/", "http://receiver:9000/hook", "http://localhost/"):
        guard.check_url(url)
    with pytest.raises(guard.NotAllowed):
        guard.check_url("http://user@127.0.0.1/")


@pytest.fixture
def secure(tmp_path, monkeypatch, names, settings):
    """A receiver that speaks TLS as `hooks.example`; gives its address and the names it was asked
    for."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    names["hooks.example"] = names["127.0.0.1"] = ["127.0.0.1"]
    certificate = self_signed(tmp_path, "hooks.example")
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(transport, "_tls", lambda: trusting)
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(certificate)
    asked: list[str | None] = []
    speaking.sni_callback = lambda _socket, name, _context: asked.append(name)
    with receiving() as receiver:
        plain = receiver.server.socket
        receiver.server.socket = speaking.wrap_socket(plain, server_side=True)
        yield receiver.server.server_port, asked


def self_signed(folder, name: str):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = folder / "certificate.pem"
    file.write_bytes(key.private_bytes(encoding, kind, plain) + certificate.public_bytes(encoding))
    return file


def test_tls_is_spoken_with_the_name_and_not_with_the_address(secure):
    port, asked = secure
    outcome = transport.post(f"https://hooks.example:{port}/", b"{}", {})
    assert outcome.is_success, outcome
    assert asked == ["hooks.example"]


def test_a_certificate_for_another_name_is_not_accepted(secure, names):
    port, _ = secure
    names["other.example"] = ["127.0.0.1"]
    outcome = transport.post(f"https://other.example:{port}/", b"{}", {})
    assert outcome.error == "unreachable"
    assert "CERTIFICATE" in outcome.detail.upper()


# --- What a receiver may do --------------------------------------------------------------


def test_an_answer_is_read_to_64_kib_and_kept_to_less(receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    receiver.usual = (200, {}, b"x" * 5_000_000)
    outcome = transport.post(receiver.url, b"{}", {})
    assert outcome.is_success
    assert len(outcome.response) == transport.MOST_KEPT


def test_a_compressed_answer_is_not_unpacked(receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    packed = gzip.compress(b"0" * 10_000_000)
    receiver.usual = (200, {"Content-Encoding": "gzip"}, packed)
    assert "000000" not in transport.post(receiver.url, b"{}", {}).response


def test_a_receiver_that_sends_a_byte_now_and_then_is_left(settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setattr(transport, "WHOLE_SECONDS", 0.5)
    listening, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            while not over.wait(0.05):
                connection.sendall(b"H")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    outcome = transport.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {})
    over.set()
    thread.join()
    listening.close()
    assert outcome.error == "timed_out"
    assert outcome.duration_ms < 5000


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 x\r\n\r\n", b"HTTP/1.1 200 OK\r\nA" * 9999],
)
def test_what_is_no_answer_is_a_failure(settings, answer):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def reply() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=reply, daemon=True)
        thread.start()
        outcome = transport.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {})
        thread.join()
    assert (outcome.error, outcome.status_code) == ("unreachable", None)
