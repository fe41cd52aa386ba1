"""The language of an answer."""

import re

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware

# The code of Indonesian before 1989, which Java and Android still send.
_OLD_INDONESIAN = re.compile(r"(?<![A-Za-z-])in(?![A-Za-z])", re.IGNORECASE)
_REFUSED = re.compile(r"[^,;]+;\s*q=0(\.0{0,3})?\s*(?=,|$)")


class LanguageMiddleware(LocaleMiddleware):
    """Django's, which takes a refused language (`q=0`, RFC 9110, 12.4.2) for a wanted one."""

    def process_request(self, request: HttpRequest) -> None:
        if given := request.META.get("HTTP_ACCEPT_LANGUAGE"):
            wanted = _REFUSED.sub("", _OLD_INDONESIAN.sub("id", given))
            request.META["HTTP_ACCEPT_LANGUAGE"] = wanted.strip(" ,")
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """What never changes, such as a picture, speaks no language."""
        if "immutable" in response.get("Cache-Control", ""):
            return response
        return super().process_response(request, response)
