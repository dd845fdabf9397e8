"""Installs a lock into the environment that runs this, and shows how far it is. Called by make, with Python alone.

What pip says is kept back, and shown whole when it fails.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

WIDTH = 30  # of the bar, in characters
SAY_EVERY = 10.0  # seconds between two lines where nobody watches a bar


def main(lock: str, reason: str) -> int:
    """Returns pip's exit code."""
    total = len(re.findall(r"^[a-z0-9][^=\n]*==", Path(lock).read_text(encoding="utf-8"), re.MULTILINE))
    command = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar", "off")
    said: list[str] = []
    begun_at = told_at = time.monotonic()
    print(f"Getting {reason}: {total} packages, into {sys.prefix}. This is done once.", file=sys.stderr, flush=True)
    with subprocess.Popen(  # noqa: S603 - pip, by the Python that runs this
        (*command, "--require-hashes", "--requirement", lock),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as pip:
        done = 0
        for line in pip.stdout or ():
            said.append(line)
            done += line.startswith(("Collecting ", "Requirement already satisfied: "))
            is_last = line.startswith("Installing collected packages")
            if sys.stderr.isatty():
                _show(done, total, "putting them in place" if is_last else "")
            elif is_last or time.monotonic() - told_at >= SAY_EVERY:
                told_at = time.monotonic()
                print("putting them in place" if is_last else f"{done} of {total}", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    if pip.returncode:
        print("".join(said), file=sys.stderr)
    else:
        print(f"Done in {time.monotonic() - begun_at:.0f} s.", file=sys.stderr)
    return pip.returncode


def _show(done: int, total: int, what: str) -> None:
    filled = min(WIDTH, WIDTH * done // max(1, total))
    bar = "#" * filled + "." * (WIDTH - filled)
    print(f"\r\033[K[{bar}] {done} of {total} {what}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
