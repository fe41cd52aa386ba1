"""`seed`: sample content whose pictures open, and never a known password."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from accounts.credentials import passwords
from accounts.documents import User
from content.documents import RESOURCES
from content.management.commands import seed as command
from content.pictures.tests import corpus
from content.pictures.tests.media import stored_files
from content.samples import illustrations
from content.samples.data import SAMPLES
from content.tests.resources import RESOURCES as BY_NAME
from lsa_site.management.commands import serve


def seed(**options) -> str:
    output = StringIO()
    call_command("seed", stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def quick_drawing(monkeypatch) -> None:
    """Where the pictures do not matter. The samples hold on to what draws theirs, so they are
    what is replaced."""
    small = [sample._replace(picture=lambda: corpus.png(8, 8)) for sample in SAMPLES]
    monkeypatch.setattr(command, "SAMPLES", small)


@pytest.fixture
def one_sample(monkeypatch) -> None:
    """Where it matters that there is content, and not what."""
    sample = next(each for each in SAMPLES if each.document is BY_NAME["programs"].document)
    monkeypatch.setattr(command, "SAMPLES", [sample._replace(picture=lambda: corpus.png(8, 8))])


@pytest.mark.usefixtures("quick_drawing")
def test_it_adds_what_the_site_shows(anyone, settings):
    settings.ADMIN_PASSWORD = "jalan-kenari-17"
    seed()
    kinds = Counter(item["program_type"] for item in anyone.get("/programs").json()["data"])
    assert kinds == {"workshop": 1, "seminar": 1, "training": 1}
    for name, count in {"programs": 3, "blogs": 2, "gallery": 2, "partners": 2}.items():
        items = anyone.get(f"/api/v1/{name}").json()["data"]
        assert len(items) == count
        for item in items:
            assert item["author"] == settings.ADMIN_EMAIL
            assert anyone.get(item[BY_NAME[name].picture]).status_code == 200


@pytest.mark.own_database
def test_its_pictures_open_in_every_width(seeded, tmp_path):
    widths = Counter()
    for path in (seeded(tmp_path) / "media/uploads").iterdir():
        with Image.open(path) as image:
            image.load()
            widths[image.width] += 1
    # Of seven that are shown and two that are not public yet; what is in the trash lies elsewhere.
    expected = dict.fromkeys((illustrations.SIZE[0], 1280, 960, 640), 7 + 2)
    assert widths == expected | {320: 7 + 2 + 2, illustrations.LOGO_SIDE: 2}


@pytest.mark.usefixtures("quick_drawing")
def test_it_adds_something_in_every_state_with_a_history(admin, anyone):
    seed()
    blogs, gallery = BY_NAME["blogs"], BY_NAME["gallery"]
    for resource, state in ((blogs, "draft"), (blogs, "scheduled"), (gallery, "trashed")):
        response = admin.client.get(f"{resource.url}?state={state}")
        assert [item["status"] for item in response.json()["data"]] == [state]
    oldest = anyone.get(f"{blogs.url}?ordering=published_at").json()["data"][0]
    item = anyone.get(blogs.item(oldest["id"])).json()["data"]
    for tag in ("<h2>", "<li>", "<a href", "<blockquote>"):
        assert tag in item["content_html"]
    history = admin.client.get(f"{blogs.item(item['id'])}/revisions").json()["data"]
    assert [each["fields"] for each in history[:2]] == [["tags"], ["title"]]
    assert {"tag": "data terbuka", "count": 4} in anyone.get("/tags").json()["data"]


@pytest.mark.usefixtures("one_sample")
class TestSeed:
    def test_the_admin_comes_from_the_settings(self, settings):
        settings.ADMIN_PASSWORD = "jalan-kenari-17"
        output = seed()
        assert settings.ADMIN_PASSWORD not in output
        [user] = User.collection().find()
        assert (user["email"], user["username"]) == ("admin@example.org", "admin")
        assert user["is_admin"] is True
        assert passwords.matches("jalan-kenari-17", user["password"])

    def test_without_a_password_a_random_one_is_shown_once(self, settings):
        settings.ADMIN_PASSWORD = ""
        [password] = re.findall(r"shown only now: (\S+)", seed())
        assert passwords.matches(password, User.collection().find_one()["password"])
        for document in RESOURCES:
            document.collection().delete_many({})
        User.collection().delete_many({})
        [other] = re.findall(r"shown only now: (\S+)", seed())
        assert other != password
        assert len(other) >= 12

    def test_a_common_password_is_refused(self, settings):
        settings.ADMIN_PASSWORD = "password123"
        with pytest.raises(CommandError, match="ADMIN_PASSWORD"):
            seed()
        assert User.collection().count_documents({}) == 0

    @pytest.mark.parametrize(
        ("setting", "value"), [("ADMIN_USERNAME", "ab"), ("ADMIN_EMAIL", "bukan-email")]
    )
    def test_names_that_nobody_could_register_are_refused(self, settings, setting, value):
        setattr(settings, setting, value)
        with pytest.raises(CommandError, match=setting.removeprefix("ADMIN_").lower()):
            seed()
        assert User.collection().count_documents({}) == 0

    def test_an_existing_admin_is_kept(self, admin):
        before = User.collection().find_one()
        assert "shown only now" not in seed()
        assert list(User.collection().find()) == [before]
        assert RESOURCES[0].collection().find_one()["author"] == admin.email

    def test_where_there_is_content_it_does_nothing_and_says_so(self, resource):
        resource.store()
        assert "nothing was added" in seed()
        assert sum(each.collection().count_documents({}) for each in RESOURCES) == 1
        assert User.collection().count_documents({}) == 0

    @pytest.mark.wire
    def test_force_resets_first(self, owner, settings):
        settings.DEBUG_MODE = True
        BY_NAME["gallery"].create(owner.client)
        files = stored_files()
        seed(force=True, yes=True)
        assert sum(each.collection().count_documents({}) for each in RESOURCES) == 1
        assert BY_NAME["gallery"].collection().count_documents({}) == 0
        assert [user["username"] for user in User.collection().find()] == ["admin"]
        assert not stored_files() & files

    @pytest.mark.parametrize("answer", ["", "n", "no", "perhaps"])
    def test_force_asks_first_and_takes_no_for_an_answer(
        self, owner, settings, monkeypatch, answer
    ):
        settings.DEBUG_MODE = True
        BY_NAME["blogs"].create(owner.client)
        questions = []
        monkeypatch.setattr("builtins.input", lambda text: questions.append(text) or answer)
        with pytest.raises(CommandError, match="Nothing was deleted"):
            seed(force=True)
        [question] = questions
        assert question.startswith("Delete all content, users and uploaded files of database")
        assert BY_NAME["blogs"].collection().count_documents({}) == 1

    def test_without_force_nothing_is_asked(self, monkeypatch):
        monkeypatch.setattr("builtins.input", lambda text: pytest.fail(text))
        assert "sample documents" in seed()

    @pytest.mark.parametrize("yes", [False, True])
    def test_force_does_not_reset_what_looks_like_production(self, owner, settings, yes):
        settings.DEBUG_MODE = False
        BY_NAME["blogs"].create(owner.client)
        with pytest.raises(CommandError, match="production"):
            seed(force=True, yes=yes)
        assert BY_NAME["blogs"].collection().count_documents({}) == 1


@pytest.mark.wire
@pytest.mark.usefixtures("quick_drawing")
def test_of_servers_started_together_one_fills_the_database(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with ThreadPoolExecutor() as pool:
        for begun in [pool.submit(serve.Command(stdout=StringIO()).seed_once) for _ in range(3)]:
            begun.result()
    assert sum(each.collection().count_documents({}) for each in RESOURCES) == len(SAMPLES)


def test_drawing_is_always_the_same():
    assert illustrations.photograph(illustrations.sea) == illustrations.photograph(
        illustrations.sea
    )
