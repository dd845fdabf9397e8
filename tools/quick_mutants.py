"""A pytest plugin for `tools/mutants.py`: a thousand mutants are a thousand runs, so each has to be short."""

import gc
import json
from pathlib import Path

import pytest

from tests.databases import migrated_file

STATS = Path("mutmut-stats.json")  # mutmut writes down how long each test took


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts quick tests first: most mutants die of one."""
    if STATS.exists():
        seconds: dict[str, float] = json.loads(STATS.read_text())["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Prepares the process from which mutmut forks one for each mutant; it only collects."""
    if session.config.option.collectonly:
        migrated_file()
        gc.freeze()  # what is there already need not be looked through again and again
