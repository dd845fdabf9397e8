"""The preview, and Debian's Chromium without a window, which uses it as a person does."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from bot.commands.configuration import load_library
from bot.content.library import Library
from bot.settings import MESSAGES, read_settings
from tests.browser.previews import OWN_PROCESS, preview_in_a_thread, preview_in_its_own_process
from tests.browser.visitor import Visitor
from tests.needed import missing

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@pytest.fixture(scope="session")
def programs() -> tuple[str, str]:
    """Returns the paths of Chromium and its driver."""
    found = shutil.which("chromium"), shutil.which("chromedriver")
    if not (found[0] and found[1]):
        missing("chromium or chromedriver")
    return found[0], found[1]


@pytest.fixture(scope="session")
def driver(programs: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0]
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(programs[1]))
    yield driver
    driver.quit()


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path, library: Library) -> Iterator[str]:
    """Starts a new preview and returns its address; with the parameter OWN_PROCESS it is `python -m bot preview`."""
    if getattr(request, "param", "") == OWN_PROCESS:
        preview = preview_in_its_own_process(tmp_path)
    else:
        settings = read_settings(_env_file=tmp_path / ".env")
        is_own = settings.messages_dir != (MESSAGES,)
        preview = preview_in_a_thread(settings, load_library(settings) if is_own else library)
    with preview as address:
        yield address


@pytest.fixture
def visitor(driver: webdriver.Chrome, address: str) -> Iterator[Visitor]:
    """Someone who has opened the page on a desktop screen. A warning or an error in the console fails the test."""
    visitor = Visitor(driver, address)
    visitor.has_screen(1280, 900)
    visitor.prefers("light")
    visitor.opens()
    yield visitor
    complaints, foreign = visitor.complaints(), visitor.foreign_requests()
    visitor.leaves()
    assert (complaints, foreign) == ([], [])
