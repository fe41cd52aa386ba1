"""Where a request comes from, and what sent it."""

import ipaddress

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

UNKNOWN = "unknown"


def client_address(request: Request | HttpRequest) -> str:
    """The client's address.

    `X-Forwarded-For` counts only as far as `TRUSTED_PROXY_COUNT` proxies wrote it.
    """
    given = BaseThrottle().get_ident(request) or ""
    try:
        ip = ipaddress.ip_address(given)
    except ValueError:
        return UNKNOWN
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def client_network(request: Request | HttpRequest) -> str:
    """What one customer has to himself: an IPv4 address, or the /64 of an IPv6 one."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False))


def user_agent(request: Request | HttpRequest) -> str:
    """What the browser or app calls itself; who says nothing is called nothing."""
    return request.META.get("HTTP_USER_AGENT", "")
