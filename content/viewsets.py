"""The routes of content: one base, and a resource is its attributes."""

from typing import Any

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
from content import serializers, services
from content.documents import ContentDocument
from content.permissions import ContentPermission, may_change
from content.publishing import states
from core.api import conditional
from core.api.envelope import answer
from core.api.lists import answer_list, read_query
from core.api.parsers import MultiPartParser, OrjsonParser
from core.api.views import ViewMixin, object_id
from core.database.documents import Raw, RawQuerySet
from core.database.listing import Listing, Scope
from core.errors import NotFound
from core.times import now


class ContentViewSet(ViewMixin, GenericViewSet):
    """A resource sets `serializer_class`, `noun`, the `title` of its list and, where its messages
    differ, `created_message`."""

    permission_classes = (ContentPermission,)
    # Forms with files first: that is what the documentation offers to try.
    parser_classes = (MultiPartParser, OrjsonParser, FormParser)
    is_conditional = True
    summaries = {
        "list": "List, newest first",
        "create": "Create",
        "retrieve": "Show one",
        "update": "Replace",
        "partial_update": "Change",
        "destroy": "Delete",
    }
    noun: Any
    title: Any
    created_message = gettext_lazy("%(noun)s created successfully")

    @property
    def document(self) -> type[ContentDocument]:
        return self.serializer_class.Meta.model

    @property
    def listing(self) -> Listing:
        return self.document.LISTING

    # --- Who is asking, and for what ---------------------------------------------------

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Reading ignores the Authorization header: an expired token closes no public page."""
        if self.request is not None and self.request.method in SAFE_METHODS:
            return [CookieAuthentication()]
        return super().get_authenticators()

    def perform_authentication(self, request: Request) -> None:
        """Readers are looked up only where a page for people wants to know."""
        if request.method not in SAFE_METHODS:
            super().perform_authentication(request)

    def get_queryset(self) -> RawQuerySet:
        """What is only shown is read without the rest, such as its search words."""
        is_shown = self.request.method in SAFE_METHODS
        return RawQuerySet(self.document, self.serializer_class.projection() if is_shown else None)

    def get_object(self) -> Raw:
        """The item of the address, if it may be had for this. Raises `InvalidId` too."""
        self.kwargs["id"] = object_id(self.kwargs["id"], self.noun)
        return super().get_object()

    def check_object_permissions(self, request: Request, obj: Raw) -> None:
        super().check_object_permissions(request, obj)
        if request.method not in SAFE_METHODS:
            self.check_preconditions(obj)

    # --- Actions -----------------------------------------------------------------------

    def list(self, request: Request) -> Response:
        message = self.say(gettext_lazy("%(noun)s list retrieved successfully"))
        query = read_query(request, self.listing, self.serializer_class)
        scope = Scope(states.public(now()))
        response = answer_list(
            request, self.listing, self.serializer_class, message, query=query, scope=scope
        )
        if request.accepted_renderer.format == "json":
            return conditional.answer_rendered_read(request, response, depends_on=self.depends_on())
        return response

    def retrieve(self, request: Request, id: str) -> Response | HttpResponse:
        response = self.show(
            self.get_object(), gettext_lazy("%(noun)s details retrieved successfully")
        )
        return conditional.answer_item_read(request, response, depends_on=self.depends_on())

    def create(self, request: Request) -> Response:
        raw = self.perform_create(self.get_valid_serializer())
        response = self.show(raw, self.created_message, status=201)
        response["Location"] = f"{request.path}/{raw['_id']}"
        return response

    def update(self, request: Request, id: str, *, partial: bool = False) -> Response:
        serializer = self.get_valid_serializer(self.get_object(), partial=partial)
        raw = self.perform_update(serializer)
        return self.show(raw, gettext_lazy("%(noun)s updated successfully"))

    def partial_update(self, request: Request, id: str) -> Response:
        return self.update(request, id, partial=True)

    def destroy(self, request: Request, id: str) -> Response:
        self.perform_destroy(self.get_object())
        return answer(None, self.say(gettext_lazy("%(noun)s deleted successfully")))

    # --- Writing -----------------------------------------------------------------------

    def get_valid_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer:
        serializer = self.get_serializer(*args, data=self.request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer

    def perform_create(self, serializer: BaseSerializer) -> Raw:
        return services.create(self.document, serializer.validated_data, author=self.request.user)

    def perform_update(self, serializer: BaseSerializer) -> Raw:
        return services.change(
            self.document,
            serializer.instance,
            serializer.values_to_write(),
            check=self.check_preconditions,
        )

    def perform_destroy(self, instance: Raw) -> None:
        services.delete(self.document, instance["_id"], check=self.check_preconditions)

    # --- Showing -----------------------------------------------------------------------

    def show(self, raw: Raw, message: Any, *, status: int = 200) -> Response:
        data = self.serializer_class.represent(raw)
        headers = {"ETag": data["etag"]}
        return answer(data, self.say(message), status=status, headers=headers)

    def depends_on(self) -> tuple[str, ...]:
        """The collections that lists and items are made from. The author's address is stored
        with each item, so accounts are none of them."""
        return (self.document.collection_name(),)

    def offers(self, method: str) -> bool:
        """Whether the page for people shows its reader the form for a method."""
        if "id" not in self.kwargs:
            return self.request.user is not None
        key = object_id(str(self.kwargs["id"]), self.noun)
        return may_change(self.request.user, RawQuerySet(self.document, ("author_id",)).get(id=key))

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


class ProgramViewSet(ContentViewSet):
    serializer_class = serializers.ProgramSerializer
    noun = gettext_lazy("program")
    title = gettext_lazy("Programs")


class BlogViewSet(ContentViewSet):
    serializer_class = serializers.BlogSerializer
    noun = gettext_lazy("blog")
    title = gettext_lazy("Blog")


class PhotoViewSet(ContentViewSet):
    serializer_class = serializers.PhotoSerializer
    noun = gettext_lazy("photo")
    title = gettext_lazy("Gallery")
    created_message = gettext_lazy("%(noun)s added successfully")


class PartnerViewSet(ContentViewSet):
    serializer_class = serializers.PartnerSerializer
    noun = gettext_lazy("partner")
    title = gettext_lazy("Partners")
    created_message = gettext_lazy("%(noun)s added successfully")
