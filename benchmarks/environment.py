"""`.venv-bench`: what a contender needs and the bot does not, made on first use from requirements.lock."""

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.process import ROOT

FOLDER = ROOT / ".venv-bench"
LOCK = Path(__file__).parent / "requirements.lock"
INSTALL = (
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--quiet",
    "install",
    "--require-hashes",
    "--requirement",
)


def make_environment() -> str:
    """Return its Python's path. Raises CalledProcessError if pip cannot install (no network, for one)."""
    python = str(FOLDER / "bin" / "python")
    stamp = FOLDER / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"making {FOLDER.name} ...", file=sys.stderr)
    subprocess.run((sys.executable, "-m", "venv", "--clear", str(FOLDER)), check=True)
    subprocess.run((python, *INSTALL, str(LOCK)), check=True)
    stamp.write_text(wanted, encoding="utf-8")
    return python
