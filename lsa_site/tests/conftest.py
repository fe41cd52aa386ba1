"""Two sites that the tests of what a server reads and sends share: their content stays as it is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from content.tests.site import served

ORIGIN = "https://lsa.example"
# Limits that no test reaches.
FREE = {"RATE_LIMIT_AUTH": "1000/minute", "RATE_LIMIT_WRITE": ""}


@pytest.fixture(scope="session")
def folder(seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data of `site` lie."""
    return seeded(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    """The URL of a site as it is in production, behind a proxy."""
    with served(folder, ALLOWED_ORIGINS=ORIGIN, TRUSTED_PROXY_COUNT="1", **FREE) as url:
        yield url


@pytest.fixture(scope="session")
def hasty_folder(seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data of `hasty` lie."""
    return seeded(tmp_path_factory.mktemp("hasty"))


@pytest.fixture(scope="session")
def hasty(hasty_folder: Path) -> Iterator[str]:
    """The URL of a site that soon loses its patience."""
    with served(hasty_folder, DJANGO_SETTINGS_MODULE="lsa_site.tests.hasty_site", **FREE) as url:
        yield url
