"""What is found in database and storage after a storm, against what was acknowledged."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from bson import ObjectId
from PIL import Image
from pymongo.database import Database

from content.pictures.storage import original_of
from content.pictures.tests.media import files_of
from content.tests.resources import RESOURCES
from lsa_site.tests.storm.writer import Item, Writer
from webhooks import outbox
from webhooks.tests.receivers import Request


def check_items(database: Database, writers: Iterable[Writer]) -> None:
    """Every acknowledged write is there, and nothing that nobody asked for."""
    items = [item for writer in writers for item in writer.items]
    for item in items:
        check_item(database, item)
    known = [ObjectId(item.id) for item in items]
    made_here = {"_id": {"$nin": known}, "$or": [{r.text: {"$regex": "^Tulisan"}} for r in _all()]}
    others = sum(database[r.name].count_documents(made_here) for r in _all())
    assert others <= sum(writer.doubtful_creations for writer in writers)


def check_item(database: Database, item: Item) -> None:
    raw = database[item.resource.name].find_one({"_id": ObjectId(item.id)})
    kept = list(database["revisions"].find({"item_id": ObjectId(item.id)}).sort("version", 1))
    if raw is None:
        assert item.removal_tried, f"{item} is lost"
        assert not kept
        return
    assert not item.is_removed, f"{item} is back"
    versions = {each["version"]: each for each in kept}
    assert list(versions) == list(range(1, raw["version"] + 1)), f"{item} has {list(versions)}"
    assert raw["version"] >= item.version
    assert len(versions.keys() - item.texts.keys()) <= item.doubts
    for version, text in item.texts.items():
        there = versions[version]
        assert text is None or there["item"][item.resource.text] == text, f"{item}: {there}"
        assert text is not None or there["status"] == "trashed"
    for name in (item.resource.title, item.resource.text, item.resource.picture):
        assert raw.get(name) == kept[-1]["item"].get(name)
    if not item.is_in_doubt:
        assert kept[-1]["status"] == item.status


def check_events(database: Database, writers: Iterable[Writer]) -> None:
    """Each version of each item has told of itself once, that of removed ones too."""
    for item in (item for writer in writers for item in writer.items):
        told = list(database["events"].find({"object_id": ObjectId(item.id)}))
        assert sum(e["type"].endswith(".created") for e in told) == 1
        assert {e["data"]["version"] for e in told} >= set(range(1, item.version + 1)), item
        changes = [e["data"]["version"] for e in told if e["type"].split(".")[1] in CHANGES]
        assert len(changes) == len(set(changes)), f"{item} has told twice"


CHANGES = {"created", "updated", "unpublished", "restored"}


def check_deliveries(database: Database, since: Any, got: list[Request], secret: str) -> None:
    """Every event came with a valid signature, at least once."""
    told = {str(e["_id"]): e for e in database["events"].find({"at": {"$gte": since}})}
    for request in got:
        payload = request.verified(secret)
        event = told[request.id]
        assert payload["type"] == event["type"]
        assert payload["data"]["id"] == str(event["object_id"])
        assert payload["data"]["version"] == event["data"]["version"]
    came = {request.id for request in got}
    assert [event for key, event in told.items() if key not in came and is_told(event)] == []


def is_told(event: dict[str, Any]) -> bool:
    """Whether webhooks are told of such events; of others, such as changes of webhooks, none is."""
    return event["type"] in outbox.TYPES


def check_files(database: Database, var: Path) -> None:
    """The files lie where the rule says, whole, and nothing else does."""
    public, kept = lying(var / "media"), lying(var / "kept")
    shown, trashed, listed = prescribed(database)
    assert public == shown
    assert (trashed - shown) - kept == set()
    originals = {original_of(name) for name in kept}
    hidden = {original_of(name) for name in trashed} | listed
    assert originals == hidden - shown
    assert originals - kept == set()
    for root, names in ((var / "media", public), (var / "kept", kept)):
        for name in names:
            Image.open(BytesIO((root / name).read_bytes())).load()


def prescribed(database: Database) -> tuple[set[str], set[str], set[str]]:
    """The names that items show, those that items in the trash do, and the originals that
    revisions name."""
    shown, trashed = set(), set()
    for resource in _all():
        for raw in database[resource.name].find():
            if raw.get(resource.picture):
                is_trashed = raw.get("trashed_at") is not None
                (trashed if is_trashed else shown).update(files_of(raw, resource.picture))
    listed = {name for each in database["revisions"].find() for name in each["pictures"]}
    return shown, trashed, listed


def lying(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def _all() -> Iterable[Any]:
    return RESOURCES.values()
