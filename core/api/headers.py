"""Bounds on headers whose readers take more than their share of time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.api.exception_handler import respond
from core.errors import HeaderTooLarge

# As proxies have it. Unquoting cookies takes time in the square of their length before Python
# 3.11.10: 0.1 s of this, minutes of the 400 KiB that the server takes.
MAX_COOKIE = 8 * 1024


class CookieLimitMiddleware:
    """Refuses cookies that are too large before anything reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.META.get("HTTP_COOKIE", "")) > MAX_COOKIE:
            return respond(HeaderTooLarge())
        return self.get_response(request)
