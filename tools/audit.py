"""make audit: asks pip-audit whether a package in the locks has a known weakness.

Ends with 0 when none has, with 1 when some have, and with 3 when that could not be found out: a question without an
answer is never taken for a good one.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
NONE, SOME, UNKNOWN = 0, 1, 3
Ask = Callable[[str], "subprocess.CompletedProcess[str]"]


def main() -> int:
    """Asks for every lock, and returns the exit code: SOME where one has some."""
    found = {look(lock, ask) for lock in LOCKS}
    return SOME if SOME in found else max(found)


def ask(lock: str) -> "subprocess.CompletedProcess[str]":
    """Runs pip-audit over one lock: its own words on stderr, its findings as JSON on stdout."""
    command = (sys.executable, "-m", "pip_audit", "--requirement", lock, "--disable-pip", "--require-hashes")
    options = ("--progress-spinner", "off", "--format", "json")
    return subprocess.run(  # noqa: S603 - all of it is written here
        (*command, *options), cwd=PROJECT, capture_output=True, text=True, check=False
    )


def look(lock: str, ask: Ask) -> int:
    """Prints what is known of one lock, and returns NONE, SOME or UNKNOWN."""
    answer = ask(lock)
    try:
        packages = json.loads(answer.stdout)["dependencies"]
        unseen = [package for package in packages if "vulns" not in package]
        weak = [package for package in packages if package.get("vulns")]
    except (ValueError, LookupError, TypeError, AttributeError):
        print(f"{lock}: nothing is known. The list of weaknesses could not be read:")
        print(*answer.stderr.strip().splitlines()[-1:], sep="\n")
        return UNKNOWN
    for package in weak:
        for found in package["vulns"]:
            cure = ", ".join(found["fix_versions"]) or "no version"
            print(f"{lock}: {package['name']} {package['version']}: {found['id']}, mended in {cure}")
    if unseen:
        first = f"{unseen[0]['name']}: {unseen[0].get('skip_reason', 'no reason given')}"
        print(f"{lock}: nothing is known of {len(unseen)} of {len(packages)} packages, such as {first}")
    if weak:
        return SOME
    if unseen or not packages:
        return UNKNOWN
    print(f"{lock}: none of {len(packages)} packages has a known weakness")
    return NONE


if __name__ == "__main__":
    sys.exit(main())
