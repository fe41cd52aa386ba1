"""What happened, for admins: the recorded events as a list."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import examples
from accounts.api.permissions import IsAdmin
from core.api.fields import IdField
from core.api.lists import answer_list, asked_for
from core.api.serializers import BaseDocumentSerializer
from core.api.views import BaseView
from core.database.listing import EVERYTHING, Scope
from core.events import Event
from core.times import now

UNLESS_TOLD = timedelta(days=7)


class ActorSerializer(serializers.Serializer):
    """Who did it, under the name they had then."""

    id = IdField()
    name = serializers.CharField()


@examples.event
class EventSerializer(BaseDocumentSerializer):
    """One thing that happened."""

    actor = ActorSerializer(label=gettext_lazy("Actor"), allow_null=True, read_only=True)
    data = serializers.DictField(
        read_only=True, help_text=gettext_lazy("What else is told, such as the former role.")
    )

    class Meta:
        model = Event
        fields = ("id", "type", "at", "actor", "resource", "object_id", "title", "data")
        read_only_fields = fields


class ActivityView(BaseView):
    """Events are kept for 180 days; without a time those of the last seven are shown."""

    permission_classes = (IsAdmin,)
    serializer_class = EventSerializer
    listing = Event.LISTING
    name = gettext_lazy("Activity")
    tags = ("users",)
    # Its items have no pages of their own.
    has_item_pages = False

    @extend_schema(
        operation_id="listActivity",
        summary="Show what happened",
        responses=EventSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        message = _("Activity retrieved successfully")
        scope = scope_of(asked_for(request))
        return answer_list(request, self.listing, EventSerializer, message, scope=scope)


def scope_of(params: Any) -> Scope:
    """The last days, where no time is asked for."""
    if {"after", "before"} & params.keys():
        return EVERYTHING
    return Scope(where={"at": {"$gte": now() - UNLESS_TOLD}})
