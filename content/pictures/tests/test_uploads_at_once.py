"""Rivals: whoever wins, the files that remain are exactly those of the documents."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from content.pictures.tests.media import FILES_OF_PHOTOGRAPH, files_of, photograph, stored_files
from content.tests.resources import FORM, RESOURCES, cases

pytestmark = pytest.mark.wire
RIVALS = 4


@pytest.fixture(params=cases("partners"))
def resource(request):
    """One code keeps the pictures of all."""
    return request.param


@pytest.fixture
def at_once(owner) -> Callable[..., list[Any]]:
    """Runs functions of a client side by side, each with a client of its own."""

    def call(work: Callable[[APIClient], Any]) -> Any:
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {owner.tokens.access_token}")
        return work(client)

    def run(*works: Callable[[APIClient], Any]) -> list[Any]:
        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(call, works))

    return run


def test_of_replacements_at_once_one_picture_remains(resource, owner, at_once):
    data = resource.create(owner.client, **{resource.picture: photograph()})

    def replace(client: APIClient) -> Any:
        change = {resource.picture: photograph()}
        return client.patch(resource.item(data["id"]), change, **FORM)

    responses = at_once(*[replace] * RIVALS)
    assert [response.status_code for response in responses] == [200] * RIVALS
    raw = resource.collection().find_one()
    assert raw["version"] == 1 + RIVALS
    assert stored_files() == files_of(raw, resource.picture)
    assert len(stored_files()) == FILES_OF_PHOTOGRAPH


def test_a_picture_for_what_is_being_deleted_does_not_remain(resource, owner, at_once):
    data = resource.create(owner.client, **{resource.picture: photograph()})
    item = resource.item(data["id"])

    def replace(client: APIClient) -> Any:
        return client.patch(item, {resource.picture: photograph()}, **FORM)

    def delete(client: APIClient) -> Any:
        return client.delete(f"{item}?permanently=true")

    *replaced, deleted = at_once(*[replace] * RIVALS, delete)
    assert deleted.status_code == 200
    assert {response.status_code for response in replaced} <= {200, 404}
    assert resource.collection().find_one() is None
    assert stored_files() == set()


def test_pruning_while_uploads_run_takes_nothing(at_once):
    photos = RESOURCES["gallery"]

    def post(client: APIClient) -> Any:
        return [photos.post(client, image=photograph()).status_code for _ in range(3)]

    def prune(client: APIClient) -> None:
        for _ in range(5):
            call_command("prune_media", delete=True)

    at_once(post, post, prune)
    raws = list(photos.collection().find())
    assert len(raws) == 6
    assert stored_files() == set().union(*(files_of(raw, "image") for raw in raws))
