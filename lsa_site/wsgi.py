"""The WSGI callable that Granian and `runserver` serve."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")

# Reading its parameters takes time in the square of their length.
MAX_CONTENT_TYPE = 1024

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def readable(application: Application) -> Application:
    """The application behind what Django cannot read by itself."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        refuse_charset(environ)
        return application(environ, start_response)

    return answer


def refuse_charset(environ: Environ) -> None:
    """Make a body in anything but UTF-8, or of an endless type, one that nobody reads (415).

    Django decodes query strings too by the declared charset: some fail there before any
    handler of ours, others smuggle in lone surrogates.
    """
    content_type = environ.get("CONTENT_TYPE", "")
    try:
        if len(content_type) > MAX_CONTENT_TYPE:
            raise ValueError
        kind, params = parse_header_parameters(content_type)
    except ValueError:
        kind, params = "application/octet-stream", {"charset": ""}
    if params.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        environ["CONTENT_TYPE"] = f"{kind}+charset"


application = readable(get_wsgi_application())
