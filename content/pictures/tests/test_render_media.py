"""`render_media`: renditions and metadata for the pictures of the earlier service."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from content.management.commands import render_media
from content.pictures.cleaning import clean
from content.pictures.tests import corpus
from content.pictures.tests.media import FILES_OF_PHOTOGRAPH, files_of, fill_disk, folder, put
from content.pictures.tests.media import stored_files as stored
from content.pictures.tests.shown.jpeg import exif_of, photo_with
from content.tests.resources import FORM, RESOURCES, picture

NAME = "20230101_120000_foto.jpg"
EARLIER = f"/static/uploads/{NAME}"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def render(output: StringIO | None = None) -> tuple[str, str]:
    output, errors = output or StringIO(), StringIO()
    call_command("render_media", stdout=output, stderr=errors)
    return output.getvalue(), errors.getvalue()


def test_it_describes_an_earlier_picture_and_leaves_the_file(resource, anyone):
    content = corpus.jpeg(700, 400, exif=corpus.exif(maker=b"Maker"))
    put(NAME, content)
    [item] = resource.store(**{resource.picture: EARLIER})
    before = resource.collection().find_one()
    render()
    after = resource.collection().find_one()
    data = anyone.get(resource.item(item)).json()["data"]
    meta = data[f"{resource.picture}_meta"]
    assert data[resource.picture] == EARLIER
    assert (meta["width"], meta["height"], meta["size"]) == (700, 400, len(content))
    assert meta["srcset"].endswith(f", {EARLIER} 700w")
    for rendition in meta["renditions"]:
        assert anyone.get(rendition["url"]).status_code == 200
    assert (folder() / NAME).read_bytes() == content
    assert len(stored()) == FILES_OF_PHOTOGRAPH
    assert after["updated_at"] == before["updated_at"]


def test_the_entity_tag_changes_with_it(resource, anyone):
    put(NAME, corpus.jpeg(700, 400))
    [item] = resource.store(**{resource.picture: EARLIER})
    resource.collection().update_one({}, {"$unset": {"version": 1}})
    tag = anyone.get(resource.item(item))["ETag"]
    render()
    assert resource.collection().find_one()["version"] == 1
    response = anyone.get(resource.item(item), HTTP_IF_NONE_MATCH=tag)
    assert response.status_code == 200


def test_deleting_then_removes_all_of_its_files(resource, admin):
    put(NAME, corpus.jpeg(700, 400))
    [item] = resource.store(**{resource.picture: EARLIER})
    render()
    assert admin.client.delete(resource.item(item)).status_code == 200
    assert stored() == set()


def test_again_it_finds_nothing_to_do(database):
    put(NAME, corpus.jpeg(700, 400))
    RESOURCES["blogs"].store(image=EARLIER)
    assert render()[0] == "1 pictures rendered, 0 could not be.\n"
    files, [raw] = stored(), RESOURCES["blogs"].collection().find()
    assert render()[0] == "0 pictures rendered, 0 could not be.\n"
    assert stored() == files
    assert list(RESOURCES["blogs"].collection().find()) == [raw]


def test_a_file_of_two_documents_is_rendered_once(admin):
    put(NAME, corpus.jpeg(700, 400))
    first, second = RESOURCES["gallery"].store(2, image=EARLIER)
    render()
    assert len(stored()) == FILES_OF_PHOTOGRAPH
    assert admin.client.delete(RESOURCES["gallery"].item(first)).status_code == 200
    assert stored() == files_of(
        RESOURCES["gallery"].collection().find_one() | {"image": f"uploads/{NAME}"}, "image"
    )
    assert admin.client.delete(RESOURCES["gallery"].item(second)).status_code == 200
    assert stored() == set()


def test_it_reports_what_cannot_be_read_and_goes_on(database):
    put("broken.jpg", b"not a picture")
    put("whole.jpg", corpus.jpeg(700, 400))
    blogs = RESOURCES["blogs"]
    for name in ("broken.jpg", "missing.jpg", "../secret.jpg", "whole.jpg"):
        blogs.store(image=f"/static/uploads/{name}")
    output, errors = render()
    assert output == "1 pictures rendered, 3 could not be.\n"
    lines = errors.splitlines()
    assert [name in line for name, line in zip(("broken", "missing", "secret"), lines, strict=True)]
    assert blogs.collection().count_documents({"image_meta": {"$ne": None}}) == 1
    assert len(stored()) == FILES_OF_PHOTOGRAPH + 1


def test_a_picture_that_is_replaced_meanwhile_keeps_its_new_description(owner, monkeypatch):
    put(NAME, corpus.jpeg(700, 400))
    blogs = RESOURCES["blogs"]
    data = blogs.create(owner.client)
    blogs.collection().update_one({}, {"$set": {"image": EARLIER}})
    original = clean.render

    def render_slowly(file):
        change = {"image": picture()}
        assert owner.client.patch(blogs.item(data["id"]), change, **FORM).status_code == 200
        return original(file)

    monkeypatch.setattr(clean, "render", render_slowly)
    assert render()[0] == "0 pictures rendered, 0 could not be.\n"
    raw = blogs.collection().find_one()
    assert raw["image_meta"]["name"] == raw["image"]
    assert raw["image_meta"]["width"] == 8
    assert stored() == files_of(raw, "image")


def test_stopped_half_way_it_goes_on_where_it_was(database, monkeypatch):
    for number in range(3):
        put(f"{number}.jpg", corpus.jpeg(700, 400))
        RESOURCES["blogs"].store(image=f"/static/uploads/{number}.jpg")
    steps = iter([render_media.describe, render_media.describe])

    def stop_at_the_third(picture):
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        return step(picture)

    with monkeypatch.context() as patch:
        patch.setattr(render_media, "describe", stop_at_the_third)
        with pytest.raises(SystemExit) as stopped:
            render()
    assert stopped.value.code == 130
    assert render()[0] == "1 pictures rendered, 0 could not be.\n"
    assert len(stored()) == 3 * FILES_OF_PHOTOGRAPH


def test_a_full_disk_ends_it_in_one_line_and_leaves_nothing_new(settings, database):
    put(NAME, corpus.jpeg(700, 400))
    RESOURCES["blogs"].store(image=EARLIER)
    fill_disk(settings, room_for=1)
    with pytest.raises(CommandError, match="No space left"):
        render()
    assert stored() == {f"uploads/{NAME}"}
    assert "image_meta" not in RESOURCES["blogs"].collection().find_one()


def test_a_terminal_shows_how_far_it_is(database):
    put("whole.jpg", corpus.jpeg())
    RESOURCES["blogs"].store(image="/static/uploads/whole.jpg")
    RESOURCES["blogs"].store(image="/static/uploads/missing.jpg")
    output, _ = render(Terminal())
    assert "] 1 of 2" in output
    assert "[##############################] 2 of 2\n" in output


def test_pictures_of_ours_are_known_already(owner):
    RESOURCES["blogs"].create(owner.client, image=picture())
    RESOURCES["blogs"].create(owner.client)
    assert render()[0] == "0 pictures rendered, 0 could not be.\n"


def nothing_stops(name: str, content: bytes) -> str:
    """What is said of an odd file, while the one behind it is rendered all the same."""
    put(name, content)
    put("whole.jpg", corpus.jpeg(700, 400))
    for each in (name, "whole.jpg"):
        RESOURCES["blogs"].store(image=f"/static/uploads/{each}")
    _, errors = render()
    whole = RESOURCES["blogs"].collection().find_one({"image": "/static/uploads/whole.jpg"})
    assert whole["image_meta"]["width"] == 700
    return errors


def test_an_orientation_of_any_type_stops_nothing(database):
    """Text, among others, as some programs write it."""
    for kind in range(14):
        put(f"{kind}.jpg", photo_with(exif_of(kind, 2, b"6")))
        RESOURCES["blogs"].store(image=f"/static/uploads/{kind}.jpg")
    assert render() == ("14 pictures rendered, 0 could not be.\n", "")


def test_a_file_that_breaks_a_decoder_is_reported_and_passed(database, monkeypatch):
    render_one = clean.render

    def broken(file):
        if file.getvalue() == b"odd":
            raise TypeError("no such thing")
        return render_one(file)

    monkeypatch.setattr(clean, "render", broken)
    errors = nothing_stops("odd.jpg", b"odd")
    assert "odd.jpg: TypeError: no such thing" in errors


def test_a_name_without_room_for_that_of_a_rendition_is_reported_and_passed(database):
    errors = nothing_stops("a" * 250 + ".jpg", corpus.jpeg(400, 300))
    assert "name of the file is too long" in errors
    assert len(stored()) == 1 + FILES_OF_PHOTOGRAPH


@pytest.mark.wire
def test_a_document_that_cannot_be_changed_is_reported_and_passed(database):
    put("odd.jpg", corpus.jpeg(700, 400))
    RESOURCES["blogs"].store(image="/static/uploads/odd.jpg")
    RESOURCES["blogs"].collection().update_one({}, {"$set": {"version": "first"}})
    errors = nothing_stops("other.jpg", corpus.jpeg(10, 10))
    assert "odd.jpg" in errors
    assert len(stored()) == 2 + FILES_OF_PHOTOGRAPH
