"""Lists and items: what every resource offers."""

from collections.abc import Iterable
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from rest_framework.parsers import FormParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework_mongoengine.viewsets import GenericViewSet

from content import services
from content.permissions import ContentPermission, may_change
from content.publishing import states
from content.publishing.documents import ContentDocument
from content.publishing.due import next_due
from content.publishing.states import Sight
from content.views.public import item_again, page_again, scope_of
from content.views.sight import SightMixin
from core.api import conditional
from core.api.envelope import answer
from core.api.lists import answer_list, read_query
from core.api.parsers import MultiPartParser, OrjsonParser
from core.api.views import NOT_KEPT, ViewMixin, refuses
from core.database.documents import Raw
from core.database.listing import Listing
from core.errors import NotFound, Unauthenticated
from core.front.marks import is_given_unasked
from core.times import now


class BaseContentViewSet(SightMixin, ViewMixin, GenericViewSet):
    permission_classes = (ContentPermission,)
    # Forms with files first: that is what the documentation offers to try.
    parser_classes = (MultiPartParser, OrjsonParser, FormParser)
    is_conditional = True
    further_refusals = ("409",)
    summaries = {
        "list": "List, newest first",
        "create": "Create",
        "retrieve": "Show one",
        "update": "Replace",
        "partial_update": "Change",
    }
    noun: Any
    title: Any

    @property
    def document(self) -> type[ContentDocument]:
        return self.serializer_class.Meta.model

    @property
    def listing(self) -> Listing:
        return self.document.LISTING

    def check_object_permissions(self, request: Request, obj: Raw) -> None:
        super().check_object_permissions(request, obj)
        if request.method not in SAFE_METHODS:
            self.check_preconditions(obj)

    # --- Actions -----------------------------------------------------------------------

    @refuses("401")
    def list(self, request: Request) -> Response:
        query = read_query(request, self.listing, self.serializer_class)
        query = query._replace(names=query.names or self.serializer_class.listed())
        moment, is_public = now(), query.state == "published"
        reader = None if is_public else self.reader()
        if self.tells_addresses(request) and not (reader := self.reader()):
            raise Unauthenticated
        scope = scope_of(query.state, states.listed(query.state, reader, moment))
        message = self.say(gettext_lazy("%(noun)s list retrieved successfully"))
        response = answer_list(
            request, self.listing, self.serializer_class, message, query=query, scope=scope
        )
        if self.is_page:
            if reader:
                response["Cache-Control"] = NOT_KEPT
            return response
        if reader:
            return conditional.answer_rendered_read(request, response, cache_control=NOT_KEPT)
        return conditional.answer_rendered_read(
            request,
            response,
            depends_on=self.depends_on(),
            until=next_due(self.document, moment) if is_given_unasked(request) else None,
            read_again=page_again(self.serializer_class, query, response.page),
        )

    def tells_addresses(self, request: Request) -> bool:
        """Whether the list tells whose an address is, where addresses are not shown."""
        asked_for = request.query_params.get("author", "").strip(" ")
        return not settings.SHOW_AUTHOR_EMAIL and bool(asked_for)

    def retrieve(self, request: Request, id: str) -> Response | HttpResponse:
        raw = self.get_object()
        return self.answer_item(raw, read_again=item_again(self.serializer_class, raw))

    def update(self, request: Request, id: str, *, partial: bool = False) -> Response:
        serializer = self.get_valid_serializer(self.get_object(), partial=partial)
        raw = self.perform_update(serializer)
        return self.show(raw, gettext_lazy("%(noun)s updated successfully"))

    def partial_update(self, request: Request, id: str) -> Response:
        return self.update(request, id, partial=True)

    # --- Writing -----------------------------------------------------------------------

    def get_valid_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer:
        serializer = self.get_serializer(*args, data=self.request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer

    def perform_update(self, serializer: BaseSerializer) -> Raw:
        return services.change(
            self.document,
            serializer.instance,
            serializer.values_to_write(),
            actor=self.request.user,
            check=self.check_again,
        )

    # --- Showing -----------------------------------------------------------------------

    def show(self, raw: Raw, message: Any, *, status: int = 200) -> Response:
        data = self.serializer_class.represent(raw)
        headers = {"ETag": data["etag"]}
        return answer(data, self.say(message), status=status, headers=headers)

    def answer_item(
        self, raw: Raw, *, read_again: conditional.ReadAgain | None = None
    ) -> Response | HttpResponse:
        """The answer that shows an item; where the public would not get it, no cache keeps it."""
        message = gettext_lazy("%(noun)s details retrieved successfully")
        options = (
            {"depends_on": self.depends_on(), "read_again": read_again}
            if self.get_sight() == Sight()
            else {"cache_control": NOT_KEPT}
        )
        return conditional.answer_item_read(self.request, self.show(raw, message), **options)

    def depends_on(self) -> tuple[str, ...]:
        """The collections that lists and items are made from. The author's names are stored with
        each item, so accounts are none of them."""
        return (self.document.collection_name(),)

    def offers(self, method: str) -> bool:
        """Whether the page for people shows its reader the form for a method."""
        if "id" not in self.kwargs:
            return self.request.user is not None
        return bool(self.changeable([self.kwargs["id"]]))

    def changeable(self, ids: Iterable[str]) -> set[str]:
        """Which of these items the reader of a page may change."""
        if not self.request.user:
            return set()
        where = {"_id": {"$in": list(map(ObjectId, filter(ObjectId.is_valid, ids)))}}
        names = dict.fromkeys(("author_id", "status", states.KEY), 1)
        found = self.document.collection().find(where, names)
        return {str(raw["_id"]) for raw in found if may_change(self.request.user, raw)}

    def get_view_name(self) -> Any:
        return self.title

    def say(self, message: Any) -> str:
        """A message about this kind of thing."""
        return capfirst(message % {"noun": self.noun})

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> None:
        """The refusal names what was wanted."""
        wanted = {
            "DELETE": gettext_lazy("You do not have access to delete this %(noun)s"),
            "PUT": gettext_lazy("You do not have access to change this %(noun)s"),
            "PATCH": gettext_lazy("You do not have access to change this %(noun)s"),
        }.get(request.method)
        super().permission_denied(request, self.say(wanted) if wanted else message, code)

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, NotFound | Http404):
            error = NotFound(self.say(gettext_lazy("%(noun)s not found")))
        return super().handle_exception(error)
