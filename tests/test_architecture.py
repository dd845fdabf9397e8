"""docs/ARCHITECTURE.md and CONTRIBUTING.md name every floor, every file and every target of make, and nothing else."""

import re

import pytest

from bot.settings import PROJECT

PAGE = (PROJECT / "docs" / "ARCHITECTURE.md").read_text()
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text()
FLOORS = re.findall(r"^\| `bot/([a-z]+)/` \| [^|]+ \| ([^\n]+) \|$", PAGE, re.MULTILINE)


def test_every_folder_is_a_floor_of_the_page() -> None:
    folders = {path.name for path in (PROJECT / "bot").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert {floor for floor, _ in FLOORS} == folders
    assert {path.name for path in (PROJECT / "bot").glob("*.py")} - {"__init__.py"} == set(
        re.findall(r"`bot/([a-z_]+\.py)`", "\n".join(re.findall(r"^\| `bot/.*", PAGE, re.MULTILINE)))
    )


@pytest.mark.parametrize(("floor", "listed"), FLOORS)
def test_every_file_of_a_floor_is_named_and_no_other(floor: str, listed: str) -> None:
    named = set(re.findall(r"`([a-z_]+)/?`", listed))
    folder = PROJECT / "bot" / floor
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    subjects = {path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))}
    inner = {path.stem for subject in subjects for path in (folder / subject).rglob("*.py")} - {"__init__"}
    assert (files | subjects) <= named
    assert named <= files | subjects | inner


def test_every_file_that_the_pages_name_is_there() -> None:
    for page in (PAGE, CONTRIBUTING):
        for path in re.findall(
            r"`((?:bot|tests|tools|localtelegram|messages)/[A-Za-z0-9_./-]+\.(?:py|yaml|md))`", page
        ):
            assert (PROJECT / path).is_file() or path.endswith("/foo.py"), path  # foo.py is the example
    for path in re.findall(
        r"`((?:usecases|handlers|screens|delivery|entrypoints|domain|conversations)/[a-z_/]+\.py)`", PAGE
    ):
        assert (PROJECT / "bot" / path).is_file() or (PROJECT / "bot" / "usecases" / path).is_file(), path


def test_every_target_of_make_is_explained() -> None:
    verbs = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", CONTRIBUTING)) <= verbs
    assert verbs - {"help", "install", "run", "clean"} <= set(re.findall(r"`make ([a-z-]+)", CONTRIBUTING))


def test_what_runs_without_the_tests_imports_none() -> None:
    files = [file for folder in ("benchmarks", "tools") for file in (PROJECT / folder).rglob("*.py")]
    importing = [file.name for file in files if re.search(r"^(from|import) tests\b", file.read_text(), re.MULTILINE)]
    assert importing == ["quick_mutants.py"]  # which runs the tests, with what they have made once
