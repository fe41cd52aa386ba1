"""Tests that ask for `resource` run once for each of the four."""

from typing import Any

import pytest

from content.tests.resources import RESOURCES, Resource


@pytest.fixture(params=RESOURCES.values(), ids=RESOURCES.keys())
def resource(request: pytest.FixtureRequest) -> Resource:
    return request.param


@pytest.fixture
def no_limits(settings: Any) -> None:
    """Writes are not counted: for tests of very many of them."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS)
