"""Every kind of page, as everybody comes by it, as axe-core judges it: on a desktop or a phone."""

from itertools import product
from typing import Any

import pytest
from selenium_axe_python import Axe

from content.tests.browser import DESKTOP
from editors.tests.browser import walk
from editors.tests.browser.conftest import PHONE, Page

SIZES = (PHONE, DESKTOP)
# No rule that is asked reads style sheets, so they need not be loaded again for it.
OPTIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
GRAVE = ("serious", "critical")
ROLES = ("anonymous", "contributor", "author", "editor", "admin")
# Those that see the most, each on one; the deep run has everybody on both.
TYPICAL = (("anonymous", DESKTOP), ("admin", PHONE))
VISITS = [
    pytest.param(
        *visit, id=f"{visit[0]}-{visit[1][0]}", marks=[] if visit in TYPICAL else pytest.mark.deep
    )
    for visit in product(ROLES, SIZES)
]


def faults_of(page: Page) -> list[str]:
    """What keeps somebody from using the page, and where."""
    axe = Axe(page.driver)
    axe.inject()
    found: list[dict[str, Any]] = axe.run(options=OPTIONS)["violations"]
    grave = [each for each in found if each["impact"] in GRAVE]
    return [f"{each['id']}: {node['html']}" for each in grave for node in each["nodes"]]


@pytest.mark.parametrize(("role", "size"), VISITS)
def test_no_page_shuts_anybody_out_or_is_wider_than_its_window(page, admin, role, size):
    faults: dict[str, Any] = {}
    for name in walk.visitor(role, admin).visit(page):
        page.resize(size)
        walk.screenshot(page, f"{name}-{size[0]}")
        walk.unfold(page)
        walk.screenshot(page, f"{name}-{size[0]}-unfolded")
        pixels = page.overflow()
        wider = [f"{pixels} pixels too wide"] if pixels > 0 else []
        if found := faults_of(page) + wider:
            faults[name] = found
    assert faults == {}
