"""The language of an answer."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

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
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    """Django's choice of a language, of what the client means.

    No heir of Django's `LocaleMiddleware`, which looks for a language in every path.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if given := request.META.get("HTTP_ACCEPT_LANGUAGE"):
            request.META["HTTP_ACCEPT_LANGUAGE"] = wanted(given)
        translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        # What never changes, such as a picture, speaks no language.
        if "immutable" not in response.get("Cache-Control", ""):
            patch_vary_headers(response, ("Accept-Language",))
            response.headers.setdefault("Content-Language", translation.get_language())
        return response
