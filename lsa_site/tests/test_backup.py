"""`backup` and `restore`: everything comes back as it was, and a failure changes nothing."""

import json
import re
import stat
from collections.abc import Callable
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import CommandError, call_command
from mongoengine.connection import get_db
from pymongo.collection import Collection
from pymongo.errors import OperationFailure
from rest_framework.test import APIClient

from accounts.documents import Session, User
from accounts.tests.requests import bearer, log_in, refresh
from conftest import Person, join
from content.pictures import files as pictures
from content.pictures import storage
from content.pictures.documents import FileCheck
from content.pictures.storage import Place
from content.pictures.tests.media import FILES_OF_PHOTOGRAPH, fill_disk, folder, photograph, put
from content.publishing import states
from content.tests import earlier
from content.tests.resources import RESOURCES, picture
from core.database import connection, indexes, transactions
from core.database.documents import BaseDocument
from core.database.indexes import drop_collections
from core.database.tests.commands import sent_commands
from core.database.tests.failing import failing
from core.times import now
from lsa_site import backup
from lsa_site.archive import RAW, ArchiveWriter
from lsa_site.tests.processes import manage
from webhooks import services as webhooks
from webhooks.delivery import sealing
from webhooks.documents import Webhook

pytestmark = pytest.mark.wire


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "lsa.zip"


def run(command: str, file: Path, **options: Any) -> str:
    output = StringIO()
    call_command(command, str(file), stdout=output, **options)
    return output.getvalue()


def documents() -> dict[str, list[bytes]]:
    """What lasts, to the byte."""
    return {
        each.collection_name(): [
            raw.raw for raw in each.collection().with_options(RAW).find({}, sort=[("_id", 1)])
        ]
        for each in BaseDocument.all_stored()
        if each.is_lasting
    }


def files() -> dict[tuple[Place, str], bytes]:
    """What is stored, by place and name."""
    return {
        (place, name): storage.read(name, place)
        for place in storage.PLACES
        for name in storage.stored_files(place)
    }


def everything() -> tuple[dict[str, list[bytes]], dict[tuple[Place, str], bytes]]:
    return documents(), files()


def fill(owner: Person, image: Callable[[], Any] = picture) -> None:
    """One of each resource, with pictures."""
    for resource in RESOURCES.values():
        resource.create(owner.client, **{resource.picture: image()})


def lose_everything() -> None:
    for document in BaseDocument.all_stored():
        document.collection().delete_many({})
    storage.clear()


def test_everything_comes_back_as_it_was(owner, archive):
    fill(owner, photograph)
    before = everything()
    count = sum(map(len, before[0].values()))
    assert f"{count} documents and {4 * FILES_OF_PHOTOGRAPH} files" in run("backup", archive)
    lose_everything()
    assert "Restored." in run("restore", archive)
    assert everything() == before
    for resource in RESOURCES.values():
        [item] = owner.client.get(resource.url).json()["data"]
        assert item["author"] == owner.email


def test_what_only_the_trash_shows_comes_back_out_of_sight(owner, archive):
    fill(owner, photograph)
    photos = RESOURCES["gallery"].collection()
    photos.update_one({}, {"$set": {states.KEY: states.TRASHED}})
    names = [photos.find_one()["image"]]
    pictures.note(names, transaction=None)
    pictures.settle(names)
    before = everything()
    assert len(storage.stored_files(Place.KEPT)) == FILES_OF_PHOTOGRAPH
    run("backup", archive)
    lose_everything()
    run("restore", archive)
    assert everything() == before


def test_what_lies_in_both_places_after_a_restore_is_for_the_worker(owner, archive):
    fill(owner)
    run("backup", archive)
    before = files()
    name = RESOURCES["blogs"].collection().find_one()["image"]
    storage.save_as(Place.KEPT, name, storage.read(name))
    run("restore", archive, force=True)
    FileCheck.collection().update_many({}, {"$set": {"due": now()}})
    assert pictures.mend_next()
    assert files() == before


