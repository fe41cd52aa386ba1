"""Text as readers will see it, while it is written."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.api.permissions import IsActiveUser
from content.publishing import text
from core.api.envelope import answer
from core.api.fields import MultilineField
from core.api.parsers import OrjsonParser
from core.api.serializers import StrictSerializer
from core.api.views import BaseView
from core.database.counters import count
from core.environment import Rate

# As long as the longest text of an item.
MAX_LENGTH = 100_000
# Of one person: the pages ask after each pause in writing.
RATE = Rate(limit=60, period=60)


class PreviewThrottle(BaseThrottle):
    """Apart from what limits writing: a preview must not keep anybody from saving."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user:
            count(f"preview:{request.user.id}", RATE).enforce()
        return True


class TextInput(StrictSerializer):
    text = MultilineField(max_length=MAX_LENGTH, allow_blank=True)


class TextSerializer(serializers.Serializer):
    """The text as HTML, cleaned, and the beginning of it as plain text."""

    html = serializers.CharField()
    excerpt = serializers.CharField()


class TextPreviewView(BaseView):
    permission_classes = (IsActiveUser,)
    throttle_classes = (PreviewThrottle,)
    parser_classes = (OrjsonParser,)
    serializer_class = TextInput
    name = gettext_lazy("Preview")
    tags = ("blogs",)

    @extend_schema(
        operation_id="previewText",
        summary="Show Markdown as readers will see it",
        description="Nothing is kept. Sixty times a minute at most for each person.",
        responses=TextSerializer,
    )
    def post(self, request: Request) -> Response:
        shown = text.render(self.read_input()["text"])
        return answer({"html": shown.html, "excerpt": shown.excerpt}, _("Preview"))
