"""Several people who edit the same thing at the same moment."""

from collections import Counter
from threading import Barrier, Thread

import pytest

from conftest import new_client
from content.documents import Program
from content.tests.resources import JSON, RESOURCES, cases

pytestmark = pytest.mark.wire


@pytest.fixture(params=cases("programs"))
def resource(request):
    """One code changes all."""
    return request.param


def together(*calls):
    """The results of calls that start at the same moment, each in a thread of its own."""
    barrier, results = Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        barrier.wait()
        results[index] = call()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def editor(person):
    """A client of one's own: test clients are not shared between threads."""
    client = new_client()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {person.tokens.access_token}")
    return client


@pytest.mark.parametrize("rivals", [("patch", "patch"), ("put", "patch"), ("patch", "delete")])
def test_of_editors_with_the_same_tag_one_gets_through(resource, owner, rivals):
    for _ in range(3):
        [key] = resource.store(author_id=owner.raw["_id"])
        url = resource.item(key)
        tag = owner.client.get(url)["ETag"]

        def edit(method, number, url=url, tag=tag):
            body = resource.body | {resource.title: f"Judul {number}"}
            send = getattr(editor(owner), method)
            return send(url, body, HTTP_IF_MATCH=tag, **JSON).status_code

        calls = [lambda m=m, n=n, e=edit: e(m, n) for n, m in enumerate(rivals)]
        outcome = Counter(together(*calls))
        assert outcome[200] == 1
        assert outcome[412] + outcome[404] == 1
        left = resource.collection().find_one({"_id": key})
        assert left is None or left["version"] == 2


def test_edits_of_different_fields_all_survive(owner):
    programs = RESOURCES["programs"]
    [key] = programs.store(author_id=owner.raw["_id"])
    changes = {
        "title": "Judul baru",
        "subtitle": "Anak judul",
        "description": "Uraian baru",
        "program_type": "seminar",
        "start_date": "2026-01-01T00:00:00.000Z",
        "is_active": False,
    }
    calls = [
        lambda f=field: editor(owner).patch(programs.item(key), {f: changes[f]}, **JSON)
        for field in changes
    ]
    assert [response.status_code for response in together(*calls)] == [200] * len(changes)
    data = owner.client.get(programs.item(key)).json()["data"]
    assert data | changes == data
    assert data["version"] == 1 + len(changes)
    words = programs.collection().find_one({"_id": key})["search_words"]
    assert {"judul", "baru", "anak", "uraian"} <= set(words)


def test_dates_that_fit_alone_but_not_together_never_meet(owner):
    """Each edit is checked against the state it is written to, not the one it was sent for."""
    programs = RESOURCES["programs"]
    data = programs.create(owner.client, start_date="2026-01-10", end_date="2026-01-20")
    url = programs.item(data["id"])
    late, early = {"start_date": "2026-01-18"}, {"end_date": "2026-01-12"}
    calls = [lambda c=c: editor(owner).patch(url, c, **JSON).status_code for c in (late, early)]
    assert sorted(together(*calls)) == [200, 422]
    stored = Program.collection().find_one()
    assert stored["start_date"] <= stored["end_date"]


def test_many_edits_of_one_field_are_all_counted(resource, owner):
    [key] = resource.store(author_id=owner.raw["_id"])
    resource.collection().update_one({}, {"$unset": {"version": 1}})
    calls = [
        lambda n=n: editor(owner).patch(resource.item(key), {resource.title: f"Judul {n}"}, **JSON)
        for n in range(8)
    ]
    answers = [response.json()["data"] for response in together(*calls)]
    assert sorted(answer["version"] for answer in answers) == list(range(1, 9))
    stored = resource.collection().find_one()
    last = max(answers, key=lambda answer: answer["version"])
    assert stored[resource.title] == last[resource.title]


def test_of_two_deletions_one_finds_it(resource, owner):
    [key] = resource.store(author_id=owner.raw["_id"])
    calls = [lambda: editor(owner).delete(resource.item(key)).status_code] * 2
    assert sorted(together(*calls)) == [200, 404]
