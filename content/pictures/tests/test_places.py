"""A file is public when something that is shown refers to it, kept when only the trash does, gone
otherwise: after every operation, and after any kill once the worker has looked."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from accounts.credentials.sessions import Principal
from content import services
from content.documents import Blog
from content.pictures import checks, files, moves, storage
from content.pictures.cleaning import clean
from content.pictures.documents import FileCheck
from content.pictures.local_storage import LocalStorage
from content.pictures.storage import Place
from content.pictures.tests import rule
from content.pictures.tests.media import files_of, photograph
from content.pictures.tests.rule import NAME, SHOWN, TRASHED, assert_rule_holds, lying, mend, move
from content.publishing import states
from content.publishing.revisions import Revision
from content.tests.resources import RESOURCES
from lsa_site import object_storage

# From where, and what then happens to one of the two articles.
CHANGES = {
    "to the trash": ((SHOWN,), TRASHED),
    "out of the trash": ((TRASHED,), SHOWN),
    "out of the trash for good": ((TRASHED,), None),
    "at once for good": ((SHOWN,), None),
    "one of two to the trash": ((SHOWN, SHOWN), TRASHED),
    "the last of two to the trash": ((SHOWN, TRASHED), TRASHED),
    "one of two for good, the other in the trash": ((SHOWN, TRASHED), None),
    "one of two out of the trash": ((TRASHED, TRASHED), SHOWN),
}
changes = pytest.mark.parametrize(("before", "then"), CHANGES.values(), ids=CHANGES)


@pytest.fixture(params=["disk", pytest.param("object store", marks=pytest.mark.deep)])
def stores(request):
    """The tests that ask for it run on both kinds."""
    if request.param == "object store":
        request.getfixturevalue("buckets")


@pytest.fixture
def buckets(server, s3, settings, monkeypatch):
    values = {"BUCKET": "public", "KEPT_BUCKET": "kept", "ENDPOINT_URL": server}
    for name, value in (values | {"ACCESS_KEY": "key", "SECRET_KEY": "secret"}).items():
        monkeypatch.setenv(f"MEDIA_S3_{name}", value)
    settings.STORAGES = settings.STORAGES | {
        "default": object_storage.from_environment(),
        "kept": object_storage.kept_from_environment(),
    }
    found = [s3.Bucket(name) for name in ("public", "kept")]
    for bucket in found:
        bucket.create()
    yield found
    for bucket in found:
        bucket.objects.delete()
        bucket.delete()


def begin(*moments):
    """Articles that share a picture, whose files are where they belong; the first one's id."""
    Blog.collection().delete_many({})
    FileCheck.collection().delete_many({})
    storage.clear()
    first, *_others = rule.shared_by(*moments)
    rule.put(Place.PUBLIC if SHOWN in moments else Place.KEPT)
    assert_rule_holds()
    return first


@changes
def test_every_change_brings_the_files_to_where_they_belong(stores, before, then):
    move(begin(*before), then)
    assert_rule_holds()
    assert FileCheck.collection().count_documents({}) == 0


def from_the_start(before, then):
    """A function that begins anew and gives the change that is to be killed."""

    def begin_anew():
        first = begin(*before)
        return lambda: move(first, then)

    return begin_anew


@pytest.mark.deep
@changes
def test_killed_at_any_step_the_worker_brings_them_there(database, before, then):
    for _ in rule.kills(from_the_start(before, then)):
        mend()
        assert_rule_holds()
        assert FileCheck.collection().count_documents({}) == 0


@pytest.mark.deep
@pytest.mark.parametrize("then", [TRASHED, None])
def test_so_it_does_in_an_object_store(buckets, then):
    for _ in rule.kills(from_the_start([SHOWN], then)):
        mend()
        assert_rule_holds()


@pytest.mark.deep
@pytest.mark.parametrize("again", [4, 9])
@changes
def test_so_does_the_next_worker_where_one_is_killed_at_it(database, before, then, again):
    for _ in rule.kills(from_the_start(before, then)):
        rule.killed_at(again, mend)
        mend()
        assert_rule_holds()


@pytest.mark.parametrize("then", [SHOWN, TRASHED])
def test_a_change_of_mind_after_a_kill_loses_nothing(database, then):
    """Half a copy lies where the whole file is to stay, and must not take its place."""
    back = TRASHED if then == SHOWN else SHOWN
    for _ in rule.kills(from_the_start([back], then)):
        rule.all_due()
        move(Blog.collection().find_one()["_id"], back)
        mend()
        assert_rule_holds()


