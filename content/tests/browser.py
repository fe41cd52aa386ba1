"""One Chromium for all tests that need one; its fixture is in everybody's conftest.py."""

import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MISSING = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs the Debian packages chromium and chromium-driver"
)
DESKTOP = (1280, 900)
SWITCHES = (
    "--headless=new",
    # Chromium refuses its sandbox to root, as whom containers run it.
    "--no-sandbox",
    "--disable-gpu",
    # Without tabs and a toolbar, which are drawn anew for each page though nobody sees them.
    "--kiosk",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--accept-lang=id",
    # Pages take turns in one process and in one frame: else each starts some for itself and keeps
    # the last for a step back, at twice the cost.
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
    "--disable-features=SpareRendererForSitePerProcess,IsolateOrigins,RenderDocument,"
    "BackForwardCache",
)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(switch)
    # The path is given, so that no driver is looked for elsewhere.
    with webdriver.Chrome(options=options, service=Service(DRIVER)) as driver:
        yield driver


def screen(
    width: int, height: int, *, density: int = 1, mobile: bool = False
) -> dict[str, int | bool]:
    """What a page is told of the screen. To clear that and set it anew costs as much as a page."""
    return {"width": width, "height": height, "deviceScaleFactor": density, "mobile": mobile}


def begin_anew(driver: webdriver.Chrome) -> None:
    """Nothing is left of who used it before: page, cookies, and what it was told to pretend."""
    driver.get("about:blank")
    for command, values in (
        ("Network.clearBrowserCookies", {}),
        ("Network.enable", {}),
        ("Network.setBlockedURLs", {"urls": []}),
        ("Emulation.setTimezoneOverride", {"timezoneId": "UTC"}),
        ("Emulation.setScriptExecutionDisabled", {"value": False}),
        ("Emulation.setDeviceMetricsOverride", screen(*DESKTOP)),
    ):
        driver.execute_cdp_cmd(command, values)
