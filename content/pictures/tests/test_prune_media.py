"""`prune_media`: finds what nothing refers to, and touches nothing else."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content.management.commands import prune_media
from content.pictures import checks, storage
from content.pictures.documents import FileCheck
from content.pictures.local_storage import LocalStorage
from content.pictures.storage import Place
from content.pictures.tests.media import TWO_HOURS, files_of, folder, make_older, photograph, put
from content.pictures.tests.media import stored_files as stored
from content.publishing import states
from content.publishing.revisions import Revision
from content.tests.resources import RESOURCES

NEARLY_AN_HOUR = 59 * 60


class ForbiddenStorage(LocalStorage):
    def listdir(self, path):
        raise PermissionError("access denied")


def prune(**options) -> str:
    output = StringIO()
    call_command("prune_media", stdout=output, **options)
    return output.getvalue()


def all_old() -> None:
    for path in folder().iterdir():
        make_older(path, TWO_HOURS)


def test_it_lists_with_sizes_and_removes_nothing(database):
    put("20240101_000000_a.jpg", bytes(2048), age=TWO_HOURS)
    output = prune()
    assert "uploads/20240101_000000_a.jpg" in output
    assert "2,0" in output or "2.0" in output
    assert stored() == {"uploads/20240101_000000_a.jpg"}


def test_it_removes_when_asked_to(database):
    put("a.jpg", age=TWO_HOURS)
    put("a.jpg.0a1b2c3d.320.webp", age=TWO_HOURS)
    assert "2 files" in prune(delete=True)
    assert stored() == set()
    assert prune(delete=True) == "Nothing to remove.\n"


def test_it_leaves_what_is_younger_than_an_hour(database):
    put("young.jpg", age=NEARLY_AN_HOUR)
    put("old.jpg", age=TWO_HOURS)
    prune(delete=True)
    assert stored() == {"uploads/young.jpg"}


def test_it_leaves_originals_and_renditions_in_use(resource, owner):
    resource.create(owner.client, **{resource.picture: photograph()})
    all_old()
    assert prune() == prune(delete=True) == "Nothing to remove.\n"
    assert stored() == files_of(resource.collection().find_one(), resource.picture)


@pytest.mark.parametrize("spelling", ["/static/uploads/foto.jpg", "uploads/foto.jpg"])
def test_it_knows_both_spellings(resource, spelling):
    put("foto.jpg", age=TWO_HOURS)
    resource.store(**{resource.picture: spelling})
    prune(delete=True)
    assert stored() == {"uploads/foto.jpg"}


def test_a_rendition_that_its_document_does_not_name_goes(owner):
    RESOURCES["blogs"].create(owner.client, image=photograph())
    Revision.collection().delete_many({})  # which might show it again
    raw = RESOURCES["blogs"].collection().find_one()
    put(f"{raw['image'].removeprefix('uploads/')}.ffffffff.320.webp")
    all_old()
    assert "1 files" in prune(delete=True)
    assert stored() == files_of(raw, "image")


def test_hidden_files_and_folders_are_not_its_business(database):
    put(".gitkeep", age=TWO_HOURS)
    put("folder/inner.jpg", age=TWO_HOURS)
    assert prune(delete=True) == "Nothing to remove.\n"
    assert (folder() / ".gitkeep").exists()
    assert (folder() / "folder" / "inner.jpg").exists()


def test_what_came_into_use_since_it_was_found_stays(database):
    put("foto.jpg", age=TWO_HOURS)
    [found] = prune_media.astray()
    RESOURCES["blogs"].store(image=found.name)
    assert not prune_media.put_right(found)
    assert stored() == {found.name}


def test_what_somebody_else_removed_is_no_failure(database, monkeypatch):
    put("foto.jpg", age=TWO_HOURS)
    monkeypatch.setattr(storage, "stored_files", lambda place: ["uploads/gone.jpg"])
    assert prune(delete=True) == "Nothing to remove.\n"


def test_it_goes_through_a_large_folder_in_batches(database, monkeypatch):
    monkeypatch.setattr(prune_media, "BATCH", 3)
    for number in range(10):
        put(f"{number}.jpg", b"x", age=TWO_HOURS)
    RESOURCES["blogs"].store(image="uploads/4.jpg")
    assert "9 files" in prune(delete=True)
    assert stored() == {"uploads/4.jpg"}


def test_without_a_folder_there_is_nothing_to_do(database):
    assert prune() == "Nothing to remove.\n"


def test_a_storage_that_refuses_is_told_in_one_line(settings, database):
    backend = f"{__name__}.{ForbiddenStorage.__name__}"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": backend}}
    with pytest.raises(CommandError, match="access denied"):
        prune()


# --- The wrong place ---------------------------------------------------------------------


def test_what_is_shown_and_lies_out_of_sight_is_brought_back(resource, owner, anyone):
    data = resource.create(owner.client, **{resource.picture: photograph()})
    before = stored()
    for name in before:
        storage.save_as(Place.KEPT, name, storage.read(name))
        storage.remove([name])
    assert "in the wrong place" in prune()
    assert anyone.get(data[resource.picture]).status_code == 404
    assert "3 files moved to where they belong" in prune(delete=True)
    assert stored() == before
    assert storage.stored_files(Place.KEPT) == []
    assert anyone.get(data[resource.picture]).status_code == 200


def test_what_only_the_trash_shows_is_taken_out_of_sight_at_any_age(resource, owner):
    resource.create(owner.client, **{resource.picture: photograph()})
    before = stored()
    resource.collection().update_one({}, {"$set": {states.KEY: states.TRASHED}})
    prune(delete=True)
    assert stored() == set()
    assert set(storage.stored_files(Place.KEPT)) == before


def test_kept_files_that_nothing_refers_to_go_after_an_hour(database):
    for name, age in (("young.jpg", NEARLY_AN_HOUR), ("old.jpg", TWO_HOURS)):
        storage.save_as(Place.KEPT, f"uploads/{name}", b"x")
        make_older(Path(Place.KEPT.storage.path(f"uploads/{name}")), age)
    assert "1 files" in prune(delete=True)
    assert storage.stored_files(Place.KEPT) == ["uploads/young.jpg"]


def test_an_upload_on_its_way_is_left_alone(database):
    put("young.jpg", age=NEARLY_AN_HOUR)
    checks.expect("uploads/young.jpg")
    prune(delete=True)
    assert stored() == {"uploads/young.jpg"}
    assert FileCheck.collection().find_one()["changes"] == 0
