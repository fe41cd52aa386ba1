"""Writes that fail half-way, on the disk, in the database or by a kill: nothing is lost, and
what is left over the worker finds."""

import signal
from collections.abc import Callable
from functools import partialmethod
from typing import Any

import pytest
from mongoengine.connection import get_connection
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect, ServerSelectionTimeoutError

from content.pictures import storage
from content.pictures.storage import Place
from content.pictures.tests import corpus, rule
from content.pictures.tests.media import (
    FILES_OF_PHOTOGRAPH,
    files_of,
    fill_disk,
    photograph,
    stored_files,
    upload,
)
from content.tests.resources import FORM, JSON, RESOURCES
from core.database import transactions
from core.database.tests.failing import end_transactions, failing
from lsa_site.tests.processes import started

KILLED = """
import os, signal
import django
django.setup()
from bson import ObjectId
from django.core.files.storage import FileSystemStorage
from pymongo.collection import Collection
from accounts.documents import User
from accounts.credentials.sessions import Principal
from content.pictures import files
from content.pictures.cleaning import clean
from content import services
from content.documents import Blog
from content.pictures.tests.media import photograph

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

user = User.collection().find_one()
{kill} = die
{work}
"""
CREATE = (
    "fields = {'title': 'Kabar', 'content': 'Isi', 'image': clean.inspect(photograph())}\n"
    "services.create(Blog, fields, author=Principal(user, ObjectId()))"
)
CHANGE = (
    "fields = {'image': clean.inspect(photograph())}\n"
    "before = Blog.collection().find_one()\n"
    "actor = Principal(user, ObjectId())\n"
    "services.change(Blog, before, fields, actor=actor, check=lambda raw: None)"
)


def test_a_full_disk_is_503_and_keeps_nothing_new(resource, owner, settings):
    fill_disk(settings, room_for=1)
    response = resource.post(owner.client, **{resource.picture: photograph()})
    assert response.status_code == 503
    assert response.json()["meta"]["code"] == "storage_unavailable"
    assert response["Retry-After"]
    assert stored_files() == set()
    assert resource.collection().count_documents({}) == 0


@pytest.mark.parametrize("room_for", range(FILES_OF_PHOTOGRAPH))
def test_a_full_disk_leaves_the_old_picture(owner, anyone, settings, room_for):
    resource = RESOURCES["partners"]
    data = resource.create(owner.client, **{resource.picture: photograph()})
    before, files = resource.collection().find_one(), stored_files()
    fill_disk(settings, room_for=room_for)
    change = {resource.picture: photograph()}
    response = owner.client.patch(resource.item(data["id"]), change, **FORM)
    assert response.json()["meta"]["code"] == "storage_unavailable"
    assert resource.collection().find_one() == before
    assert stored_files() == files
    assert anyone.get(data[resource.picture]).status_code == 200


def test_a_full_disk_does_not_hinder_a_change_without_a_file(resource, owner, settings):
    data = resource.create(owner.client)
    fill_disk(settings, room_for=0)
    change = {resource.title: "Judul yang lain"}
    assert owner.client.patch(resource.item(data["id"]), change, **JSON).status_code == 200


def test_a_mistake_elsewhere_in_the_form_stores_no_file(resource, owner):
    bad = {resource.title: "a\0b", resource.picture: photograph()}
    response = resource.post(owner.client, **bad)
    assert response.status_code == 422
    assert [*response.json()["meta"]["errors"]] == [resource.title]
    assert stored_files() == set()


def test_a_program_that_ends_before_it_starts_stores_no_file(owner):
    dates = {"start_date": "2024-05-02", "end_date": "2024-05-01"}
    response = RESOURCES["programs"].post(owner.client, image=photograph(), **dates)
    assert response.status_code == 422
    assert stored_files() == set()


@pytest.fixture
def broken_connection(monkeypatch) -> Callable[[Exception], None]:
    """Makes every write of content raise an error of the network."""

    def breaks(error: Exception) -> None:
        for name in ("insert_one", "find_one_and_update"):
            write = partialmethod(fail_on_content, getattr(Collection, name), error)
            monkeypatch.setattr(Collection, name, write)

    return breaks


def fail_on_content(collection: Collection, write: Any, error: Exception, *args, **kwargs) -> Any:
    if collection.name in RESOURCES:
        raise error
    return write(collection, *args, **kwargs)


@pytest.mark.wire
def test_a_write_that_never_reached_the_database_leaves_no_file(owner, broken_connection):
    blogs = RESOURCES["blogs"]
    data = blogs.create(owner.client, image=upload(corpus.jpeg()))
    files = stored_files()
    broken_connection(ServerSelectionTimeoutError("nobody there"))
    for response in (
        blogs.post(owner.client, image=photograph()),
        owner.client.patch(blogs.item(data["id"]), {"image": photograph()}, **FORM),
    ):
        assert response.status_code == 503
        assert response.json()["meta"]["code"] == "database_unavailable"
        assert stored_files() == files


