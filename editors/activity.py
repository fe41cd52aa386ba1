"""What happened, as sentences: the names of events are for programs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from content.urls import router
from editors.forms import Box, Option


class Line(NamedTuple):
    """One thing that happened; `by` is blank where nobody did it."""

    at: datetime
    by: str
    happened: Any
    title: str
    url: str
    kind: Any


# By an event's name, or by what follows the kind of object in it.
HAPPENED = {
    "created": _("added"),
    "updated": _("changed"),
    "published": _("published"),
    "unpublished": _("unpublished"),
    "trashed": _("moved to the trash"),
    "deleted": _("removed for good"),
    "restored": _("restored"),
    "registered": _("registered"),
    "invited": _("invited"),
    "role_changed": _("changed the role of"),
    "deactivated": _("deactivated"),
    "activated": _("activated"),
    "removed": _("removed for good"),
    "user.removed": _("removed the account of"),
    "password_changed": _("changed the password of"),
    "password_reset": _("reset the password of"),
    "email_changed": _("changed the e-mail address of"),
    "secret_rotated": _("replaced the secret of"),
    "switched_off": _("switched off"),
}


# What a webhook may be told of, by the same.
NEWS = {
    "created": _("New"),
    "updated": _("Changed"),
    "published": _("Published"),
    "unpublished": _("Hidden from the public"),
    "deleted": _("Deleted"),
    "restored": _("Restored"),
    "registered": _("Registered"),
}


def news(type: str) -> Any:
    """An event's name as whoever chooses among them reads it."""
    noun, _dot, what = type.partition(".")
    if what not in NEWS:
        return _("Everything, what is yet to be invented too")
    return f"{dict(_nouns())[noun]}: {NEWS[what]}"


def _nouns() -> Iterator[tuple[str, Any]]:
    """What events call the kinds of things, with what people call them."""
    for _prefix, view, _name in router.registry:
        yield view.serializer_class.Meta.model.NOUN, view().get_view_name()
    yield "user", _("People")


def happened(event: Mapping[str, Any]) -> Any:
    """What an event says; one that nobody foresaw says its name."""
    what = event["type"].partition(".")[2]
    if what == "deleted" and event["data"].get("status") == "trashed":
        what = "trashed"
    return HAPPENED.get(event["type"]) or HAPPENED.get(what, event["type"])


def is_there(event: Mapping[str, Any]) -> bool:
    """Whether the thing has a page after this event, as far as it tells."""
    return event["type"].partition(".")[2] not in ("deleted", "removed", "invited")


def lines(events: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    routes = {name: f"{name}-list" for _prefix, _view, name in router.registry} | {
        name: name for name in ("users", "webhooks")
    }
    labels = dict(kinds())
    for event in events:
        resource = event["resource"]
        route = routes.get(resource)
        yield Line(
            at=parse_datetime(event["at"]),
            by=event["actor"]["name"] if event["actor"] else "",
            happened=happened(event),
            title=event["title"] or event["object_id"],
            url=f"{reverse(route)}/{event['object_id']}" if route and is_there(event) else "",
            kind=labels.get(resource, resource),
        )


def kinds() -> list[tuple[str, Any]]:
    """The kinds of things that something happens to, with what people call them."""
    content = [(name, view().get_view_name()) for _prefix, view, name in router.registry]
    return [*content, ("users", _("People")), ("webhooks", _("Webhooks"))]


def chosen(boxes: list[Box]) -> list[Box]:
    """The filters, the kind of thing chosen from a list; the names of events are for programs."""
    every = [("", _("All")), *kinds()]
    return sorted(
        (
            box._replace(
                kind="select",
                choices=[Option(value, label, value == box.value) for value, label in every],
            )
            if box.name == "resource"
            else box
            for box in boxes
            if box.name != "type"
        ),
        key=lambda box: box.name != "resource",
    )


def named(box: Box) -> Box:
    """A box of events to choose from, in words."""
    return box._replace(choices=[each._replace(label=news(each.value)) for each in box.choices])