def test_it_keeps_what_the_earlier_service_wrote(archive, database):
    earlier.insert()
    before = everything()
    run("backup", archive)
    lose_everything()
    run("restore", archive)
    restored, restored_files = everything()
    assert restored_files == before[1]
    # Brought up to date by the way, as at a start; nothing of theirs is gone.
    assert {name: len(raws) for name, raws in restored.items()} == {
        name: len(raws) for name, raws in before[0].items()
    }
    assert User.collection().find_one({"username": "sari"})["password"] == earlier.HASH


def test_indexes_are_there_after_a_restore(owner, archive):
    run("backup", archive)
    run("restore", archive, force=True)
    assert indexes.ensure_indexes() == []


@pytest.mark.parametrize("is_empty", [True, False])
def test_documents_arrive_where_their_indexes_already_are(owner, archive, is_empty):
    fill(owner)
    run("backup", archive)
    held = {name for name, raws in documents().items() if raws}
    if is_empty:
        drop_collections()
    connection.disconnect()  # the driver takes listeners when it connects
    with sent_commands("createIndexes", "insert", "renameCollection") as commands:
        run("restore", archive, force=not is_empty)
    for name in backup._lasting():
        beside = name in held and not is_empty
        place = f"restoring_{name}" if beside else name
        steps = [
            next(iter(command))
            for command in commands
            if {place, f"{get_db().name}.{place}"} & {str(v) for v in command.values()}
        ]
        built = ["createIndexes"] if beside or is_empty else []
        filled = ["insert"] if name in held else []
        renamed = ["renameCollection"] if beside else []
        assert [k for k, _ in groupby(steps)] == [*built, *filled, *renamed], name


def test_an_archive_in_which_two_have_one_name_changes_nothing(owner, stranger, archive):
    User.collection().drop_index("email_key_1")
    User.collection().update_one(
        {"_id": stranger.raw["_id"]}, {"$set": {"email_key": owner.raw["email_key"]}}
    )
    run("backup", archive)
    User.collection().delete_many({})
    indexes.ensure_indexes()
    fill(join("third"))
    before = everything()
    with pytest.raises(CommandError, match=r"E11000 .*email_key_1"):
        run("restore", archive, force=True)
    assert everything() == before


def test_users_log_in_anew_after_a_restore(owner, anyone, archive):
    run("backup", archive)
    run("restore", archive, force=True)
    assert refresh(anyone, owner.tokens.refresh_token).status_code == 401
    assert bearer(owner.tokens.access_token).get("/auth/me").status_code == 401
    assert log_in(anyone, "owner").status_code == 200


def test_a_session_that_was_ended_does_not_come_back(owner, archive):
    run("backup", archive)
    Session.collection().delete_many({})
    run("restore", archive, force=True)
    assert Session.collection().count_documents({}) == 0


def test_webhooks_come_back_with_secrets_that_only_the_key_opens(admin, archive):
    values = {"url": "https://hooks.example/", "events": ["*"]}
    webhook, secret = webhooks.create(values, actor=None)
    run("backup", archive)
    with ZipFile(archive) as opened:
        held = b"".join(map(opened.read, opened.namelist()))
    assert webhook["secret"].encode() in held
    assert secret.removeprefix("whsec_").encode() not in held
    run("restore", archive, force=True)
    assert sealing.unseal(Webhook.collection().find_one()["secret"]) == secret


def test_the_archive_can_be_read_by_its_owner_only(owner, archive):
    run("backup", archive)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_its_manifest_names_every_file_with_its_checksum(owner, archive):
    fill(owner)
    run("backup", archive)
    with ZipFile(archive) as contents:
        manifest = json.loads(contents.read("manifest.json"))
        assert contents.namelist()[-1] == "manifest.json"
        assert sorted(manifest["sha256"]) == sorted(contents.namelist()[:-1])
    assert manifest["documents"]["blogs"] == 1
    assert "sessions" not in manifest["documents"]


def test_a_picture_that_comes_during_a_backup_is_in_it(owner, archive, monkeypatch):
    add_documents = ArchiveWriter.add_documents

    def meanwhile(self: ArchiveWriter, name: str, found: Any) -> None:
        if name == "blogs":
            RESOURCES["blogs"].create(owner.client, image=photograph())
        add_documents(self, name, found)

    monkeypatch.setattr(ArchiveWriter, "add_documents", meanwhile)
    assert f" documents and {FILES_OF_PHOTOGRAPH} files" in run("backup", archive)


