"""Every answer as a page: what the templates of the browsable API need to know.

A view helps by what it declares anyway (`listing`, `serializer_class`) and, where not
every reader may do everything, by `offers(method)`: whether to show its form.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.utils.breadcrumbs import get_breadcrumbs

from core.api.views import NOT_KEPT
from editors import activity, home, publication
from editors.forms import errors_elsewhere
from editors.history import changes, version
from editors.offers import Offers
from editors.refusals import ADVICE

Context = dict[str, Any]


class Link(NamedTuple):
    label: Any
    url: str


class AnswerPage(Offers):
    """One answer as a page."""

    def context(self) -> Context:
        return {
            "reader": self.reader,
            "may_publish": self.may_publish,
            "meta": self.meta,
            "etag": self.response.get("ETag", ""),
            "json": orjson.dumps(self.envelope, default=str, option=orjson.OPT_INDENT_2).decode(),
            **self.where(),
            **self.said(),
            **self.finding(),
            **self.shown_items(),
            **self.shown_item(),
            **self.doing(),
            **self.history(),
            **self.happened(),
            **self.front(),
        }

    def cache_control(self) -> str:
        """A page differs by who reads it; what there is to do for one person is kept nowhere."""
        return NOT_KEPT if self.is_front and self.reader else "private, no-cache"

    # --- Where it is -------------------------------------------------------------------

    def where(self) -> Context:
        path = self.request.path
        return {
            "title": self.title(),
            # The title of what could not be shown is that of the list above it.
            "is_lost": self.failed and "id" in self.view.kwargs,
            "crumbs": self.crumbs(),
            "path": path,
            "full_path": self.request.get_full_path(),
            "parent": path.rpartition("/")[0] or "/",
            "item_path": path.partition("/revisions")[0],
        }

    def crumbs(self) -> list[Link]:
        """The pages above this one."""
        crumbs = [Link(*crumb) for crumb in get_breadcrumbs(self.request.path)[:-1]]
        if self.is_history:
            # The item under its title, and its history above one version.
            crumbs[2:] = [Link(self.view.title_of(), crumbs[2].url), *self._above(crumbs[3:])]
        return [Link(_("Home"), crumbs[0].url), *crumbs[1:]] if crumbs else []

    def _above(self, crumbs: list[Link]) -> list[Link]:
        return [Link(_("History"), crumb.url) for crumb in crumbs]

    # --- What to tell ------------------------------------------------------------------

    def said(self) -> Context:
        """What happened, and what is wrong where nothing else says so: a form that is open says by
        itself what it complains about."""
        boxes = [*self.filters, *(box for form in self.forms for box in form.boxes)]
        is_said = any(form.is_open for form in self.forms)
        return {
            "message": self.message(has_forms=bool(self.forms)),
            "advice": "" if is_said else ADVICE.get(self.response.status_code, ""),
            "failed": self.failed,
            "errors": [] if is_said else errors_elsewhere(self.errors, boxes),
        }

    def message(self, *, has_forms: bool) -> str:
        """What to tell: of a refusal the reason, of a change that it happened."""
        if self.response.status_code == 401:  # the words for programs speak of credentials
            return _("Please log in first.")
        is_asking = self.request.method in ("GET", "HEAD")
        is_form_only = self.response.status_code == 405 and has_forms
        return "" if is_asking and (not self.failed or is_form_only) else self.envelope["message"]

    # --- A list ------------------------------------------------------------------------

    def finding(self) -> Context:
        narrowing = [box for box in self.filters if box.name != "search"]
        return {
            "filters": self.filters,
            "is_filtered": self.is_filtered(),
            "is_narrowed": any(
                box.errors or box.value not in ("", box.default) for box in narrowing
            ),
            "tabs": self.tabs(),
            "state": self.state,
            "place": self.place(),
        }

    def tabs(self) -> list[publication.Tab]:
        """For those who may see more than what is public."""
        if not (self.is_list and self.is_content and self.reader):
            return []
        return list(publication.tabs(self.view.listing, self.request.path, self.state))

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

    def shown_items(self) -> Context:
        return {
            "is_list": isinstance(self.data, list) and not self.is_history,
            "is_content": self.is_content,
            "cards": [self.shown(item).card(self.collection()) for item in self.items()],
            "changeable": self.changeable(),
            "trash_days": settings.TRASH_DAYS,
        }

    def changeable(self) -> set[str]:
        """The items of a list that its reader may change."""
        if not (self.is_content and self.items() and self.reader):
            return set()
        return self.view.changeable(item["id"] for item in self.items())

    def collection(self) -> str | None:
        """Where the pages of a list's items are, if they have some."""
        return self.request.path if getattr(self.view, "has_item_pages", True) else None

    # --- An item -----------------------------------------------------------------------

    def shown_item(self) -> Context:
        return {
            "item": self.item and self.shown(self.item),
            "item_url": self.item_url(),
            "why_not": self.why_not(),
            "site_page": self.site_page(),
        }

    def site_page(self) -> str:
        """The page of a shown item that the public sees, on another site than this."""
        if not (self.is_content and self.item):
            return ""
        return publication.page_of(self.output_class.Meta.model, self.item)

    def why_not(self) -> str:
        """Why whoever is logged in cannot change the item."""
        if not (self.is_content and self.item and self.reader) or self.offers("PATCH"):
            return ""
        return publication.why_not(self.reader)

    def doing(self) -> Context:
        return {
            "forms": self.forms,
            "related": self.links("related"),
            "actions": self.links("actions"),
            "can_delete": self.item is not None and self.offers("DELETE"),
            "removal": getattr(self.view, "removal", _("Remove")),
            "removal_of_each": getattr(self.view, "removal_of_each", ""),
            "removal_question": getattr(self.view, "removal_question", ""),
        }

    def links(self, kind: str) -> list[Link]:
        """The pages that the view says belong to what it shows (`related`), or that do something
        with it at the press of a button (`actions`)."""
        named: Iterable[tuple[Any, str]] = () if self.failed else getattr(self.view, kind, ())
        within = [*self.view.kwargs.values()]
        return [Link(label, reverse(name, args=within)) for label, name in named]

    # --- What is no list and no item ---------------------------------------------------

    def history(self) -> Context:
        """The versions of an item, or one of them beside its former."""
        if not self.is_history:
            return {"is_history": False}
        fields, path = self.output_class().fields, self.request.path
        if isinstance(self.data, list):
            lines = [version(fields, each, f"{path}/{each['version']}") for each in self.data]
            return {"is_history": True, "history": lines, "versions": len(lines)}
        before = self.view.as_it_was_before(self.data["version"])
        return {
            "is_history": True,
            "revision": version(fields, self.data, path),
            "changes": list(changes(fields, before, self.data["item"])),
            "is_first": before is None,
        }

    def front(self) -> Context:
        """What the front page shows of the content; nothing elsewhere."""
        if not self.is_front:
            return {}
        if self.reader:
            return {"board": home.board(self.reader)}
        return {"newest": home.newest()}

    def happened(self) -> Context:
        lines = list(activity.lines(self.data)) if self.is_activity else None
        return {"is_activity": self.is_activity, "activity": lines}
