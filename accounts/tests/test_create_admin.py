"""manage.py create_admin."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.documents import Session, User
from accounts.tests.requests import log_in
from conftest import PASSWORD

NEW = "jalan-merpati-3"


@pytest.fixture(autouse=True)
def _password(settings):
    settings.ADMIN_PASSWORD = NEW
    settings.ADMIN_EMAIL = "root@lsa.example"
    settings.ADMIN_USERNAME = "root"


def create_admin(*arguments: str) -> str:
    output = StringIO()
    call_command("create_admin", *arguments, stdout=output)
    return output.getvalue()


def test_it_creates_the_admin_of_the_settings(anyone):
    assert "root (root@lsa.example) is an admin." in create_admin()
    stored = User.collection().find_one()
    assert stored["is_admin"] is True
    assert stored["is_active"] is True
    assert log_in(anyone, "root", NEW).status_code == 200


def test_what_is_given_goes_before_the_settings(anyone):
    create_admin("--email", "boss@lsa.example", "--username", "boss")
    assert [user["username"] for user in User.collection().find()] == ["boss"]


@pytest.mark.parametrize("name", [("--email", "OWNER@lsa.example"), ("--username", "Owner")])
def test_it_promotes_activates_and_sets_the_password(anyone, owner, name):
    User.collection().update_one({}, {"$set": {"is_active": False}})
    assert "owner (owner@lsa.example) is an admin." in create_admin(*name)
    stored = User.collection().find_one()
    assert (stored["is_admin"], stored["is_active"]) == (True, True)
    assert stored["_id"] == owner.raw["_id"]
    assert Session.collection().count_documents({}) == 0
    assert log_in(anyone, "owner", NEW).status_code == 200
    assert log_in(anyone, "owner", PASSWORD).status_code == 401


def test_a_given_name_is_not_mixed_up_with_that_of_the_settings(owner):
    create_admin()
    create_admin("--username", "owner")
    assert User.collection().find_one({"username": "owner"})["is_admin"] is True
    with pytest.raises(CommandError, match="username"):
        create_admin("--email", "new@lsa.example")
    assert User.collection().count_documents({}) == 2


def test_running_it_again_is_harmless():
    create_admin()
    create_admin()
    assert User.collection().count_documents({}) == 1


def test_names_of_two_people_are_refused(owner, stranger):
    with pytest.raises(CommandError, match="two different users"):
        create_admin("--email", owner.email, "--username", "stranger")
    assert User.collection().count_documents({"is_admin": True}) == 0


@pytest.mark.parametrize("password", ["kenari7", "password123", "é" * 37])
@pytest.mark.parametrize("names", [[], ["--username", "owner"]])
def test_a_password_that_registration_refuses_is_refused(owner, settings, password, names):
    settings.ADMIN_PASSWORD = password
    with pytest.raises(CommandError, match="password") as caught:
        create_admin(*names)
    assert password not in str(caught.value)
    assert list(User.collection().find()) == [owner.raw]


@pytest.mark.parametrize(
    ("option", "value"), [("--email", "nobody"), ("--username", "a b"), ("--username", "ab")]
)
def test_names_that_registration_refuses_are_refused(option, value):
    with pytest.raises(CommandError, match=option.strip("-")):
        create_admin(option, value)
    assert User.collection().count_documents({}) == 0


def test_without_a_password_and_a_terminal_it_says_so(settings):
    settings.ADMIN_PASSWORD = ""
    with pytest.raises(CommandError, match="ADMIN_PASSWORD"):
        create_admin()


class TestAtATerminal:
    @pytest.fixture
    def typed(self, settings, monkeypatch):
        """A function that says what somebody types at the prompts."""
        settings.ADMIN_PASSWORD = ""

        def answer(*lines):
            left = list(lines)
            command = "accounts.management.commands.create_admin"
            monkeypatch.setattr(f"{command}.getpass", lambda prompt: left.pop(0))
            monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

        return answer

    def test_it_asks_twice(self, anyone, typed):
        typed(NEW, NEW)
        create_admin()
        assert log_in(anyone, "root", NEW).status_code == 200

    def test_it_refuses_two_that_differ(self, typed):
        typed(NEW, NEW + "x")
        with pytest.raises(CommandError, match="differ"):
            create_admin()
        assert User.collection().count_documents({}) == 0


def test_the_password_cannot_come_from_the_command_line():
    with pytest.raises(CommandError, match="--password"):
        create_admin("--password", NEW)


@pytest.mark.parametrize("command", ["createsuperuser", "changepassword"])
def test_the_commands_of_djangos_own_accounts_point_here(command):
    with pytest.raises(CommandError, match="create_admin"):
        call_command(command)
