"""The wheel holds every word, every file of the page and all else that is read, and runs from there alone."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.paths import version
from bot.settings import PROJECT
from tests.patience import PATIENCE

# What the console script `gentle-tears` does.
SCRIPT = "import sys; from {module} import {name}; sys.argv[0] = 'gentle-tears'; sys.exit({name}())"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Builds it with the build system that pyproject.toml names, without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder of packages with the wheel in it, as an installer unpacks it."""
    folder = tmp_path_factory.mktemp("site-packages")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def command(installed: Path, tmp_path: Path) -> tuple[tuple[str, ...], Path, dict[str, str]]:
    """Returns how `gentle-tears` is run, in which empty folder, and in which environment."""
    (file,) = installed.glob("*.dist-info/entry_points.txt")
    scripts = ConfigParser()
    scripts.read(file)
    module, _, name = scripts["console_scripts"]["gentle-tears"].partition(":")
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = keep | {"PYTHONPATH": str(installed)}
    return (sys.executable, "-c", SCRIPT.format(module=module, name=name)), tmp_path, environment


Command = tuple[tuple[str, ...], Path, dict[str, str]]


def run(command: Command, *arguments: str) -> "subprocess.CompletedProcess[str]":
    program, folder, environment = command
    return subprocess.run(
        (*program, *arguments), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def carried(folder: str, pattern: str = "*") -> Iterator[str]:
    """Yields what git would carry of a folder: no caches, nothing hidden."""
    for file in sorted((PROJECT / folder).rglob(pattern)):
        path = file.relative_to(PROJECT)
        if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.parts):
            yield str(path)


def test_it_holds_all_that_is_read(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        held = set(archive.namelist())
    words = {f"bot/{name}" for name in carried("messages")}
    program = {*carried("bot"), *carried("localtelegram")}
    assert {"bot/messages/helplines.yaml", "localtelegram/page/static/index.html"} <= words | program
    assert {name for name in words | program if name not in held} == set()
    assert {name for name in held if ".dist-info/" not in name} - words - program == {
        "bot/env.example",
        "bot/gentle-tears.service",
    }


def test_it_names_its_version_and_itself(command: Command) -> None:
    assert run(command, "--version").stdout == f"gentle-tears {version()}\n"
    told = run(command, "doctor", "--help").stdout
    assert "gentle-tears doctor --live" in told
    assert "python -m bot" not in told


def test_the_pages_call_it_by_its_name(wheel: Path) -> None:
    for page in ("README.md", "docs/install.md"):
        named = re.findall(r"gentle_tears-[\w.]+-py3-none-any\.whl", (PROJECT / page).read_text())
        assert set(named) == {wheel.name}, page


def test_it_finds_its_words_and_makes_nothing_to_read_them(command: Command) -> None:
    checked = run(command, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "All is well in en" in checked.stdout
    assert list(command[1].iterdir()) == []


def test_what_it_keeps_is_in_the_current_folder_beside_env(command: Command) -> None:
    (command[1] / ".env").write_text("PRACTICE_NAME=Rosa Meyer\n")
    told = run(command, "doctor").stdout
    assert f"{command[1] / 'gentle-tears.db'} is not there yet" in told
    assert [file.name for file in command[1].iterdir()] == [".env"]


def test_its_preview_serves_the_page(command: Command) -> None:
    program, folder, environment = command
    arguments = (*program, "preview", "--no-open", "--port", "0")
    with subprocess.Popen(arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line
        with OPENER.open(found[0], timeout=PATIENCE) as answer:
            page = answer.read().decode()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert (answer.status, process.returncode) == (200, 0)
    assert "<title>" in page
