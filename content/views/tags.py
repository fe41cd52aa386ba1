"""The tags of what is public, and how many items have each."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from content.documents import RESOURCES
from content.publishing import states
from content.publishing.documents import ContentDocument
from content.publishing.due import next_due
from core.api import conditional
from core.api.envelope import OrjsonRenderer, answer
from core.api.fields import OneOf
from core.api.pagination import describe_whole
from core.api.views import BaseView, Taken, takes
from core.database.documents import Raw
from core.database.filters import caseless
from core.front.marks import is_given_unasked
from core.times import now

# More are no help to anybody; those that most items have are shown.
MAX_TAGS: Final = 1000
BY_NAME: Final = {document.collection_name(): document for document in RESOURCES}


ONE_KIND = Taken("Only of one kind of content.", {"type": "string", "enum": list(BY_NAME)})


class TagSerializer(serializers.Serializer):
    """A tag as it is most often spelled, and how many public items have it."""

    tag = serializers.CharField()
    count = serializers.IntegerField()


class TagsView(BaseView):
    authentication_classes = ()
    permission_classes = ()
    # Tags have no pages of their own to link to.
    renderer_classes = (OrjsonRenderer,)
    serializer_class = TagSerializer
    name = gettext_lazy("Tags")
    is_conditional = True

    @extend_schema(summary="Count the tags of what is public", responses=TagSerializer(many=True))
    @takes(resource=ONE_KIND)
    def get(self, request: Request) -> HttpResponse:
        wanted, moment = self.resources(), now()
        tags = counted(wanted, moment)
        message = _("Tag list retrieved successfully")
        response = answer(tags, message, meta=describe_whole(len(tags)))
        names = [document.collection_name() for document in wanted]
        return conditional.answer_rendered_read(
            request, response, depends_on=names, until=self.until(wanted, moment)
        )

    def resources(self) -> list[type[ContentDocument]]:
        """Raises DRF's ValidationError."""
        name = self.read_parameter("resource")
        if not name:
            return list(RESOURCES)
        try:
            return [BY_NAME[OneOf(list(BY_NAME)).run_validation(name)]]
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"resource": error.detail}) from error

    def until(self, wanted: list[type[ContentDocument]], moment: datetime) -> datetime | None:
        if not is_given_unasked(self.request):
            return None
        coming = [due for document in wanted if (due := next_due(document, moment))]
        return min(coming, default=None)


def counted(wanted: list[type[ContentDocument]], moment: datetime) -> list[dict[str, Any]]:
    """The tags, those of most items first."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for document in wanted:
        for found in document.collection().aggregate(pipeline(moment)):
            spellings[caseless(found["_id"])][found["_id"]] += found["count"]
    tags = [(each.most_common(1)[0][0], each.total()) for each in spellings.values()]
    tags.sort(key=lambda tag: (-tag[1], caseless(tag[0])))
    return [{"tag": tag, "count": count} for tag, count in tags[:MAX_TAGS]]


def pipeline(moment: datetime) -> list[Raw]:
    """Each spelling, and how many public items have it."""
    return [
        {"$match": states.public(moment) | {"tag_keys": {"$gt": ""}}},
        {"$unwind": "$tags"},
        {"$group": {"_id": "$tags", "count": {"$sum": 1}}},
    ]
