"""One answer, as pages ask about it: what kind it is, what it holds and who reads it."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import principal_of
from accounts.credentials.sessions import Principal
from core.events import Event
from editors import publication
from editors.items import Item, ShownItem


class Answer:
    """What a view answered, and what it declares."""

    def __init__(self, envelope: Item, response: Response, view: Any, request: Request) -> None:
        self.envelope, self.response, self.view, self.request = envelope, response, view, request
        self.data, self.meta = envelope["data"], envelope["meta"] or {}
        self.failed = response.status_code >= 400
        self.errors = self.meta.get("errors", {}) if self.failed else {}
        self.is_list = getattr(view, "listing", None) and "id" not in view.kwargs
        self.item = self.data if isinstance(self.data, dict) and "id" in self.data else None

    @cached_property
    def reader(self) -> Principal | None:
        """Who is logged in; where the database is away, nobody asks it."""
        return None if self.response.status_code >= 500 else principal_of(self.request)

    @property
    def may_publish(self) -> bool:
        return publication.may_publish(self.reader)

    @property
    def is_content(self) -> bool:
        """Whether it is about what people publish."""
        return hasattr(self.view, "changeable")

    @property
    def state(self) -> str:
        """Which state a list of content is about."""
        return self.request.query_params.get("state") or "published"

    def items(self) -> list[Item]:
        is_elsewhere = self.is_history or self.is_activity
        return self.data if isinstance(self.data, list) and not is_elsewhere else []

    @property
    def is_activity(self) -> bool:
        """Whether it tells what happened: in sentences."""
        return self.is_list and not self.failed and self.output_class.Meta.model is Event

    @property
    def is_front(self) -> bool:
        return getattr(self.view, "is_front", False) and not self.failed

    @property
    def is_history(self) -> bool:
        return not self.failed and getattr(self.view, "action", "") in ("revisions", "revision")

    def title(self) -> Any:
        if self.is_history:
            if "version" in self.view.kwargs:
                return _("Version %(number)s") % {"number": self.view.kwargs["version"]}
            return _("History")
        shown = self.item and self.shown(self.item)
        return shown.title() if shown and shown.heading else self.view.get_view_name()

    def shown(self, item: Item) -> ShownItem:
        return ShownItem(self.output_class(), item)

    @property
    def output_class(self) -> type:
        """The serializer of what is shown, where that is another than of what is taken."""
        return getattr(self.view, "output_class", self.view.serializer_class)

    def item_url(self) -> str:
        """Where a shown item lives, if that is not here: after it was created."""
        is_here = self.item is None or "id" in self.view.kwargs or not self.is_list
        return "" if is_here else f"{self.request.path}/{self.item['id']}"
