"""What is wrong before the bot runs: each start ends with one line that says what to do, and the right exit code.

Code 2 says that only a person can mend it: a service manager starts it no more. Called by `__main__` and the tests.
"""

import asyncio
import ctypes
import os
import re
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from bot.settings import PROJECT
from tools.attack.bots import HOOK, KEPT
from tools.attack.far_end import TOKEN, Bad, FarEnd

PASSWORD = "winter-night"  # noqa: S105 - of a server that is played; no line may hold it
ENDS_WITHIN = 60.0  # seconds that a start may take to end, or to say that it is ready
RIGHTS = (1, 2)  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: with them root may read and write everything
DROP = 24  # PR_CAPBSET_DROP, https://man7.org/linux/man-pages/man2/prctl.2.html
RUNS = 0  # in place of an exit code: it starts all the same, and says what it goes without
READY = "ready seconds="


@dataclass
class Place:
    """Where one start happens: a folder of its own, a Telegram, and what is opened for it. `postgres`: its address."""

    folder: Path
    far_end: FarEnd
    opened: AsyncExitStack
    postgres: str = ""

    @property
    def file(self) -> Path:
        return self.folder / "bot.db"

    async def begin(self, **more: str) -> Process:
        """Starts the bot here, in an own process, without root's right to read and write everything."""
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "PYTHONPATH": str(PROJECT),
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"http://127.0.0.1:{self.far_end.port}",
            "DATABASE_URL": f"sqlite:///{self.file}",
            "LISTEN": "127.0.0.1:0",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=self.folder,
            env=environment | more,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=_drop_rights,
        )
        self.opened.push_async_callback(_end, process)
        return process


@dataclass(frozen=True)
class Started:
    """A line of the table. `code`: how it ended; None: it did not. `said`: the last line, of so many `lines`."""

    name: str
    wanted: int
    code: int | None
    said: str
    lines: int

    @property
    def is_right(self) -> bool:
        """Whether it ended as it should, with one line that says what to do and no secret."""
        is_one_line = self.lines == 1 or self.wanted == RUNS
        return self.code == self.wanted and is_one_line and "Traceback" not in self.said and PASSWORD not in self.said

    def line(self) -> str:
        again = {RUNS: "it runs", 1: "yes", 2: "no"}.get(self.wanted, "")
        ended = f"{self.code} | {again} | {self.said.replace('|', '/')}"
        return f"| {self.name} | {ended} | {'yes' if self.is_right else f'**no**, {self.lines} lines'} |"


HEAD = "| what is wrong | exit code | started again | what is said | right |\n|:--|--:|:--|:--|:--|"
Prepare = Callable[[Place], Awaitable[dict[str, str]]]  # returns settings


async def run(name: str, wanted: int, prepare: Prepare, folder: Path, postgres: str = "") -> Started:
    """Starts a bot in this trouble, and returns what became of it."""
    far_end = FarEnd()
    runner = await far_end.serve()
    async with AsyncExitStack() as opened:
        opened.push_async_callback(runner.cleanup)
        opened.push_async_callback(far_end.updates.close)
        place = Place(folder, far_end, opened, postgres)
        process = await place.begin(**await prepare(place))
        lines = await heard(process)
        code = RUNS if READY in lines[-1] else await asyncio.wait_for(process.wait(), ENDS_WITHIN)
    said = [line for line in lines if READY not in line and "this process sends now" not in line]
    text = re.sub(r"^[0-9-]+ [0-9:,]+ ", "", (said or [""])[-1]).replace(str(folder), "/srv/bot")
    return Started(name, wanted, code, text, len(said))


async def heard(process: Process) -> list[str]:
    """Returns its lines until it is ready, or ends."""
    assert process.stdout  # noqa: S101 - a pipe
    lines: list[str] = []
    async with asyncio.timeout(ENDS_WITHIN):
        while line := (await process.stdout.readline()).decode(errors="replace").strip():
            lines.append(line)
            if READY in line:
                break
    return lines or [""]


def _drop_rights() -> None:
    """Lets a bot that root starts be refused like anyone. Without root nothing is to be dropped, and nothing is."""
    prctl = ctypes.CDLL(None).prctl
    for right in RIGHTS:
        prctl(DROP, right, 0, 0, 0)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    await process.communicate()


async def no_token(place: Place) -> dict[str, str]:
    return {"BOT_TOKEN": ""}


async def refused_token(place: Place) -> dict[str, str]:
    body = '{"ok": false, "error_code": 401, "description": "Unauthorized"}'
    place.far_end.mood = lambda method, chat: Bad(status=401, body=body)
    return {}


