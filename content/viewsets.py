"""The routes of content: one base, and a resource is its attributes."""

from typing import Any

from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import FormParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_mongoengine.viewsets import GenericViewSet

from accounts.api.authentication import CookieAuthentication
from content import serializers, services
from content.documents import ContentDocument
from content.permissions import ReadOrActiveUser, may_change
from core.api import conditional
from core.api.envelope import answer, dumps
from core.api.lists import answer_list
from core.api.parsers import MultiPartParser, OrjsonParser
from core.api.views import StrictQueryMixin, object_id
from core.database.documents import Raw
from core.database.listing import Listing
from core.errors import Forbidden, NotFound


class ContentViewSet(StrictQueryMixin, GenericViewSet):
    # A resource sets `serializer_class`, `noun`, the `title` of its list and, where its messages
    # differ, `created_message`. A view's docstring is shown in the documentation, so a base has
    # none.

    permission_classes = (ReadOrActiveUser,)
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

    # --- Reading -----------------------------------------------------------------------

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Reading ignores the Authorization header: an expired token closes no public page."""
        if self.request is not None and self.request.method in SAFE_METHODS:
            return [CookieAuthentication()]
        return super().get_authenticators()

    def perform_authentication(self, request: Request) -> None:
        """Readers are looked up only where a page for people wants to know."""
        if request.method not in SAFE_METHODS:
            super().perform_authentication(request)

    def list(self, request: Request) -> Response | HttpResponse:
        message = self.say(gettext_lazy("%(noun)s list retrieved successfully"))
        response = answer_list(request, self.listing, self.serializer_class, message)
        body = dumps(response.data)
        return self.conditional(response, conditional.page_tag(body), body)

    def retrieve(self, request: Request, id: str) -> Response | HttpResponse:
        raw = self.find(id, self.serializer_class.projection())
        response = self.show(raw, gettext_lazy("%(noun)s details retrieved successfully"))
        return self.conditional(response, conditional.item_tag(raw))

    def conditional(
        self, response: Response, tag: str, body: bytes | None = None
    ) -> Response | HttpResponse:
        """The answer with its entity tag, or 304. Pages for people differ by who reads them."""
        request = self.request
        if request.accepted_renderer.format != "json":
            if "ETag" in response:
                response["ETag"] = conditional.html_tag(tag)
            return response
        if conditional.is_fresh(request, tag):
            return conditional.not_modified(tag)
        if body is not None:
            response = HttpResponse(body, content_type="application/json")
        return conditional.mark(response, tag)

    # --- Writing -----------------------------------------------------------------------

    def create(self, request: Request) -> Response:
        raw = services.create(self.document, self.validated(), author=request.user)
        response = self.show(raw, self.created_message, status=201)
        response["Location"] = f"{request.path}/{raw['_id']}"
        return response

    def update(self, request: Request, id: str) -> Response:
        return self.change(id, partial=False)

    def partial_update(self, request: Request, id: str) -> Response:
        return self.change(id, partial=True)

    def change(self, id: str, *, partial: bool) -> Response:
        raw = self.find_own(id, gettext_lazy("You do not have access to change this %(noun)s"))
        values = self.validated(raw, partial=partial)
        after = services.change(self.document, raw["_id"], values, check=self.require_match)
        return self.show(after, gettext_lazy("%(noun)s updated successfully"))

    def destroy(self, request: Request, id: str) -> Response:
        raw = self.find_own(id, gettext_lazy("You do not have access to delete this %(noun)s"))
        services.delete(self.document, raw["_id"], check=self.require_match)
        return answer(None, self.say(gettext_lazy("%(noun)s deleted successfully")))

    def validated(self, raw: Raw | None = None, *, partial: bool = False) -> Raw:
        """The values to write; PUT returns what it does not carry to its default."""
        serializer = self.get_serializer(raw, data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        reset = serializer.defaults() if raw is not None and not partial else {}
        return reset | serializer.validated_data

    def require_match(self, raw: Raw) -> None:
        conditional.require_match(self.request, raw)

    # --- Shared ------------------------------------------------------------------------

    def find(self, id: str, projection: dict[str, int] | None = None) -> Raw:
        """The stored document. Raises `InvalidId`, `NotFound`."""
        raw = self.document.collection().find_one({"_id": object_id(id, self.noun)}, projection)
        if raw is None:
            raise NotFound
        return raw

    def find_own(self, id: str, refusal: Any) -> Raw:
        """The stored document, where the user may change it. Raises `Forbidden` too."""
        raw = self.find(id)
        if not may_change(self.request.user, raw):
            raise Forbidden(self.say(refusal))
        self.require_match(raw)
        return raw

    def offers(self, method: str) -> bool:
        """Whether the page for people shows its reader the form for a method."""
        if "id" not in self.kwargs:
            return self.request.user is not None
        return may_change(self.request.user, self.find(self.kwargs["id"], {"author_id": 1}))

    def show(self, raw: Raw, message: Any, *, status: int = 200) -> Response:
        data = self.serializer_class.represent(raw)
        headers = {"ETag": conditional.item_tag(raw)}
        return answer(data, self.say(message), status=status, headers=headers)

    def get_view_name(self) -> Any:
        return self.title

    def say(self, message: Any) -> str:
        """A message about this kind of thing."""
        return capfirst(message % {"noun": self.noun})

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, NotFound):
            error.message = self.say(gettext_lazy("%(noun)s not found"))
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
