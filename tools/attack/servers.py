"""A PostgreSQL server that can be stopped, killed and failed over. For `trouble`."""

import asyncio
import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.postgres_server import control_postgres, find_pg_ctl, postgres_server


class Servers:
    """The server that the bot writes to, under an address that stays, and its copy if there is one."""

    def __init__(self, folder: Path, pg_ctl: str) -> None:
        self._pg_ctl, self._first = pg_ctl, folder / "first"
        self._second, self._address = folder / "second", folder / "address"  # PostgreSQL's sockets are in them
        self._user = "postgres" if os.geteuid() == 0 else None

    @contextmanager
    def opened(self) -> Iterator[str]:
        """Yields the address for DATABASE_URL."""
        self._first.mkdir()
        self._address.symlink_to(self._first)
        with postgres_server(self._first, self._pg_ctl):
            try:
                yield f"postgresql+asyncpg://bot@/postgres?host={self._address}"
            finally:
                if (self._second / "data" / "postmaster.pid").exists():
                    self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self._second / "data"))
                if not self._runs():
                    control_postgres(self._first, self._pg_ctl, "start")  # so that it can be stopped as usual

    async def restart(self, seconds: float) -> None:
        """Stops it, and starts it again so many seconds later."""
        await asyncio.to_thread(control_postgres, self._first, self._pg_ctl, "stop")
        await asyncio.sleep(seconds)
        await asyncio.to_thread(control_postgres, self._first, self._pg_ctl, "start")

    async def kill(self, seconds: float) -> None:
        """Kills it with all its processes, and starts it again so many seconds later."""
        self._kill()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(control_postgres, self._first, self._pg_ctl, "start")

    async def copy(self) -> None:
        """Makes a second server that holds all that the first has said to be written."""
        await asyncio.to_thread(self._copy)

    async def fail_over(self) -> None:
        """Kills the first server, and lets the second take its place."""
        self._kill()
        await asyncio.to_thread(self._run, "pg_ctl", "promote", "-w", "-D", str(self._second / "data"))
        new = self._address.with_name("new")
        new.symlink_to(self._second)
        new.replace(self._address)

    def _copy(self) -> None:
        self._second.mkdir()
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(self._second, account.pw_uid, account.pw_gid)
        data = str(self._second / "data")
        self._run("pg_basebackup", "-h", str(self._first), "-U", "bot", "-D", data, "-R", "-X", "stream", "-c", "fast")
        options = f"-c listen_addresses= -c fsync=off -c unix_socket_directories={self._second}"
        self._run("pg_ctl", "start", "-w", "-D", data, "-o", options, "-l", str(self._second / "log"))
        for words in ("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"):
            self._run("psql", "-h", str(self._first), "-U", "bot", "-d", "postgres", "-q", "-c", words)

    def _run(self, program: str, *words: str) -> None:
        call = [str(Path(self._pg_ctl).resolve().with_name(program)), *words]
        subprocess.run(call, user=self._user, check=True, stdout=subprocess.DEVNULL, cwd=self._first)  # noqa: S603 - ours

    def _runs(self) -> bool:
        call = [self._pg_ctl, "status", "-D", str(self._first / "data")]
        ended = subprocess.run(call, user=self._user, check=False, stdout=subprocess.DEVNULL, cwd=self._first)  # noqa: S603 - ours
        return ended.returncode == 0

    def _number(self) -> int | None:
        """The number of the first server's process, as it stands in its file."""
        try:
            return int((self._first / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except FileNotFoundError:
            return None

    def _kill(self) -> None:
        number = self._number()
        children = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii").split()
        for process in (number, *map(int, children)):
            if process is not None:
                os.kill(process, signal.SIGKILL)
        # In a container nobody may bury it, and then a start takes it for one that runs.
        for lock in (self._first / "data" / "postmaster.pid", *self._first.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)


def servers_in(folder: Path) -> Servers | None:
    """Returns a server in a new folder; None where PostgreSQL is not installed."""
    pg_ctl = find_pg_ctl()
    return Servers(folder, pg_ctl) if pg_ctl else None
