"""Where a contender keeps what is due: SQLite in its folder, or a PostgreSQL or Redis server for one run."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import Store
from benchmarks.process import pinned_to, read_tree_cpu_seconds, started
from tools.postgres_server import find_pg_ctl, postgres_server

SOCKET_SECONDS = 10.0


@dataclass(frozen=True)
class Server:
    """A database server, or none: then its processor time is the contender's own."""

    url: str = ""
    pid: int | None = None

    def read_cpu_seconds(self) -> float:
        """Processor time of all its processes so far, ended ones too."""
        return read_tree_cpu_seconds(self.pid) if self.pid else 0.0


def missing(store: Store) -> str | None:
    """Returns what has to be installed before this store can be used, or None."""
    if store is Store.POSTGRESQL and find_pg_ctl() is None:
        return "PostgreSQL is not installed (Debian: apt install postgresql)"
    if store is Store.REDIS and shutil.which("redis-server") is None:
        return "Redis is not installed (Debian: apt install redis-server)"
    return None


@contextmanager
def served(store: Store, folder: Path, core: int | None) -> Iterator[Server]:
    """Yields the store's server, started on this core, and stops it. Raises RuntimeError if it does not start."""
    if store is Store.POSTGRESQL:
        with _postgresql(folder, core) as server:
            yield server
    elif store is Store.REDIS:
        with _redis(folder, core) as server:
            yield server
    else:
        yield Server()


@contextmanager
def _postgresql(folder: Path, core: int | None) -> Iterator[Server]:
    pg_ctl = find_pg_ctl()
    if pg_ctl is None:
        raise RuntimeError(missing(Store.POSTGRESQL))
    folder.mkdir()
    with pinned_to(core), postgres_server(folder, pg_ctl) as url:
        pid = int((folder / "data" / "postmaster.pid").read_text(encoding="ascii").partition("\n")[0])
        yield Server(url.format(name="postgres").replace("+asyncpg", ""), pid)


@contextmanager
def _redis(folder: Path, core: int | None) -> Iterator[Server]:
    path = shutil.which("redis-server")
    if path is None:
        raise RuntimeError(missing(Store.REDIS))
    folder.mkdir()
    socket = folder / "redis.sock"
    command = (path, "--port", "0", "--unixsocket", str(socket), "--dir", str(folder))
    with started(command, folder=folder, core=core) as process:
        deadline = time.monotonic() + SOCKET_SECONDS
        while not socket.exists():
            process.check_alive()
            if time.monotonic() > deadline:
                raise RuntimeError("Redis did not open its socket")
            time.sleep(0.02)
        yield Server(str(socket), process.pid)
