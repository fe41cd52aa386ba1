"""The document itself: made once per process, in English, and served with an entity tag."""

from functools import cache
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator

from core.api.conditional import answer_read, content_tag
from core.api.envelope import dumps
from core.api.views import read_only

_making = Lock()


class EnglishGenerator(SchemaGenerator):
    """The same document for everybody, whatever language they read."""

    def get_schema(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with override("en"):
            return super().get_schema(*args, **kwargs)


def document() -> tuple[bytes, str]:
    """The document and its entity tag."""
    # The generator fails where two threads use it for the first time.
    with _making:
        return _made()


@cache
def _made() -> tuple[bytes, str]:
    content = dumps(EnglishGenerator().get_schema(public=True))
    return content, content_tag(content)


@read_only
def show(request: HttpRequest) -> HttpResponse:
    content, tag = document()
    response = HttpResponse(content, content_type="application/json")
    return answer_read(request, response, tag, depends_on=())
