"""The language of an answer."""

import re

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import get_language_from_request

# The code of Indonesian before 1989, which Java and Android still send.
_OLD_INDONESIAN = re.compile(r"(?<![A-Za-z-])in(?![A-Za-z])", re.IGNORECASE)
_REFUSED = re.compile(r"[^,;]+;\s*q=0(\.0{0,3})?\s*(?=,|$)")


def wanted(header: str) -> str:
    """An `Accept-Language` as Django reads it rightly: it takes a refused language (`q=0`, RFC
    9110, 12.4.2) for a wanted one."""
    return _REFUSED.sub("", _OLD_INDONESIAN.sub("id", header)).strip(" ,")


def language_of(header: str) -> str:
    """The language of the answer to an `Accept-Language` that no cookie overrides."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = wanted(header)
    return get_language_from_request(request)


class LanguageMiddleware(LocaleMiddleware):
    """Django's, with what the client means."""

    def process_request(self, request: HttpRequest) -> None:
        if given := request.META.get("HTTP_ACCEPT_LANGUAGE"):
            request.META["HTTP_ACCEPT_LANGUAGE"] = wanted(given)
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """What never changes, such as a picture, speaks no language."""
        if "immutable" in response.get("Cache-Control", ""):
            return response
        return super().process_response(request, response)
