"""Tests that ask for `resource` run once for each of the four."""

import pytest

from content.tests.resources import RESOURCES, Resource


@pytest.fixture(params=RESOURCES.values(), ids=RESOURCES.keys())
def resource(request: pytest.FixtureRequest) -> Resource:
    return request.param