def test_half_a_copy_is_made_anew(database):
    first = begin(SHOWN)
    half = rule.CONTENT[NAME][:100]
    storage.save_as(Place.KEPT, NAME, half)
    move(first, TRASHED)
    assert lying()[Place.KEPT][NAME] == rule.CONTENT[NAME]
    assert_rule_holds()


def test_half_a_copy_never_takes_the_place_of_the_whole(database):
    first = begin(SHOWN)
    storage.save_as(Place.KEPT, NAME, rule.CONTENT[NAME][:100])
    move(first, SHOWN)
    assert lying()[Place.PUBLIC][NAME] == rule.CONTENT[NAME]
    assert_rule_holds()


def test_rivals_in_opposite_directions_end_where_the_last_one_wanted(stores):
    first, second = begin(SHOWN, TRASHED), Blog.collection().find_one({"visible_from": TRASHED})

    def flip(moments):
        for moment in moments * 5:
            move(first, moment)
            move(second["_id"], moment)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(flip, way) for way in ([TRASHED, SHOWN], [SHOWN, TRASHED]) * 2]:
            done.result()
    if FileCheck.collection().count_documents({}):  # a rival's storage call met the other's
        mend()
    assert_rule_holds()


def test_who_finds_somebody_at_it_leaves_it_to_them(database):
    first = begin(SHOWN)
    files.note([NAME], transaction=None)
    held = checks.claim(NAME)
    move(first, TRASHED)
    assert lying()[Place.PUBLIC]
    files._mend(held)  # looks once, and sees that somebody asked meanwhile
    files.settle([NAME])
    assert_rule_holds()


def test_who_was_overtaken_deletes_nothing(database):
    begin(TRASHED)
    rule.put(Place.PUBLIC)
    files.note([NAME], transaction=None)
    slow = checks.claim(NAME)
    rule.all_due()
    assert checks.claim(NAME)
    files._mend(slow)
    assert set(lying()[Place.PUBLIC]) == set(rule.CONTENT)
    assert FileCheck.collection().count_documents({}) == 1


def test_both_spellings_count(database):
    first = begin(SHOWN)
    Blog.collection().insert_one({"title": "Lama", "image": "/static/uploads/foto.jpg"})
    move(first, None)
    assert set(lying()[Place.PUBLIC]) == set(rule.CONTENT)
    assert lying()[Place.KEPT] == {}


def test_a_file_that_is_named_like_a_rendition_stays_with_its_own_document(database):
    """As the earlier service may have named it."""
    first = begin(SHOWN)
    Blog.collection().insert_one({"title": "Lama", "image": rule.RENDITIONS[0]})
    move(first, None)
    assert set(lying()[Place.PUBLIC]) == {rule.RENDITIONS[0]}


@pytest.mark.parametrize("odd", [3, "http://elsewhere/foto.jpg", "../foto.jpg", ["a", 1], None])
def test_what_is_no_file_of_ours_is_nobodys_business(database, odd):
    begin(SHOWN)
    assert files.named_by(Blog, {"image": odd}) == set()
    files.note(["../foto.jpg", "/etc/passwd"], transaction=None)
    files.settle(["../foto.jpg", "/etc/passwd"])
    assert FileCheck.collection().count_documents({}) == 0
    assert_rule_holds()


# --- Storages that fail ------------------------------------------------------------------


