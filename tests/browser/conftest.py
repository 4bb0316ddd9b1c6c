"""Fixtures: one demo edition that all tests may read, and browsers without a screen."""

import sys
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "http"))

from edition import HOSTILE, hostile_records  # noqa: E402 # pylint: disable=wrong-import-position
from khobor import Paper  # noqa: E402 # pylint: disable=wrong-import-position
import validators  # noqa: E402 # pylint: disable=wrong-import-position

# No page may make it reach further than this machine, and it asks nothing of its makers.
# A headless browser says so, and its views are counted with the programs'.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 " \
    "Safari/537.36"
FLAGS = """--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage
    --disable-background-networking --no-first-run --disable-component-update --disable-sync
    --disable-quic""".split()
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PHONE_PX = 600  # below it, a page is shown as a phone would
HEIGHT_PX = 900


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A server with the demo edition; only to be read."""
    paper = Paper(tmp_path_factory.mktemp("demo"))
    try:
        done = paper.run("import", "--demo")
        assert (done.status, done.err) == (0, "")
        yield paper.serve()
    finally:
        paper.close()


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """A server whose edition tries to break out, in name, section, tag, author and text."""
    paper = Paper(tmp_path_factory.mktemp("hostile"))
    try:
        paper.load(hostile_records())
        yield paper.serve({"site.name": HOSTILE, "site.url": "https://khobor.example"})
    finally:
        paper.close()


@pytest.fixture(scope="session")
def npm():
    """The folder with npm's packages."""
    return validators.npm_path(".").parent


class Browser(webdriver.Chrome):
    """A Chromium with a profile of its own, and a console that get_log("browser") reads."""

    def __init__(self, profile, javascript):
        options = webdriver.ChromeOptions()
        options.binary_location = validators.tool("chromium")
        for flag in [*FLAGS, ONLY_HERE, f"--user-data-dir={profile}",
                     f"--user-agent={AGENT}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not javascript:
            blocked = {"profile.managed_default_content_settings.javascript": 2}
            options.add_experimental_option("prefs", blocked)
        super().__init__(service=Service(validators.tool("chromedriver")), options=options)

    def show(self, width=1280, scheme="light"):
        """Shows pages in so many CSS pixels and a colour scheme from now on."""
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": HEIGHT_PX, "deviceScaleFactor": 1,
            "mobile": width < PHONE_PX})
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})


@pytest.fixture
def browser(tmp_path):
    """Makes browsers, browser(width=1280, scheme="light", javascript=True), that end with the
    test. JavaScript that is off is off for pages only: execute_script still runs."""
    opened = []

    def make(width=1280, scheme="light", javascript=True):
        opened.append(Browser(tmp_path / f"profile{len(opened)}", javascript))
        opened[-1].show(width, scheme)
        return opened[-1]

    try:
        yield make
    finally:
        for one in opened:
            one.quit()