@pytest.mark.wire
def test_a_write_of_which_nobody_knows_keeps_all_files(owner, broken_connection, caplog):
    blogs = RESOURCES["blogs"]
    data = blogs.create(owner.client, image=upload(corpus.jpeg()))
    files = stored_files()
    broken_connection(AutoReconnect("the answer was lost"))
    change = {"image": photograph()}
    response = owner.client.patch(blogs.item(data["id"]), change, **FORM)
    assert response.status_code == 503
    new = stored_files() - files
    assert len(new) == FILES_OF_PHOTOGRAPH
    assert all(storage.original_of(name) in caplog.text for name in new)
    rule.mend()  # an hour later
    assert stored_files() == files


@pytest.fixture
def impatient(monkeypatch) -> None:
    """The driver repeats a commit for as long as a transaction may take."""
    monkeypatch.setattr(transactions, "OPERATION_SECONDS", 1)


@pytest.mark.wire
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "code",
    [11602, pytest.param(189, marks=pytest.mark.deep), pytest.param(91, marks=pytest.mark.deep)],
)
def test_a_write_that_waits_in_vain_for_its_majority_keeps_its_pictures(owner, code):
    blogs = RESOURCES["blogs"]
    with failing("commitTransaction", writeConcernError={"code": code, "errmsg": "stepping down"}):
        response = blogs.post(owner.client, image=photograph())
    assert response.status_code == 503
    assert response.json()["meta"]["code"] == "database_unavailable"
    assert response["Retry-After"]
    assert stored_files() == files_of(blogs.collection().find_one(), "image")


@pytest.mark.wire
@pytest.mark.usefixtures("impatient")
def test_a_change_that_waits_in_vain_for_its_majority_keeps_both_pictures(owner):
    blogs = RESOURCES["blogs"]
    data = blogs.create(owner.client, image=upload(corpus.jpeg()))
    files = stored_files()
    lost = {"code": 11602, "errmsg": "stepping down"}
    with failing("commitTransaction", writeConcernError=lost):
        change = {"image": photograph()}
        response = owner.client.patch(blogs.item(data["id"]), change, **FORM)
    assert response.status_code == 503
    assert stored_files() == files | files_of(blogs.collection().find_one(), "image")


def test_a_value_that_the_database_refuses_leaves_no_file(owner):
    blogs = RESOURCES["blogs"]
    blogs.store(title="Kabar kota")
    blogs.collection().create_index("title", unique=True, name="for_this_test")
    try:
        response = blogs.post(owner.client, title="Kabar kota", image=photograph())
    finally:
        blogs.collection().drop_index("for_this_test")
    assert response.json()["meta"]["code"] == "unavailable"
    assert stored_files() == set()


@pytest.mark.wire
@pytest.mark.parametrize(
    ("work", "kill", "is_changed"),
    [
        pytest.param(CREATE, "files.note", False, marks=pytest.mark.deep),
        pytest.param(CHANGE, "files.note", False, marks=pytest.mark.deep),
        (CHANGE, "FileSystemStorage.delete", True),
    ],
    ids=["before the insert", "before the update", "before the old files go"],
)
def test_what_a_kill_leaves_is_put_right_by_the_worker(
    owner, settings, tmp_path, work, kill, is_changed
):
    blogs = RESOURCES["blogs"]
    blogs.create(owner.client, image=photograph())
    before = blogs.collection().find_one()
    assert die_in(settings, tmp_path, work=work, kill=kill) == -signal.SIGKILL
    [after] = blogs.collection().find()
    assert (after != before) is is_changed
    in_use = files_of(after, "image")
    assert len(stored_files() - in_use) == FILES_OF_PHOTOGRAPH
    rule.mend()
    assert stored_files() == in_use
    # The earlier picture is that of a revision now.
    assert set(storage.stored_files(Place.KEPT)) == files_of(before, "image") - in_use


def die_in(settings: Any, tmp_path: Any, **steps: str) -> int:
    """The exit code of a process that ends itself within a step of a write."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "lsa_site.tests.settings",
        "MONGODB_URL": settings.MONGODB_URL,
        "MONGODB_TEST_DB": settings.MONGODB_TEST_DB,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "KEPT_ROOT": str(Place.KEPT.storage.location),
    }
    script = KILLED.format(**steps)
    with started(tmp_path, "-c", script, **environment) as process:
        _, errors = process.communicate(timeout=30)
    end_transactions(get_connection())
    assert not errors, errors
    return process.returncode
