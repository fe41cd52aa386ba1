"""Any sequence of what several people do with articles, against a plain model and a clock that
moves."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from accounts.roles import Role
from conftest import Person, join, new_client
from content import steps
from content.publishing.revisions import Revision
from content.tests import clock as clocks
from content.tests.resources import JSON, RESOURCES, ids
from core.database.documents import BaseDocument

BLOGS = RESOURCES["blogs"]
WRITERS = ("contributor", "author", "editor")
people = st.sampled_from(WRITERS)
states = st.sampled_from(["draft", "published"])
hours = st.one_of(st.none(), st.integers(-3, 3))
titles = st.sampled_from(["Satu", "Dua kali", "Tiga hari"])


class Newsroom(RuleBasedStateMachine):
    """The model keeps the owner and title of each article, whether it is a draft or in the trash,
    and its time."""

    articles = Bundle("articles")

    def __init__(self) -> None:
        super().__init__()
        for document in BaseDocument.all_stored():
            document.collection().delete_many({})
        self.patch = pytest.MonkeyPatch()
        self.clock = clocks.install(self.patch)
        self.people: dict[str, Person] = {name: join(name, role=Role(name)) for name in WRITERS}
        self.public = new_client()
        self.model: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        self.patch.undo()

    # --- What the model says -------------------------------------------------------------

    def is_public(self, article: dict[str, Any]) -> bool:
        return not (article["trashed"] or article["draft"]) and article["at"] <= self.clock.moment

    def finds(self, who: str, article: dict[str, Any], *, in_trash: bool = False) -> bool:
        if self.is_public(article):
            return True
        is_theirs = who == "editor" or article["owner"] == who
        return is_theirs and (in_trash or not article["trashed"])

    def may_change(self, who: str, article: dict[str, Any]) -> bool:
        if who == "editor":
            return True
        return article["owner"] == who and (who == "author" or article["draft"])

    def expected(self, who: str, article: dict[str, Any], *, in_trash: bool = False) -> int:
        if not self.finds(who, article, in_trash=in_trash):
            return 404
        return 200 if self.may_change(who, article) else 403

    # --- What people do --------------------------------------------------------------------

    @rule(target=articles, who=people, title=titles, state=states, hour=hours)
    def write(self, who: str, title: str, state: str, hour: int | None) -> Any:
        body = BLOGS.body | {"title": title, "status": state} | self._time(hour)
        response = self.people[who].client.post(BLOGS.url, body, **JSON)
        if who == "contributor" and state == "published":
            assert response.status_code == 403
            return multiple()
        assert response.status_code == 201, response.content
        key = response.json()["data"]["id"]
        article = {"owner": who, "title": title, "trashed": False, "draft": True, "at": None}
        self.model[key] = article
        self._publish(article, state, self._time(hour))
        return key

    @rule(key=articles, who=people, title=titles, state=states, hour=hours)
    def change(self, key: str, who: str, title: str, state: str, hour: int | None) -> None:
        body = {"title": title, "status": state} | self._time(hour)
        response = self.people[who].client.patch(BLOGS.item(key), body, **JSON)
        if (article := self.model.get(key)) is None:
            assert response.status_code == 404
            return
        expected = self.expected(who, article)
        if expected == 200 and who == "contributor" and state == "published":
            expected = 403
        assert response.status_code == expected, response.content
        if expected == 200:
            article["title"] = title
            self._publish(article, state, self._time(hour))

    @rule(key=articles, who=people)
    def trash(self, key: str, who: str) -> None:
        response = self.people[who].client.delete(BLOGS.item(key))
        if self._answers(response, key, who) == 200:
            self.model[key]["trashed"] = True

    @rule(key=articles, who=people)
    def restore(self, key: str, who: str) -> None:
        response = self.people[who].client.post(f"{BLOGS.item(key)}/restore")
        if self._answers(response, key, who, in_trash=True) == 200:
            self.model[key]["trashed"] = False

    @rule(key=articles, who=people)
    def remove(self, key: str, who: str) -> None:
        response = self.people[who].client.delete(f"{BLOGS.item(key)}?permanently=true")
        if self._answers(response, key, who, in_trash=True) == 200:
            del self.model[key]

    @rule(hour=st.integers(1, 4))
    def wait(self, hour: int) -> None:
        self.clock.advance(hours=hour)
        while steps.announce():
            pass

    # --- What is always so -------------------------------------------------------------------

    @invariant()
    def the_public_sees_what_is_public(self) -> None:
        expected = {key for key, article in self.model.items() if self.is_public(article)}
        answer = self.public.get(BLOGS.url, {"limit": 1000}).json()
        assert set(ids(answer["data"])) == expected
        assert answer["meta"]["total"] == len(expected)
        assert {each["title"] for each in answer["data"]} == {
            self.model[key]["title"] for key in expected
        }

    @invariant()
    def an_editor_sees_the_rest_by_its_state(self) -> None:
        client = self.people["editor"].client
        for state in ("draft", "scheduled", "trashed"):
            answer = client.get(BLOGS.url, {"state": state, "limit": 1000}).json()
            expected = {key for key, article in self.model.items() if self._state(article) == state}
            assert set(ids(answer["data"])) == expected

    @invariant()
    def nothing_is_kept_of_what_was_removed(self) -> None:
        assert {str(key) for key in Revision.collection().distinct("item_id")} == set(self.model)

    # --- Helpers -------------------------------------------------------------------------------

    def _state(self, article: dict[str, Any]) -> str:
        if article["trashed"]:
            return "trashed"
        if article["draft"]:
            return "draft"
        return "published" if self.is_public(article) else "scheduled"

    def _time(self, hour: int | None) -> dict[str, str]:
        return {} if hour is None else {"published_at": self.clock.at(hours=hour)}

    def _publish(self, article: dict[str, Any], state: str, time: dict[str, str]) -> None:
        article["draft"] = state == "draft"
        if time:
            hour = next(h for h in range(-3, 4) if self.clock.at(hours=h) == time["published_at"])
            article["at"] = self.clock.moment + timedelta(hours=hour)
        elif not article["draft"] and article["at"] is None:
            article["at"] = self.clock.moment

    def _answers(self, response: Any, key: str, who: str, *, in_trash: bool = False) -> int:
        article = self.model.get(key)
        expected = self.expected(who, article, in_trash=in_trash) if article else 404
        assert response.status_code == expected, response.content
        return expected


@pytest.mark.parametrize("examples", [4, pytest.param(40, marks=pytest.mark.deep)])
def test_any_sequence_of_what_people_do_reads_as_the_model_says(examples):
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
