"""Starts a PostgreSQL server in a temporary folder, on a socket there.

Called by the tests, the benchmarks and `tools.attack`.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 900  # at most; on a busy machine one second of work may take a minute


def find_pg_ctl() -> str | None:
    """Returns the path of pg_ctl, which Debian does not put into PATH, or None."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)
    return shutil.which("pg_ctl") or (str(candidates[0]) if candidates else None)


@contextmanager
def postgres_server(folder: Path, pg_ctl: str) -> Iterator[str]:
    """Yields the URL of a running server, with {name} for the database; stops it afterwards."""
    if user := _user():
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
        for parent in folder.parents:
            if parent.owner() == "root" and parent != Path("/") and parent.is_relative_to("/tmp"):  # noqa: S108 - a comparison
                parent.chmod(parent.stat().st_mode | 0o011)
    options = f"-c listen_addresses= -c fsync=off -c unix_socket_directories={folder}"
    _run(folder, pg_ctl, "init", "-o", "-U bot --auth=trust -E UTF8 --locale=C")
    folder.joinpath("options").write_text(options, encoding="utf-8")
    control_postgres(folder, pg_ctl, "start")
    try:
        yield f"postgresql+asyncpg://bot@/{{name}}?host={folder}"
    finally:
        _run(folder, pg_ctl, "stop", "-m", "immediate")


def control_postgres(folder: Path, pg_ctl: str, verb: str) -> None:
    """Stops ("stop") or starts ("start") the server that `postgres_server` has started in this folder."""
    options = ["-o", folder.joinpath("options").read_text(encoding="utf-8"), "-l", str(folder / "log")]
    how = ["-m", "fast"] if verb == "stop" else ["-w", "-t", str(START_SECONDS), *options]
    _run(folder, pg_ctl, verb, *how)


def _run(folder: Path, pg_ctl: str, verb: str, *how: str) -> None:
    command = [pg_ctl, verb, "-D", str(folder / "data"), *how]
    subprocess.run(command, user=_user(), check=True, stdout=subprocess.DEVNULL, cwd=folder)  # noqa: S603 - our own words


def _user() -> str | None:
    """PostgreSQL does not run as root."""
    return "postgres" if os.geteuid() == 0 else None