def test_a_picture_that_goes_during_a_backup_does_not_stop_it(owner, archive, monkeypatch):
    put("a.jpg")
    names = ["uploads/gone.jpg", "uploads/a.jpg"]
    monkeypatch.setattr(storage, "stored_files", lambda place: names)
    assert " documents and 1 files" in run("backup", archive)


# --- While others write -------------------------------------------------------------------


def change_before(name: str, monkeypatch: pytest.MonkeyPatch, client: APIClient) -> None:
    """When a backup comes to this collection, the client changes every item."""
    add_documents = ArchiveWriter.add_documents

    def meanwhile(self: ArchiveWriter, collection: str, found: Any) -> None:
        for resource in RESOURCES.values() if collection == name else ():
            [item] = client.get(resource.url).json()["data"]
            changed = client.patch(resource.item(item["id"]), {"tags": ["later"]})
            assert changed.status_code == 200
        add_documents(self, collection, found)

    monkeypatch.setattr(ArchiveWriter, "add_documents", meanwhile)


# The first collection is that of the events.
@pytest.mark.parametrize("name", ["users", "revisions", "partners"])
def test_all_documents_are_those_of_the_moment_at_which_reading_began(
    owner, archive, monkeypatch, name
):
    fill(owner)
    before = documents()
    change_before(name, monkeypatch, owner.client)
    assert "; the documents are of one moment" in run("backup", archive)
    assert documents() != before
    monkeypatch.undo()
    run("restore", archive, force=True)
    assert documents() == before


def test_a_database_that_cannot_show_one_moment_for_so_long_is_backed_up_and_it_is_said(
    owner, archive
):
    fill(owner)
    before = everything()
    aborted = {"errorCode": 251, "errorLabels": ["TransientTransactionError"]}
    with failing("find", times=1, **aborted):
        said = run("backup", archive)
    assert "; the documents were read while others may have written" in said
    assert "; the documents were read while others" in run("restore", archive, verify=True)
    lose_everything()
    run("restore", archive)
    assert everything() == before


def test_it_is_said_where_there_are_no_transactions(owner, archive, monkeypatch):
    monkeypatch.setattr(transactions, "has_transactions", lambda client: False)
    assert "; the documents were read while others may have written" in run("backup", archive)


# --- What is there already ---------------------------------------------------------------


def test_a_database_that_is_not_empty_stays_as_it_is(owner, archive):
    run("backup", archive)
    fill(owner)
    before = everything()
    with pytest.raises(CommandError, match="not empty"):
        run("restore", archive)
    assert everything() == before


def test_force_replaces_all_documents(owner, archive):
    fill(owner)
    before = everything()
    run("backup", archive)
    for resource in RESOURCES.values():
        resource.store(3)
        resource.collection().update_many({}, {"$set": {"description": "Lain"}})
    put("later.jpg")
    run("restore", archive, force=True)
    assert documents() == before[0]
    # Not in the archive, so it is left to prune_media.
    assert files().keys() - before[1].keys() == {(Place.PUBLIC, "uploads/later.jpg")}


def test_a_file_of_the_same_name_becomes_the_archived_one(database, archive):
    path = put("foto.jpg", b"as it was")
    run("backup", archive)
    path.write_bytes(b"something else")
    run("restore", archive)
    assert files() == {(Place.PUBLIC, "uploads/foto.jpg"): b"as it was"}


# --- Failures ----------------------------------------------------------------------------


def refuse(*args: Any, **kwargs: Any) -> None:
    raise OperationFailure("out of space")


def test_a_restore_that_fails_leaves_an_empty_database_empty(owner, archive, monkeypatch):
    fill(owner)
    run("backup", archive)
    lose_everything()
    insert = Collection.insert_many

    def fail_late(self: Collection, batch: Any) -> Any:
        return insert(self, batch) if self.name != "partners" else refuse()

    monkeypatch.setattr(Collection, "insert_many", fail_late)
    with pytest.raises(CommandError, match="out of space"):
        run("restore", archive)
    monkeypatch.undo()
    assert not any(documents().values())
    run("restore", archive)
    assert RESOURCES["partners"].collection().count_documents({}) == 1


