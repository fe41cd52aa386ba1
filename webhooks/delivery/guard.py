"""Where a webhook may lead: to the public internet, never into the network this service stands in.

An address is looked at when it is saved, so that a mistake is told at once, and again whenever a
connection is made, by the very address that is connected to: a name may lead elsewhere by then.
"""

import ipaddress
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core import links

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LOWEST_PORT: Final = 1024
HIGHEST_PORT: Final = 65535
WEB_PORTS: Final = (80, 443)
LOOKUP_SECONDS: Final = 5.0
# Public by its number, and a cloud's own service to its machines.
METADATA: Final = {ipaddress.ip_address("168.63.129.16")}
# What is routed on the internet, of IPv6 (RFC 4291, 2.4).
GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
# An IPv4 address in the last four bytes (RFC 6052, 2.1).
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# How other programs spell numbers: decimal, octal, hexadecimal (WHATWG URL, 3.5).
_ENDS_IN_NUMBER: Final = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)

# The system's own lookup knows no limit of time: those that hang are left to themselves, and must
# not use up all threads.
_lookups = ThreadPoolExecutor(max_workers=64, thread_name_prefix="lookup")


class NotAllowed(Exception):
    """An address that a webhook must not lead to; the message is for its owner."""


def check_url(url: str) -> None:
    """Raises `NotAllowed` about an address that could never be sent to. A name that cannot be
    looked up now may be later."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise NotAllowed(_("Enter a full http:// or https:// address.")) from error
    if parsed.scheme not in ("http", "https") or not parsed.host or not _is_spelt_plainly(url):
        raise NotAllowed(_("Enter a full http:// or https:// address."))
    check_port(parsed.port)
    try:
        addresses_of(parsed.raw_host.decode(), parsed.port or 443, seconds=LOOKUP_SECONDS)
    except OSError:
        return


def _is_spelt_plainly(url: str) -> bool:
    """Nobody is named before the host, and nothing is read in two ways."""
    return links.is_plain(url) and "#" not in url


def check_port(port: int | None) -> None:
    """Raises `NotAllowed` about a port where something else than the web is likely to listen."""
    is_usual = port is None or port in WEB_PORTS or LOWEST_PORT <= port <= HIGHEST_PORT
    is_open = settings.WEBHOOK_ALLOW_PRIVATE and port in range(1, HIGHEST_PORT + 1)
    if not (is_usual or is_open):
        raise NotAllowed(_("Use port 80, 443 or one from 1024 on."))


def addresses_of(host: str, port: int, *, seconds: float) -> list[str]:
    """The addresses of a host, all of which may be connected to. Raises `NotAllowed`, OSError."""
    host = host.strip("[]")
    if _ENDS_IN_NUMBER.fullmatch(host) and not _is_ipv4(host):
        raise NotAllowed(_("Write an IP address in its usual form."))
    try:
        lookup = _lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = [entry[4][0] for entry in lookup.result(timeout=max(seconds, 0))]
    except UnicodeError as error:
        raise OSError(f"{host} is no name of a host") from error
    except TimeoutError as error:
        raise TimeoutError(f"the name {host} was not found in time") from error
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(map(is_public, found)):
        raise NotAllowed(_("This address leads into a private network, which is not allowed."))
    return list(dict.fromkeys(found))


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def is_public(text: str) -> bool:
    """Whether an IP address is one of the internet, and of one machine there."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = _carried(address)
        if inner is not None:
            return is_public(str(inner))
        if address not in GLOBAL_UNICAST or address.teredo:
            return False
    return address.is_global and not address.is_multicast and address not in METADATA


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that packets to this IPv6 address end at."""
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
