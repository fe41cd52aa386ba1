"""The earlier service's database is served as it is."""

import pytest
from bson import ObjectId
from rest_framework.test import APIClient

from accounts.documents import User
from content.documents import RESOURCES, Blog, Program
from content.pictures.tests.media import photograph, stored_files
from content.publishing import text
from content.tests import earlier
from content.tests.earlier import BUDI, BUDI_AGAIN, PASSWORD, SARI, SHARED
from content.tests.resources import FORM, JSON, listed
from core.database import indexes

# Documents are brought up to date by bulk updates, which mongomock does not take from PyMongo.
pytestmark = pytest.mark.wire
NAMES = ("programs", "blogs", "gallery", "partners")


@pytest.fixture
def upgraded(database) -> list[str]:
    """The earlier database after `ensure_indexes`, and what that reported."""
    earlier.insert()
    return indexes.ensure_indexes()


def client_of(name: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    login = client.post("/auth/login", {"username": name, "password": PASSWORD})
    assert login.status_code == 200, login.content
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {login.json()['access_token']}")
    return client


def everything() -> list[dict]:
    return [raw for document in (User, *RESOURCES) for raw in document.collection().find()]


def find(document, **query) -> dict:
    return document.collection().find_one(query)


@pytest.mark.usefixtures("upgraded")
class TestReading:
    def test_all_is_listed_and_each_item_is_shown(self, anyone):
        for name in NAMES:
            response = anyone.get(f"/{name}?limit=100")
            assert response.status_code == 200
            for item in response.json()["data"]:
                shown = anyone.get(f"/{name}/{item['id']}")
                assert shown.status_code == 200
                assert listed(shown.json()["data"]) == item
                assert item["_id"] == item["id"]
                assert item["version"] == 0

    def test_what_earlier_programs_lack_reads_as_a_default(self, anyone):
        [_, program] = anyone.get("/programs").json()["data"]
        assert program["program_type"] is None
        assert program["is_active"] is True
        assert program["start_date"] is program["end_date"] is program["author"] is None
        assert program["image"] == SHARED
        assert program["image_meta"] is None
        assert program["created_at"] == "2023-03-01T08:30:15.123Z"
        assert program["updated_at"] == program["created_at"]

    def test_unknown_fields_are_kept_and_never_shown(self, anyone):
        [program, _] = anyone.get("/programs").json()["data"]
        assert program["title"] == "UI"
        assert not program.keys() & {"views", "author_id", "search_words"}
        assert find(Program, title="UI")["views"] == 12

    def test_what_it_had_under_newer_names_counts_as_absent(self, anyone, upgraded):
        [program, _] = anyone.get("/programs").json()["data"]
        assert program["tags"] == []
        assert "tags" not in find(Program, title="UI")
        assert "programs: 1 had other things under names of ours" in upgraded

    def test_a_document_without_a_time_has_that_of_its_id(self, anyone):
        item = anyone.get("/gallery?search=&ordering=created_at").json()["data"][-1]
        expected = ObjectId(item["id"]).generation_time
        assert item["created_at"] == f"{expected:%Y-%m-%dT%H:%M:%S}.000Z"

    def test_the_search_finds_it(self, anyone):
        titles = [item["title"] for item in anyone.get("/blogs?search=desa").json()["data"]]
        assert titles == ["Catatan Sari"]

    def test_its_pictures_open(self, anyone):
        for image in (earlier.SHARED, earlier.LOGO, earlier.PHOTO):
            assert anyone.get(image).status_code == 200
        assert anyone.get("/static/uploads/hilang.jpg").status_code == 404


@pytest.mark.usefixtures("upgraded")
class TestWriting:
    def test_a_title_too_short_for_today_hinders_no_change_elsewhere_and_cannot_be_written_again(
        self,
    ):
        program, admin = find(Program, title="UI"), client_of("dewi")
        response = admin.patch(f"/programs/{program['_id']}", {"title": "UI"}, **JSON)
        assert response.status_code == 422
        assert [*response.json()["meta"]["errors"]] == ["title"]
        change = {"description": "Kunjungan ke kampus di Depok."}
        response = admin.patch(f"/programs/{program['_id']}", change, **JSON)
        assert response.status_code == 200
        data = response.json()["data"]
        assert (data["title"], data["version"]) == ("UI", 1)
        assert find(Program, title="UI") == program | change | {
            "version": 1,
            "updated_at": find(Program, title="UI")["updated_at"],
            "search_words": find(Program, title="UI")["search_words"],
            "excerpt": change["description"],
            "description_html": f"<p>{change['description']}</p>\n",
            "text_version": text.VERSION,
            "text_pictures": [],
            "tag_keys": [],
        }

    def test_the_owner_is_the_user_of_that_address(self):
        blog = find(Blog, author="sari@lsa.example")
        assert blog["author_id"] == SARI
        path, change = f"/blogs/{blog['_id']}", {"title": "Catatan Sari, diperbaiki"}
        assert client_of("Budi").patch(path, change, **JSON).status_code == 403
        assert client_of("sari").patch(path, change, **JSON).status_code == 200

    def test_all_can_be_deleted_and_then_no_file_remains(self, anyone):
        admin = client_of("dewi")
        for name in NAMES:
            for item in anyone.get(f"/{name}").json()["data"]:
                assert admin.delete(f"/{name}/{item['id']}").status_code == 200
            assert anyone.get(f"/{name}").json()["data"] == []
        assert stored_files() == set()

    def test_a_shared_picture_stays_until_the_last_document_goes(self, anyone):
        program, blog = find(Program, image=SHARED), find(Blog, image=SHARED)
        admin = client_of("dewi")
        change = {"image": photograph()}
        assert admin.patch(f"/blogs/{blog['_id']}", change, **FORM).status_code == 200
        assert anyone.get(SHARED).status_code == 200
        assert admin.delete(f"/programs/{program['_id']}").status_code == 200
        assert anyone.get(SHARED).status_code == 404

    def test_nobody_gains_content_by_registering_its_address_later(self, anyone):
        body = {"email": "pergi@lsa.example", "username": "pergi", "password": PASSWORD}
        assert anyone.post("/auth/register", body, **JSON).status_code == 201
        indexes.ensure_indexes()
        blog = find(Blog, author="pergi@lsa.example")
        assert blog["author_id"] is None
        path = f"/blogs/{blog['_id']}"
        assert client_of("pergi").patch(path, {"title": "Milikku"}, **JSON).status_code == 403
        assert client_of("pergi").delete(path).status_code == 403
        assert client_of("dewi").delete(path).status_code == 200


class TestUsers:
    def test_they_log_in_with_their_old_passwords_and_no_others(self, upgraded, anyone):
        for name in ("sari", "SARI@lsa.example", "Budi", "budi", "dewi"):
            assert client_of(name).get("/auth/me").status_code == 200
        wrong = {"username": "sari", "password": "bukan-ini-27"}
        assert anyone.post("/auth/login", wrong).status_code == 401

    def test_of_two_whose_names_differ_in_case_the_older_keeps_it(self, upgraded):
        assert client_of("budi").get("/auth/me").json()["data"]["id"] == str(BUDI)
        [report] = [line for line in upgraded if "cannot log in" in line]
        assert str(BUDI_AGAIN) in report

    def test_the_other_logs_in_once_an_admin_renamed_them(self, upgraded, anyone):
        login = {"username": "budi.lain@lsa.example", "password": PASSWORD}
        assert anyone.post("/auth/login", login).status_code == 401
        change = {"username": "budi_lain"}
        response = client_of("dewi").patch(f"/users/{BUDI_AGAIN}", change, **JSON)
        assert response.status_code == 200, response.content
        assert anyone.post("/auth/login", login).status_code == 200

    def test_who_registered_themselves_is_no_admin_and_has_the_time_of_the_id(self, upgraded):
        me = client_of("sari").get("/auth/me").json()["data"]
        assert me["is_admin"] is False
        assert me["created_at"] == "2023-03-01T08:30:15.000Z"


def test_preparing_it_again_changes_nothing(upgraded):
    before = everything()
    assert [line for line in indexes.ensure_indexes() if "cannot log in" not in line] == []
    assert everything() == before


def test_what_the_earlier_service_wrote_is_still_there(database):
    earlier.insert()
    before = everything()
    indexes.ensure_indexes()
    for old, new in zip(before, everything(), strict=True):
        foreign = {"slug", "tags"}
        assert {key: old[key] for key in old.keys() - foreign}.items() <= new.items()