@pytest.mark.parametrize("method", ["insert_many", "rename"])
def test_a_restore_that_fails_leaves_the_documents(owner, archive, monkeypatch, method):
    run("backup", archive)
    fill(owner)
    before = everything()
    monkeypatch.setattr(Collection, method, refuse)
    with pytest.raises(CommandError, match="out of space"):
        run("restore", archive, force=True)
    assert everything() == before
    assert not [n for n in get_db().list_collection_names() if n.startswith("restoring_")]


def test_a_restore_on_a_full_disk_leaves_the_documents(owner, archive, settings):
    fill(owner)
    run("backup", archive)
    RESOURCES["blogs"].store(2)
    before = documents()
    fill_disk(settings, room_for=0)
    with pytest.raises(CommandError, match="The storage reports"):
        run("restore", archive, force=True)
    assert documents() == before


def test_a_backup_that_fails_keeps_the_older_one(owner, archive, monkeypatch):
    run("backup", archive)
    older = archive.read_bytes()
    monkeypatch.setattr(Collection, "find", refuse)
    with pytest.raises(CommandError, match="out of space"):
        run("backup", archive)
    assert archive.read_bytes() == older
    assert list(archive.parent.glob("lsa.zip*")) == [archive]


@pytest.mark.parametrize("name", ["no such folder/lsa.zip", "."])
def test_a_place_that_cannot_be_written_is_one_line(database, tmp_path, name):
    with pytest.raises(CommandError, match=r"(No such file or directory|Is a directory)$"):
        run("backup", tmp_path / name)


