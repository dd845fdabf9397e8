"""The real preview in its own process, and Debian's Chromium without a window, which uses it as a person does."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from bot.settings import PROJECT
from tests.browser.visitor import Visitor
from tests.patience import PATIENCE

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
    if found[0] and found[1]:
        return found[0], found[1]
    if os.environ.get("CI") == "true":
        pytest.fail("chromium and chromedriver are not installed, and CI has to test the page")
    pytest.skip("chromium and chromedriver are not installed")


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
def address(tmp_path: Path) -> Iterator[str]:
    """Starts a new preview and returns its address."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "preview", "--no-open", "--port", "0"],
        cwd=tmp_path,
        env=keep | {"PYTHONPATH": str(PROJECT), "TZ": "Europe/London"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, f"the preview did not say where it is: {line!r}"
    yield found[0]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


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
