"""What an item was, and a way back to it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from content import services
from content.publishing import revisions
from content.publishing.states import STATES, Sight
from core.api.envelope import answer
from core.api.pagination import describe_whole
from core.api.views import NOT_KEPT, named, object_id, shows, untagged
from core.database.documents import Raw
from core.errors import NotFound
from core.times import isoformat

# No item is changed so often; the database knows no larger numbers either.
MAX_VERSION = 2**31


class PersonSerializer(serializers.Serializer):
    """Somebody, under the name they had then."""

    id = serializers.CharField()
    name = serializers.CharField()


class RevisionSerializer(serializers.Serializer):
    """A change of an item: by whom (null: not known) and when, and what it concerned."""

    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = PersonSerializer(allow_null=True)
    fields = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(STATES)


def detail_of(view: Any) -> serializers.Serializer:
    """A revision with the item as it was, which each resource has in its own shape."""
    # The validators of one within another are asked for before it knows its document.
    item = view.serializer_class(validators=[])
    fields = RevisionSerializer().get_fields() | {"item": item}
    name = f"{view.serializer_class.__name__.removesuffix('Serializer')}Revision"
    return inline_serializer(name, fields)


def shown(revision: Raw) -> dict[str, Any]:
    by = revision.get("by")
    return {
        "version": revision["version"],
        "at": isoformat(revision["at"]),
        "by": by and {"id": str(by["id"]), "name": by["name"]},
        "fields": revision["changed"],
        "status": revision["status"],
    }


class RevisionsMixin:
    """For those who may change the item, also while it is in the trash."""

    def get_item(self) -> Raw:
        self.sight = Sight(self.request.user, with_trash=True)
        return self.get_object()

    @untagged
    @named("list{}Revisions")
    @extend_schema(
        summary="Show the history, newest first", responses=RevisionSerializer(many=True)
    )
    @action(detail=True, url_path="revisions")
    def revisions(self, request: Request, id: str) -> Response:
        kept = [shown(each) for each in revisions.of_item(self.get_item()["_id"])]
        message = self.say(gettext_lazy("History of the %(noun)s"))
        return private(answer(kept, message, meta=describe_whole(len(kept))))

    @untagged
    @shows(detail_of)
    @named("get{}Revision")
    @extend_schema(summary="Show one version")
    @action(detail=True, url_path="revisions/<int:version>")
    def revision(self, request: Request, id: str, version: int) -> Response:
        raw = self.get_item()
        revision = revisions.of_version(raw["_id"], known(version))
        data = shown(revision) | {"item": self.as_it_was(raw, revision)}
        return private(answer(data, self.say(gettext_lazy("A version of the %(noun)s"))))

    def title_of(self) -> str:
        """The present title, for the pages of the history."""
        raw = self.document.collection().find_one({"_id": object_id(self.kwargs["id"], self.noun)})
        return self.document.title_of(raw or {}) or _("Untitled")

    def as_it_was(self, raw: Raw, revision: Raw) -> dict[str, Any]:
        item = self.serializer_class.represent(revisions.item_of(self.document, raw, revision))
        return item | {"status": revision["status"]}

    def as_it_was_before(self, version: int) -> dict[str, Any] | None:
        """The item in the version before this one, for the page that compares both."""
        raw = self.get_item()
        revision = revisions.before_version(raw["_id"], version)
        return revision and self.as_it_was(raw, revision)

    @named("restore{}Revision")
    @extend_schema(summary="Go back to a version", request=None)
    @action(detail=True, methods=["post"], url_path="revisions/<int:version>/restore")
    def restore_revision(self, request: Request, id: str, version: int) -> Response:
        key = self.get_object()["_id"]
        revision = revisions.of_version(key, known(version))

        def check(stored: Raw) -> None:
            self.check_again(stored)
            self.check_as_of_today(stored, revision)

        raw = services.restore_revision(
            self.document, key, version, actor=request.user, check=check
        )
        return self.show(raw, gettext_lazy("%(noun)s restored successfully"))

    def check_as_of_today(self, stored: Raw, revision: Raw) -> None:
        """Raises DRF's ValidationError where today nobody might write what was written then."""
        now, then = self.serializer_class.represent(stored), self.as_it_was(stored, revision)
        changes = {
            name: then[name]
            for name, field in self.get_serializer().fields.items()
            if not (field.read_only or name in revisions.STAYS or then[name] == now[name])
            and not isinstance(field, serializers.FileField)
        }
        serializer = self.get_serializer(instance=stored, data=changes, partial=True)
        serializer.is_valid(raise_exception=True)


def known(version: int) -> int:
    if version >= MAX_VERSION:
        raise NotFound
    return version


def private(response: Response) -> Response:
    response["Cache-Control"] = NOT_KEPT
    return response