# --- Archives that are not whole ---------------------------------------------------------


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Change the members of an archive, each under a right checksum of its own."""
    with ZipFile(archive) as before:
        members = {name: before.read(name) for name in before.namelist()}
    change(members)
    with ZipFile(archive, "w", ZIP_DEFLATED) as after:
        for name, content in members.items():
            after.writestr(name, content)


def manifest(members: dict[str, bytes], change: Callable[[dict[str, Any]], object]) -> None:
    described = json.loads(members["manifest.json"])
    change(described)
    members["manifest.json"] = json.dumps(described).encode()


def rename(members: dict[str, bytes], old: str, new: str) -> None:
    """As somebody would who also knows the manifest."""
    members[new] = members.pop(old)
    manifest(members, lambda m: m["sha256"].update({new: m["sha256"].pop(old)}))


PHOTO, USERS = "media/uploads/foto.jpg", "documents/users.bson"
DAMAGE: dict[str, Callable[[dict[str, bytes]], object]] = {
    "a changed picture": lambda m: m.update({PHOTO: m[PHOTO][:-1] + b"?"}),
    "a shorter picture": lambda m: m.update({PHOTO: m[PHOTO][:-1]}),
    "changed documents": lambda m: m.update({USERS: m[USERS].replace(b"owner", b"rival")}),
    "fewer documents": lambda m: m.update({USERS: b""}),
    "a missing picture": lambda m: m.pop(PHOTO),
    "a missing collection": lambda m: m.pop("documents/blogs.bson"),
    "a picture too many": lambda m: m.update({"media/uploads/b.jpg": b"x"}),
    "no manifest": lambda m: m.pop("manifest.json"),
    "a manifest that is no JSON": lambda m: m.update({"manifest.json": b"{"}),
    "a manifest that is a list": lambda m: m.update({"manifest.json": b"[]"}),
    "a manifest without sums": lambda m: manifest(m, lambda x: x.pop("sha256")),
    "a later format": lambda m: manifest(m, lambda x: x.update(format=2)),
    "another count": lambda m: manifest(m, lambda x: x["documents"].update(users=7)),
    "a count of nothing": lambda m: manifest(m, lambda x: x["documents"].update(foo=0)),
    "a path that leads away": lambda m: rename(m, PHOTO, "media/uploads/../../evil.jpg"),
    "an absolute path": lambda m: rename(m, PHOTO, "media//etc/evil.jpg"),
    "another folder": lambda m: rename(m, PHOTO, "media/templates/evil.html"),
    "something else": lambda m: rename(m, PHOTO, "evil.jpg"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_archive_is_refused_and_changes_nothing(owner, archive, damage):
    put("foto.jpg")
    run("backup", archive)
    rewritten(archive, damage)
    before = everything()
    for options in ({"verify": True}, {"force": True}):
        with pytest.raises(CommandError, match=r"is not a whole backup: .+"):
            run("restore", archive, **options)
    assert everything() == before
    assert not list(folder().parent.rglob("evil*"))


def test_documents_of_a_later_version_are_refused(owner, archive):
    run("backup", archive)
    rewritten(archive, add_unknown_collection)
    with pytest.raises(CommandError, match="knows no newsletters"):
        run("restore", archive, verify=True)


def add_unknown_collection(members: dict[str, bytes]) -> None:
    new = "documents/newsletters.bson"
    members[new] = b""
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    def tell(described: dict[str, Any]) -> None:
        described["sha256"][new], described["documents"]["newsletters"] = empty, 0

    manifest(members, tell)


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_an_archive_that_breaks_off_is_refused(owner, archive, part):
    fill(owner)
    run("backup", archive)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) * part // 4])
    with pytest.raises(CommandError, match="is not a whole backup"):
        run("restore", archive, verify=True)


def test_a_file_that_is_not_there_is_one_line(archive):
    with pytest.raises(CommandError, match=r"No such file or directory$"):
        run("restore", archive, verify=True)


@pytest.mark.own_database
def test_checking_needs_no_database(settings, tmp_path, archive):
    settings.MONGODB_URL, settings.VAR_DIR = None, tmp_path / "var"
    with archive.open("wb") as file, ArchiveWriter(file) as writer:
        writer.add_file("media/uploads/a.jpg", b"x")
    assert "is whole: 0 documents and 1 files" in run("restore", archive, verify=True)
    assert not settings.VAR_DIR.exists()


@pytest.mark.deep
@pytest.mark.own_database
def test_from_one_installation_to_another(tmp_path, archive):
    assert manage(tmp_path / "old", "create_admin", ADMIN_PASSWORD="kereta-pagi-27").returncode == 0
    assert manage(tmp_path / "old", "backup", str(archive)).returncode == 0
    outcome = manage(tmp_path / "new", "restore", str(archive))
    assert outcome.returncode == 0, outcome.stderr
    assert "Restored." in outcome.stdout
    outcome = manage(tmp_path / "new", "restore", str(archive))
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines()[-1].startswith("CommandError: The database is not empty")


# --- Kept by number --------------------------------------------------------------------------


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def test_the_newest_archives_stay_and_nothing_else_goes(owner, backups):
    for day in (1, 2, 3):
        (backups / f"lsa-2020-01-0{day}T020000Z.zip").write_bytes(b"old")
    (backups / "lsa-before-the-move.zip").write_bytes(b"by hand")
    said = run("backup", backups, keep=2)
    new, *others = sorted((each.name for each in backups.iterdir()), reverse=True)[1:]
    assert re.fullmatch(r"lsa-\d{4}-\d\d-\d\dT\d{6}Z\.zip", new)
    assert new in said
    assert others == ["lsa-2020-01-03T020000Z.zip"]
    assert (backups / "lsa-before-the-move.zip").read_bytes() == b"by hand"
    assert backup.verify(backups / new).documents["users"] == 1


def test_nothing_is_removed_where_the_new_archive_is_not_whole(backups, monkeypatch):
    old = backups / "lsa-2020-01-01T020000Z.zip"
    old.write_bytes(b"old")

    def fail(path: Path) -> None:
        raise backup.InvalidArchive("documents/users.bson is not what was backed up")

    monkeypatch.setattr(backup, "verify", fail)
    with pytest.raises(CommandError, match="nothing was removed"):
        run("backup", backups, keep=1)
    assert old.exists()


def test_to_keep_some_takes_a_folder(tmp_path):
    with pytest.raises(CommandError, match="takes a folder"):
        run("backup", tmp_path / "lsa.zip", keep=2)
    assert list(tmp_path.glob("*.zip")) == []
