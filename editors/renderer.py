"""The browsable API: the working tool of editors."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BrowsableAPIRenderer

from core.api.envelope import success


class BrowsableRenderer(BrowsableAPIRenderer):
    """Pages of our own over DRF's mechanism, without external assets or inline scripts."""

    template = "browsable/page.html"

    def get_context(
        self, data: Any, accepted_media_type: str, renderer_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        # DRF loads the renderers before the views that pages know of.
        from editors.pages import AnswerPage

        response = renderer_context["response"]
        is_enveloped = isinstance(data, dict) and "status" in data
        envelope = data if is_enveloped else success(data, "")
        page = AnswerPage(envelope, response, renderer_context["view"], renderer_context["request"])
        response.setdefault("Cache-Control", page.cache_control())
        return page.context()
