"""What can be done about an answer: its forms, and the filters of a list."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.request import Request

from editors import activity, publication
from editors.answer import Answer
from editors.forms import Box, Errors, Form, errors_elsewhere, filter_boxes, input_boxes
from editors.items import Item


class Offers(Answer):
    def offers(self, method: str) -> bool:
        """Whether the reader is shown the form for a method of this view."""
        status = self.response.status_code
        if method not in self.view.allowed_methods or status in (401, 403, 404) or status >= 500:
            return False
        hook = getattr(self.view, "offers", None)
        return hook(method) if hook else True

    @cached_property
    def forms(self) -> list[Form]:
        return list(self._forms())

    def _forms(self) -> Iterator[Form]:
        if self.is_list and self.errors and self.request.method == "GET":
            return
        if not self.item_url() and self.offers("POST"):
            title = self.adding() if self.is_list else self.title()
            yield self.form("POST", title, button=title if self.is_named() else _("Save"))
        if self.item is not None and self.offers("PATCH"):
            yield self.form("PATCH", _("Edit"), button=_("Save"))

    def adding(self) -> Any:
        return getattr(self.view, "adding", _("Add"))

    def is_named(self) -> bool:
        """Whether what sending does has a name of its own."""
        return not self.is_list or hasattr(self.view, "adding")

    def form(self, method: str, title: str, *, button: str) -> Form:
        is_refused = self.failed and self.request.method == method
        errors = self.errors if is_refused else {}
        values = self.item if method == "PATCH" else None
        if is_refused:
            values = sent(self.request)
        boxes = list(self.boxes(method, values, errors))
        return Form(
            method=method,
            action=self.request.path,
            title=title,
            button=button,
            boxes=boxes,
            errors=errors_elsewhere(errors, boxes),
            etag=self.response.get("ETag", ""),
            is_open=is_refused or not (self.is_list or self.item),
            keeps=self.is_content,
            hint="" if self.may_publish or not self.is_content else publication.DRAFTS_ONLY,
        )

    def boxes(self, method: str, values: Item | None, errors: Errors) -> Iterator[Box]:
        """The inputs that the reader is asked for, with choices in words."""
        for box in input_boxes(self.view.serializer_class(), values, errors):
            if self.is_content and not publication.is_asked(box, self.reader):
                continue
            match box.kind:
                case "ticks":
                    yield activity.named(box)
                case "radio":
                    yield publication.worded(box, is_new=method == "POST")
                case _:
                    yield box

    @cached_property
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
        if not isinstance(request.data, QueryDict):
            return dict(request.data)
        return {name: many if len(many) > 1 else many[0] for name, many in request.data.lists()}
    except Exception:
        return {}
