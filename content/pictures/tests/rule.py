"""The rule for where files lie, told once more and simply, and ways to break off what keeps it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.core.files.base import ContentFile

from content.documents import Blog
from content.pictures import files, storage
from content.pictures.documents import FileCheck
from content.pictures.local_storage import LocalStorage
from content.pictures.object_store import ObjectStore
from content.pictures.storage import Place
from content.pictures.tests.media import files_of
from content.publishing import states
from core.database.documents import BaseDocument
from core.times import now

NAME = "uploads/foto.jpg"
RENDITIONS = tuple(f"{NAME}.0a1b2c3d.{width}.webp" for width in (320, 640))
CONTENT = {name: name.encode() * 1000 for name in (NAME, *RENDITIONS)}
TRASHED, SHOWN = states.TRASHED, now()


def shared_by(*moments: Any) -> list[Any]:
    """The ids of articles with the same picture, whose files lie nowhere yet."""
    renditions = [{"name": name, "width": 1, "height": 1} for name in RENDITIONS]
    picture = {"image": NAME, "image_meta": {"name": NAME, "renditions": renditions}}
    articles = [picture | {"title": "Kabar", states.KEY: moment} for moment in moments]
    return Blog.collection().insert_many(articles).inserted_ids


def put(place: Place, *names: str) -> None:
    for name in names or CONTENT:
        storage.save_as(place, name, CONTENT[name])


def move(id: Any, moment: Any) -> None:
    """To the trash or out of it; for good with None."""
    files.note([NAME], transaction=None)
    if moment is None:
        Blog.collection().delete_one({"_id": id})
    else:
        Blog.collection().update_one({"_id": id}, {"$set": {states.KEY: moment}})
    # As the change's own transaction would: nobody has seen the note and not the change.
    files.note([NAME], transaction=None)
    files.settle([NAME])


def lying() -> dict[Place, dict[str, bytes]]:
    """What is stored, by place and name."""
    return {
        place: {name: storage.read(name, place) for name in storage.stored_files(place)}
        for place in storage.PLACES
    }


def prescribed() -> dict[Place, set[str]]:
    """Which names the rule wants where, going by the articles."""
    public, kept = set(), set()
    for raw in Blog.collection().find():
        (kept if raw[states.KEY] == TRASHED else public).update(files_of(raw, "image"))
    return {Place.PUBLIC: public, Place.KEPT: kept - public}


def assert_rule_holds() -> None:
    found = lying()
    assert {place: set(names) for place, names in found.items()} == prescribed()
    for names in found.values():
        for name, content in names.items():
            assert content == CONTENT.get(name, content), f"{name} is not whole"


def all_due() -> None:
    """As if everybody who held a note were dead for long, and all grace over."""
    FileCheck.collection().update_many({}, {"$set": {"due": now(), "leased_until": now()}})


def mend() -> None:
    """What the worker does, once all is due."""
    all_due()
    while files.mend_next():
        pass


class Killed(BaseException):
    """Passes every handler of failures, as a kill does."""


Call = Callable[[], Any]


@contextmanager
def interrupted(
    before: Callable[[str, Call], None],
) -> Iterator[None]:
    """`before` sees each call that writes to database or storage, with its name, and may raise."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, names in (
            (type(FileCheck.collection()), DATABASE_CALLS),
            (LocalStorage, STORAGE_CALLS),
            (ObjectStore, STORAGE_CALLS),
        ):
            for name in names:
                patch.setattr(owner, name, _watched(name, getattr(owner, name), before))
        yield


# Who is killed at a read leaves what one leaves who is killed at the next write.
DATABASE_CALLS = ("insert_one", "update_one", "update_many", "replace_one")
DATABASE_CALLS += ("delete_one", "delete_many", "find_one_and_update")
STORAGE_CALLS = ("_save", "delete", "flush")


def _watched(name: str, method: Any, before: Callable[[str, Call], None]) -> Any:
    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        def half() -> None:
            """What of a file a killed process leaves on a disk."""
            if name == "_save" and isinstance(self, LocalStorage):
                to, content = args
                data = content.read()
                method(self, to, ContentFile(data[: len(data) // 2]))

        before(name, half)
        return method(self, *args, **kwargs)

    return watched


def killed_at(step: int, work: Call) -> bool:
    """Do the work up to a write to database or storage, of a file half of it, and no further; says
    whether there were so many writes."""
    left = iter(range(step))

    def kill(name: str, half: Call) -> None:
        if next(left, None) is None:
            half()
            raise Killed

    try:
        with interrupted(kill):
            work()
    except Killed:
        return True
    return False


def kills(begin: Callable[[], Call]) -> Iterator[None]:
    """Begin anew and kill what is given back at its first write, at its second, to the last; then
    let it do all of it."""
    for step in count():
        killed = killed_at(step, begin())
        yield
        if not killed:
            return


def kept(*documents: type[BaseDocument]) -> Callable[[], None]:
    """A function that brings back what is stored now, of these documents and of files."""
    raws = {document: list(document.collection().find()) for document in documents}
    files = lying()

    def bring_back() -> None:
        for document, found in raws.items():
            document.collection().delete_many({})
            if found:
                document.collection().insert_many(found)
        storage.clear()
        for place, names in files.items():
            for name, content in names.items():
                storage.save_as(place, name, content)

    return bring_back
