"""Items that the public must not know of, and all that one may know who saw them once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from bson import ObjectId

from conftest import Person
from content.pictures import storage
from content.publishing.revisions import Revision
from content.tests.resources import JSON, Resource, picture
from core.events import Event
from core.times import isoformat, now

WORD = "rahasia"
KINDS = ("draft", "scheduled", "unpublished", "trashed", "trashed-draft")


class Item(NamedTuple):
    resource: Resource
    id: str
    tag: str


@dataclass
class Known:
    """What is asked with, in the hope of a trace."""

    items: list[Item] = field(default_factory=list)
    words: list[str] = field(default_factory=lambda: [WORD, "umum"])
    slugs: list[str] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=lambda: [1, 2])

    def add(self, other: "Known") -> None:
        for name, values in vars(other).items():
            getattr(self, name).extend(values)

    def one_of_each(self) -> "Known":
        """The first of each kind, and all words: for what is not asked about single items."""
        first = {name: values[:1] for name, values in vars(self).items()}
        return Known(**first | {"words": self.words})

    @property
    def ids(self) -> list[str]:
        return [item.id for item in self.items]


def hide_some(resource: Resource, owner: Person) -> Known:
    """One item of each kind; the owner knows all about them."""
    known = Known()
    for kind in KINDS:
        _learn(known, resource, owner, _hide(resource, owner, kind))
    known.words += [*known.slugs, f"{WORD} draft", owner.email]
    return known


def _hide(resource: Resource, owner: Person, kind: str) -> dict[str, Any]:
    about = {
        resource.title: f"{WORD} {kind}",
        "slug": f"{WORD}-{kind}",
        resource.picture: picture(),
    }
    about |= {resource.text: f"Ini {WORD} sekali", "tags": f"{WORD}, umum"}
    if "start_date" in resource.optional:
        about["start_date"] = isoformat(now() + timedelta(days=1))
    match kind:
        case "draft" | "trashed-draft":
            about["status"] = "draft"
        case "scheduled":
            about["published_at"] = isoformat(now() + timedelta(hours=1))
    item = resource.create(owner.client, **about)
    path = resource.item(item["id"])
    if kind == "unpublished":
        owner.client.patch(path, {"slug": f"{WORD}-baru"}, **JSON)
        item = owner.client.patch(path, {"status": "draft"}, **JSON).json()["data"]
    return item


def _learn(known: Known, resource: Resource, owner: Person, item: dict[str, Any]) -> None:
    path = resource.item(item["id"])
    known.slugs += {item["slug"], item["slug"].replace("baru", "unpublished")}
    known.moments += [item[name] for name in ("published_at", "created_at") if item[name]]
    known.moments += [item["start_date"]] if "start_date" in item else []
    if item["slug"].startswith(f"{WORD}-trashed"):
        known.tokens.append(
            owner.client.post(f"{path}/preview", {}, **JSON).json()["data"]["token"]
        )
        assert owner.client.delete(path).status_code == 200
        # Of others it lies at an address that nobody can guess.
        raw = resource.collection().find_one(ObjectId(item["id"]))
        names = storage.all_names(raw[resource.picture], raw[f"{resource.picture}_meta"])
        known.files += [name.rpartition("/")[2] for name in names]
    raw = resource.collection().find_one(ObjectId(item["id"]))
    known.items.append(Item(resource, item["id"], f'"{item["id"]}-{raw["version"]}-00"'))


def cursors(resource: Resource, owner: Person) -> Iterator[str]:
    """That stand at each item, in each order."""
    for ordering in resource.listing.orderings:
        asked = {"state": "all", "ordering": ordering, "limit": 1}
        while link := owner.client.get(resource.url, asked).json()["meta"]["next"]:
            [asked["cursor"]] = parse_qs(urlsplit(link).query)["cursor"]
            yield asked["cursor"]


def stored(known: Known) -> list[Any]:
    """The hidden items as the database has them."""
    return [item.resource.collection().find_one(ObjectId(item.id)) for item in known.items]


def forget(known: Known) -> None:
    """Make a database in which they never were."""
    for item in known.items:
        key = ObjectId(item.id)
        item.resource.collection().delete_one({"_id": key})
        Revision.collection().delete_many({"item_id": key})
        Event.collection().delete_many({"object_id": key})
