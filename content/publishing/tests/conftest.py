"""What holds of publishing is shown for one resource, whose code is that of all."""

import pytest

from content.tests.resources import Resource, cases


@pytest.fixture(params=cases("programs"))
def resource(request: pytest.FixtureRequest) -> Resource:
    return request.param
