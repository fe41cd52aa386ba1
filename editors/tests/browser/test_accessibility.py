"""Every kind of page, as everybody comes by it, as axe-core judges it: on a desktop and a phone."""

from typing import Any

import pytest
from selenium_axe_python import Axe

from editors.tests.browser import walk
from editors.tests.browser.conftest import DESKTOP, PHONE, Page

SIZES = (PHONE, DESKTOP)
GRAVE = ("serious", "critical")
ROLES = [
    *("anonymous", "admin"),
    *(pytest.param(role, marks=pytest.mark.deep) for role in ("contributor", "author", "editor")),
]


def faults_of(page: Page) -> list[str]:
    """What keeps somebody from using the page, and where."""
    axe = Axe(page.driver)
    axe.inject()
    found: list[dict[str, Any]] = axe.run(options={"resultTypes": ["violations"]})["violations"]
    grave = [each for each in found if each["impact"] in GRAVE]
    faults = [f"{each['id']}: {node['html']}" for each in grave for node in each["nodes"]]
    return faults + ([f"{wider} pixels too wide"] if (wider := page.overflow()) > 0 else [])


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shuts_anybody_out_or_is_wider_than_its_window(page, admin, role):
    faults: dict[str, Any] = {}
    for name in walk.visitor(role, admin).visit(page):
        for size in SIZES:
            page.resize(size)
            walk.screenshot(page, f"{name}-{size[0]}")
        walk.unfold(page)
        for size in SIZES:
            page.resize(size)
            walk.screenshot(page, f"{name}-{size[0]}-unfolded")
            if found := faults_of(page):
                faults[f"{name}-{size[0]}"] = found
    assert faults == {}
