"""Random sequences of requests against a plain Python model of what a list should say."""

from functools import partial
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from rest_framework.test import APIClient

from conftest import new_client
from content.tests.resources import JSON, RESOURCES, ids, listed
from core.text import sort_key

PROGRAMS = RESOURCES["programs"]
titles = st.text("abc ñÉ😀", min_size=3, max_size=8).map(lambda text: f"x{text}x")
types = st.sampled_from([value for value, _label in PROGRAMS.document.TYPES])
days = st.integers(1, 28).map(lambda day: f"2026-01-{day:02}T00:00:00.000Z")
changes = st.fixed_dictionaries(
    {},
    optional={
        "title": titles,
        "program_type": types,
        "is_active": st.booleans(),
        "subtitle": st.none() | titles,
        "start_date": days,
    },
)
orders = st.sampled_from(["created_at", "title", "updated_at"])


def key(item: dict[str, Any], order: str) -> str:
    return sort_key(item[order]) if order == "title" else item[order]


class Editors(RuleBasedStateMachine):
    """One editor at the public routes; `model` holds what was answered, oldest first."""

    items = Bundle("items")

    def __init__(self, client: APIClient) -> None:
        super().__init__()
        self.client = client

    @initialize()
    def begin(self) -> None:
        PROGRAMS.collection().delete_many({})
        self.reader = new_client()
        self.model: dict[str, dict[str, Any]] = {}

    @rule(target=items, title=titles, more=changes)
    def create(self, title: str, more: dict[str, Any]) -> str:
        body = PROGRAMS.body | {"title": title} | more
        response = self.client.post(PROGRAMS.url, body, **JSON)
        assert response.status_code == 201
        data = response.json()["data"]
        assert data | body == data
        return self._remember(data)

    @rule(item=items, change=changes)
    def patch(self, item: str, change: dict[str, Any]) -> None:
        response = self.client.patch(PROGRAMS.item(item), change, **JSON)
        expected = self.model[item] | change
        self._compare(response, expected)

    @rule(item=items, title=titles)
    def put(self, item: str, title: str) -> None:
        body = PROGRAMS.body | {"title": title}
        defaults = {"subtitle": None, "start_date": None, "end_date": None, "is_active": True}
        response = self.client.put(PROGRAMS.item(item), body, **JSON)
        self._compare(response, self.model[item] | defaults | body)

    @rule(item=items)
    def patch_with_a_stale_tag(self, item: str) -> None:
        stale = f'"{item}-{self.model[item]["version"] - 1}-id"'
        response = self.client.patch(PROGRAMS.item(item), {}, HTTP_IF_MATCH=stale, **JSON)
        assert response.status_code == 412

    @rule(item=consumes(items))
    def delete(self, item: str) -> None:
        assert self.client.delete(PROGRAMS.item(item)).status_code == 200
        del self.model[item]
        assert self.reader.get(PROGRAMS.item(item)).status_code == 404

    @rule(order=orders, reverse=st.booleans(), skip=st.integers(0, 3), limit=st.integers(1, 3))
    def page(self, order: str, reverse: bool, skip: int, limit: int) -> None:
        expected = sorted(self.model.values(), key=lambda item: (key(item, order), item["id"]))
        expected = expected[:: -1 if reverse else 1]
        ordering = f"{'-' if reverse else ''}{order}"
        answer = self._list(ordering=ordering, skip=skip, limit=limit)
        assert answer["data"] == list(map(listed, expected[skip : skip + limit]))
        assert answer["meta"]["total"] == len(expected)
        assert answer["meta"]["has_more"] == (skip + limit < len(expected))

    @rule(kind=types, active=st.booleans())
    def narrow(self, kind: str, active: bool) -> None:
        expected = {
            item["id"]
            for item in self.model.values()
            if item["program_type"] == kind and item["is_active"] == active
        }
        answer = self._list(program_type=kind, is_active=str(active).lower())
        assert set(ids(answer["data"])) == expected
        assert answer["meta"]["total"] == len(expected)

    @invariant()
    def the_list_is_the_model(self) -> None:
        if hasattr(self, "model"):
            newest = sorted(
                self.model.values(), key=lambda item: (item["published_at"], item["id"])
            )
            assert self._list()["data"] == list(map(listed, newest[::-1]))

    def _list(self, **params: Any) -> dict[str, Any]:
        response = self.reader.get(PROGRAMS.url, params)
        assert response.status_code == 200
        return response.json()

    def _remember(self, data: dict[str, Any]) -> str:
        self.model[data["id"]] = data
        return data["id"]

    def _compare(self, response: Any, expected: dict[str, Any]) -> None:
        assert response.status_code == 200
        data = response.json()["data"]
        # What changes nothing raises no version.
        if expected != self.model[data["id"]]:
            expected["version"] += 1
            expected["updated_at"] = data["updated_at"]
        for follows in ("etag", "excerpt", "description_html"):
            expected[follows] = data[follows]
        assert data == expected
        assert data["updated_at"] >= data["created_at"]
        self._remember(data)


def test_any_sequence_of_edits_reads_as_the_model_says(owner):
    run_state_machine_as_test(
        partial(Editors, owner.client),
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
