"""Pictures that come in: refused without a trace, or accepted and clean."""

import re
from io import BytesIO

import pytest
from PIL import Image

from content.pictures.cleaning import clean
from content.pictures.tests import corpus
from content.pictures.tests.corpus import CLEANABLE, HOSTILE, PAYLOAD
from content.pictures.tests.media import MEBIBYTE, folder, raw_form, stored_files, upload
from content.tests.resources import FORM, RESOURCES, picture

OWN_NAME = re.compile(r"/media/uploads/\d{8}_\d{6}_[0-9a-f]{16}\.(jpg|png|gif)")
NAMES = {
    "parent folders": "../../../evil.jpg",
    "parent folders, encoded": "..%2f..%2fevil.jpg",
    "parent folders of Windows": r"..\..\evil.jpg",
    "absolute": "/etc/passwd.jpg",
    "NUL": "foto.jpg\0.html",
    "NUL in the ending": "foto.jp\0g",
    "newline, encoded": "foto%0d%0aX-Evil: 1.jpg",
    "300 characters": "a" * 296 + ".jpg",
    "an ending of 300 characters": "foto." + "a" * 300,
    "Unicode": "пейзаж-日本-😀-é.jpg",
    "right to left": "foto\u202egpj.exe",
    "no extension": "foto",
    "hidden": ".htaccess",
    "a script's": "foto.php",
    "a page's": "foto.jpg.html",
    "markup": "<img src=x onerror=alert(1)>.jpg",
}


def test_it_refuses_what_is_hostile_and_keeps_nothing(owner):
    resource, answers = RESOURCES["programs"], {}
    for name, content in HOSTILE.items():
        response = resource.post(owner.client, **{resource.picture: upload(content)})
        meta = response.json()["meta"] or {}
        answers[name] = (response.status_code, meta.get("code"), [*meta.get("errors", [])])
    assert answers == dict.fromkeys(HOSTILE, (400, "invalid_file", [resource.picture]))
    assert stored_files() == set()
    assert resource.collection().count_documents({}) == 0


def test_what_is_refused_replaces_nothing(owner):
    resource = RESOURCES["partners"]
    data = resource.create(owner.client, **{resource.picture: upload(corpus.jpeg())})
    before, files = resource.collection().find_one(), stored_files()
    for content in HOSTILE.values():
        change = {resource.picture: upload(content)}
        response = owner.client.patch(resource.item(data["id"]), change, **FORM)
        assert response.json()["meta"]["code"] == "invalid_file"
    assert resource.collection().find_one() == before
    assert stored_files() == files


def test_it_accepts_what_it_can_clean(owner, anyone):
    resource = RESOURCES["partners"]
    for name, content in CLEANABLE.items():
        data = resource.create(owner.client, **{resource.picture: upload(content)})
        assert OWN_NAME.fullmatch(data[resource.picture]), name
        served = b"".join(anyone.get(data[resource.picture]).streaming_content)
        assert PAYLOAD not in served, name
        Image.open(BytesIO(served)).load()
    assert not [path for path in folder().iterdir() if PAYLOAD in path.read_bytes()]


def test_no_file_says_where_a_photograph_was_taken(owner):
    content = corpus.jpeg(1600, 1000, exif=corpus.exif(gps=True, maker=b"Maker"))
    RESOURCES["gallery"].create(owner.client, image=upload(content))
    assert len(stored_files()) == 5
    for path in folder().iterdir():
        assert not Image.open(path).getexif()


@pytest.mark.parametrize("over", [0, 1])
def test_the_limit_is_exact(owner, settings, over):
    assert settings.MAX_FILE_SIZE == 5 * MEBIBYTE
    content = corpus.jpeg()
    content += bytes(settings.MAX_FILE_SIZE - len(content) + over)
    response = RESOURCES["blogs"].post(owner.client, image=upload(content))
    if not over:
        assert response.status_code == 201
        return
    assert response.status_code == 400
    assert response.json()["meta"]["code"] == "invalid_file"
    assert "5 MB" in response.json()["meta"]["errors"]["image"][0]
    assert stored_files() == set()


