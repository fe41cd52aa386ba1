"""Who is asking, and what of the content they see."""

from collections.abc import Callable

from django.http import Http404
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.api.authentication import CookieAuthentication
from accounts.credentials.sessions import Principal
from content.publishing.states import Sight
from core.api.views import object_id
from core.database.documents import Raw, RawQuerySet
from core.errors import NotFound
from core.times import now

# Reading these ignores credentials where the public has an answer.
FOR_ALL = ("list", "retrieve", "by_slug")


class SightMixin:
    # Which items a request finds, where that is not what anybody does who may ask for it.
    sight: Sight | None = None

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

    def check_again(self, raw: Raw) -> None:
        """What was checked of an item when it was found, of its state in the transaction. Raises
        `NotFound` where it is not seen any more."""
        if not self.get_sight().includes(raw, now()):
            raise NotFound
        self.check_object_permissions(self.request, raw)
