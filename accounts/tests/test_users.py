"""GET /users and GET, PATCH, DELETE /users/{id}, for admins."""

import pytest

from accounts.documents import PasswordReset, User
from accounts.roles import Role
from accounts.tests.requests import API, log_in, me, refresh, register
from conftest import Person, join, new_client
from content.documents import Blog
from core.database import connection, indexes, transactions

USERS = f"{API}/users"
SHOWN = {"id", "email", "username", "full_name", "role", "is_active", "is_admin", "created_at"}
SHOWN |= {"last_login"}


def stored(person: Person) -> dict | None:
    return User.collection().find_one({"_id": person.raw["_id"]})


def names(response) -> list[str]:
    assert response.status_code == 200
    return [user["username"] for user in response.json()["data"]]


def change(admin: Person, person: Person, **changes):
    return admin.client.patch(f"{USERS}/{person.id}", changes, format="json")


def every_route(client, user_id):
    return [
        client.get(USERS),
        client.post(USERS, {"email": "ani@lsa.example"}, format="json"),
        client.get(f"{USERS}/{user_id}"),
        client.patch(f"{USERS}/{user_id}", {"is_admin": True}, format="json"),
        client.delete(f"{USERS}/{user_id}"),
    ]


def test_all_of_it_is_closed_to_others(anyone, owner, admin):
    assert [r.status_code for r in every_route(anyone, owner.id)] == [401] * 5
    assert [r.status_code for r in every_route(owner.client, owner.id)] == [403] * 5
    assert stored(owner) == owner.raw


def test_a_list_is_a_page_newest_first(admin):
    for name in ("ani", "budi", "citra"):
        join(name)
    response = admin.client.get(USERS, {"limit": 2, "skip": 1})
    assert names(response) == ["budi", "ani"]
    assert response.json()["meta"] == {
        "total": 4,
        "skip": 1,
        "limit": 2,
        "count": 2,
        "has_more": True,
        "next": f"{USERS}?limit=2&skip=3",
        "previous": f"{USERS}?limit=2&skip=0",
    }


def test_nothing_but_the_shown_fields_leaves_the_database(admin, owner):
    for response in (admin.client.get(USERS), admin.client.get(f"{USERS}/{owner.id}")):
        data = response.json()["data"]
        for user in data if isinstance(data, list) else [data]:
            assert set(user) == SHOWN
        assert "$2b$" not in response.content.decode()


def test_fields_narrow_the_answer_and_cannot_name_a_private_one(admin):
    response = admin.client.get(USERS, {"fields": "email,username"})
    assert set(response.json()["data"][0]) == {"id", "email", "username"}
    for private in ("password", "email_key", "search_words", "email,password"):
        response = admin.client.get(USERS, {"fields": private})
        assert response.status_code == 422
        assert set(response.json()["meta"]["errors"]) == {"fields"}


def test_it_searches_filters_and_orders(admin):
    register(new_client(), full_name="Budi Santoso")
    for query, found in (
        ({"search": "BUD"}, ["budi"]),
        ({"search": "santoso bud"}, ["budi"]),
        ({"search": "lsa.example"}, ["budi", "admin"]),
        ({"search": "udi"}, []),
        ({"search": ".*"}, []),
        ({"search": "$2b"}, []),
        ({"is_admin": "true"}, ["admin"]),
        ({"is_admin": "false"}, ["budi"]),
        ({"role": "admin"}, ["admin"]),
        ({"role": "author"}, ["budi"]),
        ({"role": "editor,contributor"}, []),
        ({"role": "admin,author"}, ["budi", "admin"]),
        ({"is_active": "true"}, ["budi", "admin"]),
        ({"is_active": "false"}, []),
        ({"created_after": "2100-01-01"}, []),
        ({"created_before": "2100-01-01"}, ["budi", "admin"]),
        ({"ordering": "created_at"}, ["admin", "budi"]),
    ):
        assert names(admin.client.get(USERS, query)) == found, query


def test_unknown_parameters_are_refused_by_name(admin):
    for parameter in (
        "password",
        "email",
        "username",
        "is_admin[$ne]",
        "is_admin__ne",
        "$where",
        "page",
        "id",
    ):
        response = admin.client.get(USERS, {parameter: "true"})
        assert response.status_code == 422, parameter
        assert set(response.json()["meta"]["errors"]) == {parameter}


def test_malformed_parameters_are_refused_by_name(admin):
    for name, value in (
        ("is_admin", "yes"),
        ("limit", "0"),
        ("ordering", "password"),
        ("created_after", "x"),
    ):
        response = admin.client.get(USERS, {name: value})
        assert response.status_code == 422, (name, value)
        assert set(response.json()["meta"]["errors"]) == {name}


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_malformed_and_unknown_ids(admin, method):
    body = {} if method == "get" else {"data": {"is_active": True}, "format": "json"}
    for text, status, code in (("x", 400, "invalid_id"), ("6" * 24, 404, "not_found")):
        response = getattr(admin.client, method)(f"{USERS}/{text}", **body)
        assert response.status_code == status
        assert response.json()["meta"]["code"] == code


def test_an_admin_promotes_and_deactivates(admin, owner):
    response = change(admin, owner, is_admin=True)
    assert response.status_code == 200
    assert response.json()["data"]["is_admin"] is True
    assert owner.client.get(USERS).status_code == 200
    assert change(admin, owner, is_active=False).json()["data"]["is_active"] is False
    assert me(owner.tokens.access_token) == 401
    assert stored(owner)["password"] == owner.raw["password"]


