"""What `run` sets to hold less memory, each in a program of its own: what is loaded stays loaded."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

STATUS = Path("/proc/self/status")
KNOWN = "THP_enabled:"  # how Linux names it, from 5.0 on
PAGES = f"""
from bot.commands.memory import use_small_pages
use_small_pages()
import pyreqwest.client
print(next(line.split()[1] for line in open({str(STATUS)!r}) if line.startswith({KNOWN!r})))
"""


def _said_by(program: str, environment: Mapping[str, str]) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=dict(environment)
    )
    assert ended.stderr == ""
    return ended.stdout.strip()


@pytest.mark.skipif(
    not STATUS.exists() or KNOWN not in STATUS.read_text(encoding="utf-8"), reason="Linux's large pages, from 5.0 on"
)
@pytest.mark.parametrize(("environment", "is_enabled"), [({}, "0"), ({"MIMALLOC_ALLOW_THP": "1"}, "1")])
def test_libraries_take_small_pages_unless_the_environment_says_so(
    environment: Mapping[str, str], is_enabled: str
) -> None:
    assert _said_by(PAGES, environment) == is_enabled
