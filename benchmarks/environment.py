"""`.venv-bench` and `.venv-pictures`: what others need and the bot does not, made on first use from a lock file."""

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.process import ROOT

INSTALL = (
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--quiet",
    "install",
    "--require-hashes",
    "--requirement",
)


def environment_of_contenders() -> str:
    """Returns its Python's path. Raises RuntimeError if it cannot be made (no network, for one)."""
    return _made(ROOT / ".venv-bench", Path(__file__).parent / "requirements.lock")


def environment_of_pictures() -> str:
    """Returns its Python's path. Raises RuntimeError if it cannot be made (no network, for one)."""
    return _made(ROOT / ".venv-pictures", Path(__file__).parent / "requirements-pictures.lock")


def _made(folder: Path, lock: Path) -> str:
    python = str(folder / "bin" / "python")
    stamp = folder / "lock.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"making {folder.name} ...", file=sys.stderr, flush=True)
    try:
        subprocess.run((sys.executable, "-m", "venv", "--clear", str(folder)), check=True)
        subprocess.run((python, *INSTALL, str(lock)), check=True)
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{folder.name} could not be made from {lock.name} (see above)") from error
    stamp.write_text(wanted, encoding="utf-8")
    return python