async def unreadable_settings(place: Place) -> dict[str, str]:
    file = place.folder / ".env"
    file.write_text("LISTEN=127.0.0.1:0\n", encoding="utf-8")
    file.chmod(0)
    return {}


async def folder_for_settings(place: Place) -> dict[str, str]:
    (place.folder / ".env").mkdir()
    return {}


async def newer(place: Place) -> dict[str, str]:
    with closing(sqlite3.connect(place.file)) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('9042')")
        database.commit()
    return {}


async def no_folder(place: Place) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{place.folder}/no/such/bot.db"}


async def letter(place: Place) -> dict[str, str]:
    place.file.write_text("a letter" * 1_000, encoding="utf-8")
    return {}


async def folder_for_file(place: Place) -> dict[str, str]:
    place.file.mkdir()
    return {}


async def no_rights_to_folder(place: Place) -> dict[str, str]:
    (closed := place.folder / "closed").mkdir(mode=0o500)
    return {"DATABASE_URL": f"sqlite:///{closed}/bot.db"}


async def no_rights_to_file(place: Place) -> dict[str, str]:
    await newer(place)
    place.file.chmod(0o400)
    return {}


async def question_mark(place: Place) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{place.file}?mode=ro"}


async def second(place: Place) -> dict[str, str]:
    await heard(await place.begin())
    return {}


async def port_in_use(place: Place) -> dict[str, str]:
    taken = place.opened.enter_context(closing(socket.socket()))
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return {"LISTEN": f"127.0.0.1:{taken.getsockname()[1]}"}


async def port_in_use_by_webhook(place: Place) -> dict[str, str]:
    return {"WEBHOOK_URL": HOOK} | await port_in_use(place)


def postgres(address: str) -> Prepare:
    """Returns a start with this DATABASE_URL, in which {server} stands for the server's host and port."""

    async def prepare(place: Place) -> dict[str, str]:
        return {"DATABASE_URL": address.format(server=place.postgres)}

    return prepare


# The exit code that is right, and how it comes to it.
STARTS: dict[str, tuple[int, Prepare]] = {
    "no BOT_TOKEN": (2, no_token),
    "Telegram refuses the token": (2, refused_token),
    "`.env` cannot be read": (2, unreadable_settings),
    "`.env` is a folder, and the environment holds all": (RUNS, folder_for_settings),
    "the port is in use, by polling": (RUNS, port_in_use),
    "the port is in use, by webhook": (1, port_in_use_by_webhook),
    "SQLite: no folder": (2, no_folder),
    "SQLite: a folder without rights": (2, no_rights_to_folder),
    "SQLite: a file without rights": (2, no_rights_to_file),
    "SQLite: a folder in its place": (2, folder_for_file),
    "SQLite: a file that is no database": (2, letter),
    "SQLite: a newer database": (2, newer),
    "SQLite: `?mode=ro`": (2, question_mark),
    "SQLite: another bot runs on it": (1, second),
}
ON_POSTGRESQL: dict[str, tuple[int, Prepare]] = {
    "PostgreSQL: nobody listens there": (1, postgres("postgresql://bot@127.0.0.1:9/postgres")),
    "PostgreSQL: no such host": (1, postgres("postgresql://bot@nowhere.invalid/postgres")),
    "PostgreSQL: a wrong password": (2, postgres(f"postgresql://guest:{PASSWORD}@{{server}}/postgres")),
    "PostgreSQL: no such name": (2, postgres("postgresql://nobody@{server}/postgres")),
    "PostgreSQL: no such database": (2, postgres("postgresql://bot@{server}/nothing")),
    "PostgreSQL: a name that may make no tables": (2, postgres("postgresql://reader@{server}/postgres")),
    "PostgreSQL: a newer database": (2, postgres("postgresql://bot@{server}/newer")),
    "PostgreSQL: `?sslmode=require`, and no TLS there": (
        2,
        postgres("postgresql://bot@{server}/postgres?sslmode=require"),
    ),
    "PostgreSQL: `?sslmode=verify-full`, and no certificate": (
        2,
        postgres("postgresql://bot@{server}/postgres?sslmode=verify-full"),
    ),
    "PostgreSQL: `?sslmode=yes`": (2, postgres("postgresql://bot@{server}/postgres?sslmode=yes")),
    "PostgreSQL: `?ssl_mode=require`": (2, postgres("postgresql://bot@{server}/postgres?ssl_mode=require")),
}
