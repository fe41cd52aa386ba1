"""Every answer as a page: what the templates of the browsable API need to know.

A view helps by what it declares anyway (`listing`, `serializer_class`) and, where not
every reader may do everything, by `offers(method)`: whether to show its form.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.breadcrumbs import get_breadcrumbs

from accounts.api.authentication import principal_of
from accounts.credentials.sessions import Principal
from core.events import Event
from editors import activity, home, publication
from editors.forms import Box, Errors, Form, errors_elsewhere, filter_boxes, input_boxes
from editors.history import changes, version
from editors.items import Item, ShownItem


class Link(NamedTuple):
    label: Any
    url: str


class AnswerPage:
    """One answer as a page."""

    def __init__(self, envelope: Item, response: Response, view: Any, request: Request) -> None:
        self.envelope, self.response, self.view, self.request = envelope, response, view, request
        self.data, self.meta = envelope["data"], envelope["meta"] or {}
        self.failed = response.status_code >= 400
        self.errors = self.meta.get("errors", {}) if self.failed else {}
        self.is_list = getattr(view, "listing", None) and "id" not in view.kwargs
        self.item = self.data if isinstance(self.data, dict) and "id" in self.data else None

    def context(self) -> dict[str, Any]:
        filters = self.filters()
        shown_forms = list(self.forms())
        boxes = [*filters, *(box for form in shown_forms for box in form.boxes)]
        # A form that is open says by itself what it complains about.
        said = any(form.is_open for form in shown_forms)
        return {
            "reader": self.reader,
            "title": self.title(),
            "message": self.message(has_forms=bool(shown_forms)),
            "failed": self.failed,
            "errors": [] if said else errors_elsewhere(self.errors, boxes),
            # The title of what could not be shown is that of the list above it.
            "is_lost": self.failed and "id" in self.view.kwargs,
            "crumbs": self.crumbs(),
            "path": self.request.path,
            "full_path": self.request.get_full_path(),
            "related": self.links("related"),
            "actions": self.links("actions"),
            "filters": filters,
            "is_filtered": self.is_filtered(),
            "is_narrowed": any(
                box.errors or box.value not in ("", box.default) for box in filters[1:]
            ),
            "is_list": isinstance(self.data, list) and not self.is_history,
            "cards": [self.shown(item).card(self.collection()) for item in self.items()],
            "tabs": self.tabs(),
            "state": self.state,
            "changeable": self.changeable(),
            "is_content": self.is_content,
            "meta": self.meta,
            "place": self.place(),
            "item": self.item and self.shown(self.item),
            "item_url": self.item_url(),
            "forms": shown_forms,
            "can_delete": self.item is not None and self.offers("DELETE"),
            "why_not": self.why_not(),
            "is_history": self.is_history,
            "item_path": self.request.path.partition("/revisions")[0],
            "is_activity": self.is_activity,
            "activity": list(activity.lines(self.data)) if self.is_activity else None,
            "removal": getattr(self.view, "removal", _("Remove")),
            "removal_of_each": getattr(self.view, "removal_of_each", ""),
            "removal_question": getattr(self.view, "removal_question", ""),
            **self.history(),
            **self.front(),
            "may_publish": self.may_publish,
            "trash_days": settings.TRASH_DAYS,
            "parent": self.request.path.rpartition("/")[0] or "/",
            "etag": self.response.get("ETag", ""),
            "json": orjson.dumps(self.envelope, default=str, option=orjson.OPT_INDENT_2).decode(),
        }

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

    def tabs(self) -> list[publication.Tab]:
        """For those who may see more than what is public."""
        if not (self.is_list and self.is_content and self.reader):
            return []
        return list(publication.tabs(self.view.listing, self.request.path, self.state))

    def changeable(self) -> set[str]:
        """The items of a list that its reader may change."""
        if not (self.is_content and self.items() and self.reader):
            return set()
        return self.view.changeable(item["id"] for item in self.items())

    def why_not(self) -> str:
        """Why whoever is logged in cannot change the item."""
        if not (self.is_content and self.item and self.reader) or self.offers("PATCH"):
            return ""
        return publication.why_not(self.reader)

    def items(self) -> list[Item]:
        is_elsewhere = self.is_history or self.is_activity
        return self.data if isinstance(self.data, list) and not is_elsewhere else []

    @property
    def is_activity(self) -> bool:
        """Whether it tells what happened: in sentences."""
        return self.is_list and not self.failed and self.output_class.Meta.model is Event

    @property
    def is_history(self) -> bool:
        return not self.failed and getattr(self.view, "action", "") in ("revisions", "revision")

    def history(self) -> dict[str, Any]:
        """The versions of an item, or one of them beside its former."""
        if not self.is_history:
            return {}
        fields, path = self.output_class().fields, self.request.path
        if isinstance(self.data, list):
            lines = [version(fields, each, f"{path}/{each['version']}") for each in self.data]
            return {"history": lines, "versions": len(lines)}
        before = self.view.as_it_was_before(self.data["version"])
        return {
            "revision": version(fields, self.data, path),
            "changes": list(changes(fields, before, self.data["item"])),
            "is_first": before is None,
        }

    def front(self) -> dict[str, Any]:
        """What the front page shows of the content; nothing elsewhere."""
        if not getattr(self.view, "is_front", False) or self.failed:
            return {}
        if self.reader:
            return {"board": home.board(self.reader)}
        return {"newest": home.newest()}

    def collection(self) -> str | None:
        """Where the pages of a list's items are, if they have some."""
        return self.request.path if getattr(self.view, "has_item_pages", True) else None

    def is_filtered(self) -> bool:
        given = self.request.query_params.items()
        return any(value for name, value in given if name not in ("skip", "limit", "cursor"))

    def place(self) -> str:
        """Which items of how many a page shows, where that is known: not after a cursor."""
        is_known = self.is_list and self.meta.get("total") is not None
        if not is_known or "cursor" in self.request.query_params:
            return ""
        skip, count, total = (self.meta[name] for name in ("skip", "count", "total"))
        if count in (0, total):
            return _("%(count)s of %(total)s") % {"count": count, "total": total}
        numbers = {"first": skip + 1, "last": skip + count, "total": total}
        return _("%(first)s to %(last)s of %(total)s") % numbers

    # --- Where it is -------------------------------------------------------------------

    def title(self) -> Any:
        if self.is_history:
            return _("History")
        shown = self.item and self.shown(self.item)
        return shown.title() if shown and shown.heading else self.view.get_view_name()

    def shown(self, item: Item) -> ShownItem:
        return ShownItem(self.output_class(), item)

    @property
    def output_class(self) -> type:
        """The serializer of what is shown, where that is another than of what is taken."""
        return getattr(self.view, "output_class", self.view.serializer_class)

    def crumbs(self) -> list[Link]:
        """The pages above this one."""
        crumbs = [Link(*crumb) for crumb in get_breadcrumbs(self.request.path)[:-1]]
        if self.is_history:
            # The item under its title, and its history above one version.
            crumbs[2:] = [Link(self.view.title_of(), crumbs[2].url), *self._above(crumbs[3:])]
        return [Link(_("Home"), crumbs[0].url), *crumbs[1:]] if crumbs else []

    def _above(self, crumbs: list[Link]) -> list[Link]:
        return [Link(_("History"), crumb.url) for crumb in crumbs]

    def item_url(self) -> str:
        """Where a shown item lives, if that is not here: after it was created."""
        is_here = self.item is None or "id" in self.view.kwargs or not self.is_list
        return "" if is_here else f"{self.request.path}/{self.item['id']}"

    def links(self, kind: str) -> list[Link]:
        """The pages that the view says belong to what it shows (`related`), or that do something
        with it at the press of a button (`actions`)."""
        named: Iterable[tuple[Any, str]] = () if self.failed else getattr(self.view, kind, ())
        within = [*self.view.kwargs.values()]
        return [Link(label, reverse(name, args=within)) for label, name in named]

    def message(self, *, has_forms: bool) -> str:
        """What to tell: of a refusal the reason, of a change that it happened."""
        is_asking = self.request.method in ("GET", "HEAD")
        is_form_only = self.response.status_code == 405 and has_forms
        return "" if is_asking and (not self.failed or is_form_only) else self.envelope["message"]

    # --- What can be done --------------------------------------------------------------

    def offers(self, method: str) -> bool:
        """Whether the reader is shown the form for a method of this view."""
        status = self.response.status_code
        if method not in self.view.allowed_methods or status in (401, 403, 404) or status >= 500:
            return False
        hook = getattr(self.view, "offers", None)
        return hook(method) if hook else True

    def forms(self) -> Iterator[Form]:
        if self.is_list and self.errors and self.request.method == "GET":
            return
        if not self.item_url() and self.offers("POST"):
            yield self.form("POST", self.adding() if self.is_list else self.title())
        if self.item is not None and self.offers("PATCH"):
            yield self.form("PATCH", _("Edit"))

    def adding(self) -> Any:
        return getattr(self.view, "adding", _("Add"))

    def form(self, method: str, title: str) -> Form:
        is_refused = self.failed and self.request.method == method
        errors = self.errors if is_refused else {}
        values = self.item if method == "PATCH" else None
        if is_refused:
            values = sent(self.request)
        boxes = list(self.boxes(values, errors))
        return Form(
            method=method,
            action=self.request.path,
            title=title,
            boxes=boxes,
            errors=errors_elsewhere(errors, boxes),
            etag=self.response.get("ETag", ""),
            is_open=is_refused or not (self.is_list or self.item),
            keeps=self.is_content,
            hint="" if self.may_publish or not self.is_content else publication.DRAFTS_ONLY,
        )

    def boxes(self, values: Item | None, errors: Errors) -> Iterator[Box]:
        """The inputs that the reader is asked for."""
        for box in input_boxes(self.view.serializer_class(), values, errors):
            if not self.is_content or publication.is_asked(box, self.reader):
                yield box

    def filters(self) -> list[Box]:
        status = self.response.status_code
        if not self.is_list or self.request.method != "GET" or status in (401, 403):
            return []
        boxes = filter_boxes(
            self.view.listing,
            self.output_class,
            self.request.query_params,
            self.errors,
        )
        return activity.chosen(boxes) if self.is_activity else boxes


def sent(request: Request) -> Item:
    """What a refused form brought; nothing where it could not be read."""
    try:
        return request.data.dict() if hasattr(request.data, "dict") else dict(request.data)
    except Exception:
        return {}
