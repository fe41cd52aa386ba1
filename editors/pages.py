"""Every answer as a page: what the templates of the browsable API need to know.

A view helps by what it declares anyway (`listing`, `serializer_class`) and, where not
every reader may do everything, by `offers(method)`: whether to show its form.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.breadcrumbs import get_breadcrumbs

from editors.forms import Box, Form, errors_elsewhere, filter_boxes, input_boxes
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
        context = {
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
            "is_list": isinstance(self.data, list),
            "cards": [self.shown(item).card(self.collection()) for item in self.items()],
            "meta": self.meta,
            "place": self.place(),
            "item": self.item and self.shown(self.item),
            "item_url": self.item_url(),
            "forms": shown_forms,
            "can_delete": self.item is not None and self.offers("DELETE"),
            "parent": self.request.path.rpartition("/")[0] or "/",
            "etag": self.response.get("ETag", ""),
            "json": orjson.dumps(self.envelope, default=str, option=orjson.OPT_INDENT_2).decode(),
        }
        # Where the database is away, nobody asks it who is reading.
        return context | ({"reader": None} if self.response.status_code >= 500 else {})

    def items(self) -> list[Item]:
        return self.data if isinstance(self.data, list) else []

    def collection(self) -> str | None:
        """Where the pages of a list's items are, if they have some."""
        return self.request.path if getattr(self.view, "has_item_pages", True) else None

    def is_filtered(self) -> bool:
        given = self.request.query_params.items()
        return any(value for name, value in given if name not in ("skip", "limit", "cursor"))

    def place(self) -> str:
        """Which items of how many a page shows, where that is known: not after a cursor."""
        if self.meta.get("total") is None or "cursor" in self.request.query_params:
            return ""
        skip, count, total = (self.meta[name] for name in ("skip", "count", "total"))
        if count in (0, total):
            return _("%(count)s of %(total)s") % {"count": count, "total": total}
        numbers = {"first": skip + 1, "last": skip + count, "total": total}
        return _("%(first)s to %(last)s of %(total)s") % numbers

    # --- Where it is -------------------------------------------------------------------

    def title(self) -> Any:
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
        return [Link(_("Home"), crumbs[0].url), *crumbs[1:]] if crumbs else []

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
            yield self.form("POST", _("Add") if self.is_list else self.title())
        if self.item is not None and self.offers("PATCH"):
            yield self.form("PATCH", _("Edit"))

    def form(self, method: str, title: str) -> Form:
        is_refused = self.failed and self.request.method == method
        errors = self.errors if is_refused else {}
        values = self.item if method == "PATCH" else None
        if is_refused:
            values = sent(self.request)
        boxes = input_boxes(self.view.serializer_class(), values, errors)
        return Form(
            method=method,
            action=self.request.path,
            title=title,
            boxes=boxes,
            errors=errors_elsewhere(errors, boxes),
            etag=self.response.get("ETag", ""),
            is_open=is_refused or not (self.is_list or self.item),
        )

    def filters(self) -> list[Box]:
        status = self.response.status_code
        if not self.is_list or self.request.method != "GET" or status in (401, 403):
            return []
        return filter_boxes(
            self.view.listing,
            self.output_class,
            self.request.query_params,
            self.errors,
            # Where the database is away, nobody asks it who is reading.
            is_public=status >= 500 or not self.request.user,
        )


def sent(request: Request) -> Item:
    """What a refused form brought; nothing where it could not be read."""
    try:
        return request.data.dict() if hasattr(request.data, "dict") else dict(request.data)
    except Exception:
        return {}