def test_the_clients_name_never_counts(owner):
    for number, (kind, name) in enumerate(NAMES.items(), start=1):
        assert OWN_NAME.fullmatch(named(owner, name, corpus.jpeg())), kind
        assert len(stored_files()) == number, kind


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("parent folders", marks=pytest.mark.deep),
        "NUL in the ending",
        pytest.param("a script's", marks=pytest.mark.deep),
    ],
)
def test_it_does_not_count_of_a_large_file_either(owner, kind):
    """For which Django would use a temporary file with the client's ending."""
    assert OWN_NAME.fullmatch(named(owner, NAMES[kind], corpus.jpeg() + bytes(3 * MEBIBYTE)))
    assert len(stored_files()) == 1


def named(owner, name: str, content: bytes, declared: str = "image/jpeg") -> str:
    """The address of a picture that came under this name, declared as of this type."""
    blogs = RESOURCES["blogs"]
    form = raw_form(blogs.body, "image", name, content, declared)
    response = owner.client.generic("POST", blogs.url, **form)
    assert response.status_code == 201, response.content
    return response.json()["data"]["image"]


def test_the_declared_type_never_counts(owner, anyone):
    for declared in ("text/html", "image/svg+xml", "image/gif", "nonsense", ""):
        address = named(owner, "foto.gif", corpus.png(), declared)
        assert address.endswith(".png"), declared
        assert anyone.get(address)["Content-Type"] == "image/png", declared


def test_an_animation_stays_one(owner):
    blogs = RESOURCES["blogs"]
    data = blogs.create(owner.client, image=upload(corpus.gif(400, 300, frames=5), "a.gif"))
    raw = blogs.collection().find_one()
    assert Image.open(folder().parent / raw["image"]).n_frames == 5
    assert data["image_meta"]["format"] == "gif"


def test_text_in_place_of_a_file_is_not_a_file(owner):
    blogs = RESOURCES["blogs"]
    for response in (
        blogs.post(owner.client, image="/media/uploads/of-somebody-else.jpg"),
        owner.client.post(blogs.url, blogs.body | {"image": "uploads/a.jpg"}, format="json"),
    ):
        assert response.status_code == 422
        assert [*response.json()["meta"]["errors"]] == ["image"]
    assert blogs.collection().count_documents({}) == 0


def test_a_required_picture_is_missed_by_name(owner):
    for name in ("gallery", "partners"):
        resource = RESOURCES[name]
        response = resource.post(owner.client, **{resource.picture: None})
        assert response.status_code == 422
        assert [*response.json()["meta"]["errors"]] == [resource.picture]


def test_a_stranger_without_an_account_leaves_nothing(anyone):
    response = RESOURCES["blogs"].post(anyone, image=upload(HOSTILE["svg"]))
    assert response.status_code == 401
    assert stored_files() == set()


# --- When a picture is decoded -----------------------------------------------------------

BACKWARDS = {"start_date": "2026-02-01", "end_date": "2026-01-01"}


@pytest.fixture
def decodes(monkeypatch) -> list[clean.Source]:
    """The uploads that were decoded."""
    decoded, process = [], clean.process
    monkeypatch.setattr(clean, "process", lambda upload: decoded.append(upload) or process(upload))
    return decoded


@pytest.mark.parametrize(
    "mistake", [{"title": ""}, {"unknown": "x"}, {"program_type": "pesta"}, BACKWARDS]
)
def test_a_mistake_elsewhere_in_the_form_spares_the_decoding(owner, decodes, mistake):
    programs = RESOURCES["programs"]
    [key] = programs.store(author_id=owner.raw["_id"])
    before = programs.collection().find_one()
    for send, url in (("post", programs.url), ("put", programs.item(key))):
        form = programs.form(image=picture()) | mistake
        response = getattr(owner.client, send)(url, form, format="multipart")
        assert response.status_code == 422
    assert decodes == []
    assert list(programs.collection().find()) == [before]


def test_who_may_not_change_an_item_has_no_picture_decoded(stranger, owner, decodes):
    programs = RESOURCES["programs"]
    [key] = programs.store(author_id=owner.raw["_id"])
    url = programs.item(key)
    assert stranger.client.patch(url, {"image": picture()}, format="multipart").status_code == 403
    late = {"HTTP_IF_MATCH": f'"{key}-7-id"'}
    response = owner.client.patch(url, {"image": picture()}, format="multipart", **late)
    assert response.status_code == 412
    assert decodes == []
    assert owner.client.patch(url, {"image": picture()}, format="multipart").status_code == 200
    assert len(decodes) == 1