@pytest.mark.parametrize("role", Role)
def test_an_admin_gives_a_role(admin, owner, role):
    response = change(admin, owner, role=role.value)
    assert response.status_code == 200
    assert response.json()["data"]["role"] == role
    assert response.json()["data"]["is_admin"] is (role is Role.ADMIN)
    assert (stored(owner)["role"], stored(owner)["is_admin"]) == (role, role is Role.ADMIN)
    assert stored(owner)["version"] == (1 if role is Role.AUTHOR else 2)


@pytest.mark.parametrize(
    ("role", "is_admin", "then"),
    [
        (Role.EDITOR, True, Role.ADMIN),
        (Role.EDITOR, False, Role.EDITOR),
        (Role.ADMIN, False, Role.AUTHOR),
        (Role.CONTRIBUTOR, False, Role.CONTRIBUTOR),
    ],
)
def test_is_admin_alone_may_still_be_written(admin, role, is_admin, then):
    person = join("somebody", role=role)
    response = change(admin, person, is_admin=is_admin)
    assert response.status_code == 200
    assert response.json()["data"]["role"] == then


@pytest.mark.parametrize(("role", "is_admin"), [("editor", True), ("admin", False)])
def test_the_two_must_not_contradict_each_other(admin, owner, role, is_admin):
    response = change(admin, owner, role=role, is_admin=is_admin)
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {"is_admin"}
    assert stored(owner) == owner.raw
    agreed = change(admin, owner, role="admin", is_admin=True)
    assert agreed.json()["data"]["role"] == "admin"


def test_what_the_earlier_service_writes_since_counts(admin, editor):
    User.collection().update_one({"_id": editor.raw["_id"]}, {"$set": {"is_admin": True}})
    assert editor.client.get(USERS).status_code == 200
    assert names(admin.client.get(USERS, {"role": "admin"})) == ["editor", "admin"]
    assert names(admin.client.get(USERS, {"role": "editor"})) == []


def test_an_admin_renames(admin, owner):
    body = {"title": "A title", "content": "text"}
    owner.client.post(f"{API}/blogs", body, format="json")
    response = change(admin, owner, email="new@lsa.example", username="new.name")
    assert response.status_code == 200
    assert log_in(new_client(), "new.name").status_code == 200
    assert log_in(new_client(), "new@lsa.example").status_code == 200
    assert Blog.collection().find_one()["author"] == "new@lsa.example"
    assert names(admin.client.get(USERS, {"search": "new"})) == ["new.name"]


def test_a_taken_name_is_refused(admin, owner, stranger):
    response = change(admin, owner, username="STRANGER")
    assert response.status_code == 400
    assert set(response.json()["meta"]["errors"]) == {"username"}
    assert stored(owner) == owner.raw


def test_a_refused_rename_undoes_the_deactivation_that_came_with_it(admin, owner, stranger):
    assert change(admin, owner, is_active=False, username="stranger").status_code == 400
    assert stored(owner) == owner.raw
    if transactions.has_transactions(connection.get_connection()):
        assert me(owner.tokens.access_token) == 200


def test_it_refuses_by_name_what_may_not_be_set(admin, owner):
    for field, value in (
        ("is_admin", None),
        ("is_active", None),
        ("is_admin", "perhaps"),
        ("role", "owner"),
        ("role", None),
        ("role", ["admin"]),
        ("role", ""),
        ("awaits_confirmation", False),
        ("is_active", 0),
        ("is_admin", {"$ne": True}),
        ("id", "6" * 24),
        ("created_at", "2020-01-01"),
        ("password", "jalan-merpati-3"),
        ("current_password", "jalan-merpati-3"),
        ("email_key", "x"),
        ("search_words", []),
        ("email", None),
        ("email", "nobody"),
        ("username", ""),
    ):
        response = change(admin, owner, **{field: value})
        assert response.status_code == 422, (field, value)
        assert set(response.json()["meta"]["errors"]) == {field}
        assert stored(owner) == owner.raw


def test_changing_nothing_is_no_error(admin, owner):
    assert change(admin, owner).status_code == 200
    assert stored(owner) == owner.raw


def test_other_methods_are_not_allowed(admin, owner):
    assert admin.client.put(USERS, {}, format="json").status_code == 405
    assert admin.client.put(f"{USERS}/{owner.id}", {}, format="json").status_code == 405


class TestARemovedUser:
    @pytest.fixture
    def article(self, owner, admin) -> str:
        """The path of an article whose author was removed since."""
        body = {"title": "A title", "content": "text"}
        location = owner.client.post(f"{API}/blogs", body, format="json")["Location"]
        response = admin.client.delete(f"{USERS}/{owner.id}")
        assert response.status_code == 200
        assert response.json()["data"] is None
        return location

    def test_is_gone_with_all_ways_in(self, owner, article):
        assert stored(owner) is None
        assert me(owner.tokens.access_token) == 401
        assert refresh(new_client(), owner.tokens.refresh_token).status_code == 401
        assert log_in(new_client(), "owner").status_code == 401
        assert PasswordReset.collection().count_documents({}) == 0

    def test_leaves_the_content_with_its_author(self, anyone, owner, article):
        assert anyone.get(article).json()["data"]["author"] == owner.email

    def test_leaves_it_to_the_admins_not_to_who_registers_the_address(
        self, anyone, owner, admin, article
    ):
        assert register(anyone, email=owner.email, username="heir").status_code == 201
        indexes.ensure_indexes()
        heir = new_client()
        token = log_in(anyone, "heir").json()["access_token"]
        heir.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        assert heir.patch(article, {"title": "Mine"}, format="json").status_code == 403
        assert heir.delete(article).status_code == 403
        change(admin, join("somebody"), email="other@lsa.example")
        assert admin.client.patch(article, {"title": "Ours"}, format="json").status_code == 200

    def test_cannot_be_removed_twice(self, owner, admin, article):
        assert admin.client.delete(f"{USERS}/{owner.id}").status_code == 404
