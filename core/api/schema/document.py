"""The document itself: made once per process, in English, and served with an entity tag."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from core.api.conditional import answer_read, content_tag
from core.api.envelope import dumps


class EnglishGenerator(SchemaGenerator):
    """The same document for everybody, whatever language they read."""

    def get_schema(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with override("en"):
            return super().get_schema(*args, **kwargs)


@cache
def document() -> tuple[bytes, str]:
    """The document and its entity tag."""
    content = dumps(EnglishGenerator().get_schema(public=True))
    return content, content_tag(content)


# So that another method is told to be one (405), not taken for a forged form (403).
@csrf_exempt
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    content, tag = document()
    return answer_read(request, HttpResponse(content, content_type="application/json"), tag)
