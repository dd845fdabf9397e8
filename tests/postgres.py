"""Starts a PostgreSQL server for the tests, in a temporary folder and on a socket there."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.patience import PATIENCE


def find_pg_ctl() -> str | None:
    """Returns the path of pg_ctl, which Debian does not put into PATH, or None."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)
    return shutil.which("pg_ctl") or (str(candidates[0]) if candidates else None)


@contextmanager
def postgres_server(folder: Path, pg_ctl: str) -> Iterator[str]:
    """Yields the URL of a running server, with {name} for the database; stops it afterwards."""
    user = None
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        user = "postgres"
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
        for parent in folder.parents:
            if parent.owner() == "root" and parent != Path("/") and parent.is_relative_to("/tmp"):
                parent.chmod(parent.stat().st_mode | 0o011)
    data = folder / "data"
    options = f"-c listen_addresses= -c fsync=off -c unix_socket_directories={folder}"
    init = [pg_ctl, "init", "-D", str(data), "-o", "-U bot --auth=trust -E UTF8 --locale=C"]
    start = [pg_ctl, "start", "-w", "-t", str(PATIENCE), "-D", str(data), "-o", options, "-l", str(folder / "log")]
    subprocess.run(init, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    subprocess.run(start, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    folder.joinpath("options").write_text(options, encoding="utf-8")
    try:
        yield f"postgresql+asyncpg://bot@/{{name}}?host={folder}"
    finally:
        stop = [pg_ctl, "stop", "-m", "immediate", "-D", str(data)]
        subprocess.run(stop, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)


def control_postgres(folder: Path, pg_ctl: str, verb: str) -> None:
    """Stops ("stop") or starts ("start") the server that `postgres_server` has started in this folder."""
    data = ["-D", str(folder / "data")]
    options = ["-o", folder.joinpath("options").read_text(encoding="utf-8"), "-l", str(folder / "log")]
    how = ["-m", "fast"] if verb == "stop" else ["-w", "-t", str(PATIENCE), *options]
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run([pg_ctl, verb, *data, *how], user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)
