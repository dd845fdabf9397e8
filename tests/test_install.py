"""tools/install.py: what make installs with says how far it is, and why it failed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT


def install(lock: Path) -> "subprocess.CompletedProcess[str]":
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        (sys.executable, str(PROJECT / "tools" / "install.py"), str(lock), "what a test needs"),
        env=keep | {"PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_says_what_it_gets_and_that_it_is_done(tmp_path: Path) -> None:
    whole = (PROJECT / "requirements-dev.lock").read_text()
    lock = tmp_path / "one.lock"
    lock.write_text(next(block for block in re.split(r"\n(?=\S)", whole) if block.startswith("pluggy==")) + "\n")
    done = install(lock)
    assert (done.returncode, done.stdout) == (0, "")
    first, *_, last = done.stderr.splitlines()
    assert first.startswith("Getting what a test needs: 1 packages, into ")
    assert re.fullmatch(r"Done in \d+ s\.", last)


def test_when_it_fails_pip_says_why(tmp_path: Path) -> None:
    lock = tmp_path / "none.lock"
    lock.write_text(f"no-such-package-here==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    done = install(lock)
    assert done.returncode == 1
    assert "No matching distribution found for no-such-package-here==1.0" in done.stderr


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-dev.lock", "requirements-deploy.lock", "requirements-docs.lock"]
)
def test_make_installs_with_it(lock: str) -> None:
    assert re.search(rf"^\t\$\(INSTALL\) {re.escape(lock)} ", (PROJECT / "Makefile").read_text(), re.MULTILINE)
