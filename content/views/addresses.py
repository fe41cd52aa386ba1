"""Items by the address that people see."""

from contextlib import suppress
from urllib.parse import urlencode

from bson import ObjectId
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from content.publishing import slugs
from content.publishing.states import Sight
from core.api.envelope import answer
from core.api.views import NOT_KEPT, Taken, moves, named, object_id, refuses, takes
from core.database.documents import Raw
from core.errors import NotFound
from core.times import now

TOKEN = Taken("The token of a preview link.", {"type": "string"})


class AddressesMixin:
    @refuses("401", "403")
    @takes(preview=TOKEN)
    def retrieve(self, request: Request, id: str) -> Response | HttpResponse:
        if self.is_page and not ObjectId.is_valid(id):
            with suppress(NotFound):
                return self.page_of(id)
        if token := self.read_parameter("preview"):
            return self.answer_preview(token, {"_id": object_id(id, self.noun)})
        return super().retrieve(request, id)

    @moves
    @refuses("401", "403")
    @named("get{}BySlug")
    @extend_schema(summary="Show one by its address")
    @takes(preview=TOKEN)
    @action(detail=False, url_path="by-slug/<str:slug>")
    def by_slug(self, request: Request, slug: str) -> Response | HttpResponse:
        if self.is_page:
            return self.page_of(slug)
        if token := self.read_parameter("preview"):
            return self.answer_preview(token, slugs.known_as(slug))
        raw = self.found(lambda: self.called(slug))
        # One that has no slug any more is still found under those it had.
        is_here = raw.get("slug", slug) == slug
        return self.answer_item(raw) if is_here else self.moved(raw)

    def page_of(self, slug: str) -> HttpResponse:
        """The way to the item's page, which stands under its id: where no other site shows what is
        published, links for readers lead here. Raises `NotFound`, `InvalidPreview`."""
        here = self.request.path.rpartition("/")[0].removesuffix("/by-slug")
        if token := self.read_parameter("preview"):
            shown = self.answer_preview(token, slugs.known_as(slug)).data["data"]
            page = f"{here}/{shown['id']}?{urlencode({'preview': token})}"
        else:
            page = f"{here}/{self.found(lambda: self.called(slug))['_id']}"
        response = redirect(page)
        response["Cache-Control"] = NOT_KEPT
        return response

    def called(self, slug: str) -> Raw:
        """The item that has this slug, else the one that had it. Raises `NotFound`."""
        names = self.serializer_class.projection()
        sight = self.get_sight().clause(now())
        where = {"$and": [slugs.known_as(slug), sight]}
        found = list(self.document.collection().find(where, names).limit(2))
        present = [raw for raw in found if raw.get("slug") == slug]
        for raw in present or found:
            return raw
        raise NotFound

    def moved(self, raw: Raw) -> Response:
        """Where the item is now, for good as far as anybody knows (RFC 9110, 15.4.9)."""
        here = self.request.path.rpartition("/")[0]
        kept = "no-cache" if self.get_sight() == Sight() else NOT_KEPT
        headers = {"Location": f"{here}/{raw['slug']}", "Cache-Control": kept}
        message = self.say(gettext_lazy("%(noun)s has another address"))
        return answer(None, message, status=308, headers=headers)