@pytest.mark.parametrize("call", ["_save", "delete", "_open", "beginning_with", "flush"])
def test_a_storage_that_fails_loses_nothing_and_is_tried_again(database, monkeypatch, caplog, call):
    first = begin(SHOWN)

    def fail(*args, **kwargs):
        raise OSError("input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(LocalStorage, call, fail)
        move(first, TRASHED)
    assert "input/output error" in caplog.text
    assert not files.mend_next()  # it waits a little
    mend()
    assert_rule_holds()


def test_a_full_disk_keeps_the_public_file_until_there_is_room(database, settings):
    first = begin(SHOWN)
    kept = settings.STORAGES["kept"]
    full = {"BACKEND": "content.pictures.tests.media.FullDisk"}
    with pytest.MonkeyPatch.context() as patch:
        options = kept["OPTIONS"] | {"room_for": 1}
        patch.setattr(
            django_settings,
            "STORAGES",
            settings.STORAGES | {"kept": full | {"OPTIONS": options}},
        )
        settings.STORAGES = django_settings.STORAGES
        move(first, TRASHED)
        assert set(lying()[Place.PUBLIC]) >= {*rule.RENDITIONS}
    settings.STORAGES = settings.STORAGES | {"kept": kept}
    mend()
    assert_rule_holds()


# --- Uploads -----------------------------------------------------------------------------


FILES = 2  # the original and one rendition, so that a change has few steps


def picture():
    return clean.inspect(photograph(400))


def create(owner):
    values = {"title": "Kabar", "content": "Isi", "image": picture()}
    services.create(Blog, values, author=Principal(owner.raw, owner.raw["_id"]))


def assert_only_what_is_referred_to():
    """By articles, by the trash, and by revisions, which name originals."""
    found = lying()
    raws = list(Blog.collection().find())
    shown = [files_of(raw, "image") for raw in raws if raw[states.KEY] != TRASHED]
    assert set(found[Place.PUBLIC]) == set().union(*shown)
    listed = {name for revision in Revision.collection().find() for name in revision["pictures"]}
    trashed = {raw["image"] for raw in raws if raw[states.KEY] == TRASHED}
    originals = [storage.original_of(name) for name in found[Place.KEPT]]
    assert set(originals) == (listed | trashed) - set(found[Place.PUBLIC])
    assert len(originals) == FILES * len(set(originals))


def test_an_upload_that_arrives_leaves_no_note(stores, owner):
    create(owner)
    assert FileCheck.collection().count_documents({}) == 0
    assert len(lying()[Place.PUBLIC]) == FILES


def test_an_upload_killed_at_any_step_is_used_or_gone_after_an_hour(stores, owner):
    def begin_anew():
        Blog.collection().delete_many({})
        Revision.collection().delete_many({})
        storage.clear()
        return lambda: create(owner)

    for _ in rule.kills(begin_anew):
        if not Blog.collection().find_one():
            assert not files.mend_next()  # before the hour is over it might be on its way
        mend()
        assert_only_what_is_referred_to()
        assert FileCheck.collection().count_documents({}) == 0


def test_an_upload_that_cannot_be_noted_is_not_stored(owner, monkeypatch):
    def fail(name):
        raise OSError("no database")

    monkeypatch.setattr(checks, "expect", fail)
    assert RESOURCES["blogs"].post(owner.client, image=photograph()).status_code == 500
    assert lying()[Place.PUBLIC] == {}


def replace(actor):
    values = {"image": picture()}
    before = Blog.collection().find_one()
    services.change(Blog, before, values, actor=actor, check=lambda raw: None)


def by_id(service):
    def work(actor):
        article = Blog.collection().find_one()
        service(Blog, article["_id"], actor=actor, check=lambda raw: None)

    return work


trash, restore, remove = map(by_id, (services.trash, services.restore, services.remove))


@pytest.mark.parametrize(
    "work",
    [replace, trash, restore, remove],
    ids=["replace", "trash", "restore", "remove"],
)
def test_a_change_killed_at_any_step_leaves_no_file_out_of_place(owner, work):
    actor = Principal(owner.raw, owner.raw["_id"])
    create(owner)
    if work == restore:
        trash(actor)
    bring_back = rule.kept(Blog, Revision, FileCheck)

    def begin_anew():
        bring_back()
        return lambda: work(actor)

    for _ in rule.kills(begin_anew):
        mend()
        assert_only_what_is_referred_to()


# --- The place itself --------------------------------------------------------------------


def test_nobody_but_the_owner_may_look_into_the_kept_place(database):
    move(begin(SHOWN), TRASHED)
    folder = Path(Place.KEPT.storage.location)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "uploads").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


def test_what_is_kept_is_at_no_address(anyone):
    first = begin(SHOWN)
    assert anyone.get("/media/uploads/foto.jpg").status_code == 200
    move(first, TRASHED)
    for address in (
        "/media/uploads/foto.jpg",
        "/static/uploads/foto.jpg",
        "/kept/uploads/foto.jpg",
    ):
        assert anyone.get(address).status_code == 404
    move(first, SHOWN)
    assert anyone.get("/media/uploads/foto.jpg").status_code == 200


def test_kept_objects_are_private_and_public_ones_cached_again(buckets):
    public, kept = buckets
    first = begin(SHOWN)
    move(first, TRASHED)
    assert kept.Object(NAME).cache_control == "private, no-store"
    grants = kept.Object(NAME).Acl().grants
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    move(first, SHOWN)
    assert public.Object(NAME).cache_control == "public, max-age=31536000, immutable"
    assert public.Object(NAME).content_type == "image/jpeg"


def test_a_family_is_found_among_others_with_like_names(stores):
    begin(SHOWN)
    for other in ("uploads/foto.jpg2", "uploads/foto.jpg.bak", "uploads/foto.jp", "uploads/foto"):
        storage.save_as(Place.PUBLIC, other, b"x")
    assert moves.family(NAME, Place.PUBLIC) == set(rule.CONTENT)
