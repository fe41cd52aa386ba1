"""Lists and items: what every resource offers."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import FormParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework_mongoengine.viewsets import GenericViewSet

from accounts.api.authentication import CookieAuthentication
from accounts.credentials.sessions import Principal
from content import services
from content.permissions import ContentPermission, may_change
from content.publishing import states
from content.publishing.documents import ContentDocument
from content.publishing.due import next_due
from content.publishing.states import Sight
from core.api import conditional
from core.api.envelope import answer
from core.api.lists import answer_list, read_query
from core.api.pagination import Selection, read_page
from core.api.parsers import MultiPartParser, OrjsonParser
from core.api.views import NOT_KEPT, ViewMixin, object_id
from core.database.documents import Raw, RawQuerySet
from core.database.listing import Clause, Listing, ListQuery, Scope
from core.errors import NotFound, Unauthenticated
from core.front.marks import WHOLE
from core.times import now

# Reading these ignores credentials where the public has an answer.
FOR_ALL = ("list", "retrieve", "by_slug")


class BaseContentViewSet(ViewMixin, GenericViewSet):
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
    # Which items a request finds, where that is not what anybody does who may ask for it.
    sight: Sight | None = None

    @property
    def document(self) -> type[ContentDocument]:
        return self.serializer_class.Meta.model

    @property
    def listing(self) -> Listing:
        return self.document.LISTING

    # --- Who is asking, and for what ---------------------------------------------------

    @property
    def is_for_all(self) -> bool:
        """Whether the request reads what anybody may read, or asks what can be done here."""
        method = self.request.method
        return method == "OPTIONS" or self.action_map.get(method.lower()) in FOR_ALL

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Reading ignores the Authorization header: an expired token closes no public page."""
        if self.request is not None and self.is_for_all:
            return [CookieAuthentication()]
        return super().get_authenticators()

    def perform_authentication(self, request: Request) -> None:
        """Readers are looked up only where the public has no answer, or where a page for people
        wants to know."""
        if not self.is_for_all:
            super().perform_authentication(request)

    def reader(self) -> Principal | None:
        """Who wants to see more than the public, None without credentials. Raises
        `AuthenticationFailed` where they are not good."""
        self.request.authenticators = super().get_authenticators()
        return self.request.user

    def get_queryset(self) -> RawQuerySet:
        """What is only shown is read without the rest, such as its search words."""
        is_shown = self.is_for_all
        projection = self.serializer_class.projection() if is_shown else None
        return RawQuerySet(self.document, projection, where=self.get_sight().clause(now()))

    def get_sight(self) -> Sight:
        return self.sight or (Sight() if self.is_for_all else Sight(self.request.user))

    def get_object(self) -> Raw:
        """The item of the address, if it may be had for this. Raises `InvalidId` too."""
        self.kwargs["id"] = object_id(self.kwargs["id"], self.noun)
        return self.found(super().get_object)

    def found(self, find: Callable[[], Raw]) -> Raw:
        """What `find` finds; where the public is told that there is nothing, credentials are
        looked at."""
        try:
            return find()
        except (Http404, NotFound):
            if not self.is_for_all or self.sight or not self.reader():
                raise
            self.sight = Sight(self.request.user)
            return find()

    def check_object_permissions(self, request: Request, obj: Raw) -> None:
        super().check_object_permissions(request, obj)
        if request.method not in SAFE_METHODS:
            self.check_preconditions(obj)

    def check_again(self, raw: Raw) -> None:
        """What was checked of an item when it was found, of its state in the transaction. Raises
        `NotFound` where it is not seen any more."""
        if not self.get_sight().includes(raw, now()):
            raise NotFound
        self.check_object_permissions(self.request, raw)

    # --- Actions -----------------------------------------------------------------------

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
        if request.accepted_renderer.format != "json":
            if reader:
                response["Cache-Control"] = NOT_KEPT
            return response
        if reader:
            return conditional.answer_rendered_read(request, response, cache_control=NOT_KEPT)
        until = self.until(request, moment)
        return conditional.answer_rendered_read(
            request,
            response,
            depends_on=self.depends_on(),
            until=until,
            # Where the same is found and something else is due, it is right for another time.
            read_again=(
                [response.found, until],
                partial(public_page, self.serializer_class, query),
            ),
        )

    def tells_addresses(self, request: Request) -> bool:
        """Whether the list tells whose an address is, where addresses are not shown."""
        asked_for = request.query_params.get("author", "").strip(" ")
        return not settings.SHOW_AUTHOR_EMAIL and bool(asked_for)

    def retrieve(self, request: Request, id: str) -> Response | HttpResponse:
        raw = self.get_object()
        find = partial(public_item, self.serializer_class, raw["_id"])
        return self.answer_item(raw, read_again=(raw, find))

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

    def until(self, request: Request, moment: datetime) -> datetime | None:
        """When a list changes though nothing is written; asked only where it may be kept."""
        return next_due(self.document, moment) if WHOLE in request.META else None

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


# --- Reading again, when the request is over -------------------------------------------


def public_page(serializer: type[BaseSerializer], query: ListQuery) -> Any:
    """What a list of the public is made from now, and until when."""
    document, moment = serializer.Meta.model, now()
    scope = scope_of("published", states.public(moment))
    selection = Selection.of(document.collection(), document.LISTING, query, scope)
    found = read_page(selection, serializer.projection(query.names)).found()
    return [found, next_due(document, moment)]


def public_item(serializer: type[BaseSerializer], id: ObjectId) -> Raw | None:
    """An item as the public has it now."""
    where = states.public(now())
    return RawQuerySet(serializer.Meta.model, serializer.projection(), where=where).find(id)


def scope_of(state: str, where: Clause) -> Scope:
    """A list of what is in a state: the public's newest first, others' by their last change."""
    if state == "published":
        return Scope(where)
    # Few in number, so that they are sorted in memory where no index fits.
    return Scope(where, "-updated_at", {"published_at": "published_at"})
