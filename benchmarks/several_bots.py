"""Several bots in one process: what each adds. `python -m benchmarks.several_bots`.

For each number of bots: a start of bots that have run before, half a minute in which nobody taps and nothing is due,
and then a reminder for each subscriber of every bot, all due at one moment. Each bot keeps to 30 messages a second.
"""

import asyncio
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from sqlalchemy import text

from benchmarks.contenders import Store
from benchmarks.drain import Drain
from benchmarks.process import Process, started
from benchmarks.rush import read_figures
from benchmarks.seed import seed_reminders
from benchmarks.stores import Server, served
from benchmarks.telegram import Figures
from bot.database.engine import Database
from bot.settings.bots import database_of
from bot.settings.database_url import with_driver

READY_SECONDS, SETTLE_SECONDS, LONGEST_DRAIN_SECONDS = 300.0, 5.0, 120.0
LOOK_SECONDS = 0.1
COLUMNS = (
    *("bots", "ready, s", "MB", "idle, CPU-s a minute", "peak, MB", "due to last, s", "CPU-s per 1,000"),
    *("lost", "repeated"),
)
NUMBERS_APART = 1_000_000  # of two bots' chats, so that the far end knows whose message it is


@dataclass(frozen=True)
class Measured:
    """What one number of bots took."""

    bots: int
    ready_seconds: float
    megabytes: float
    idle_cpu: float
    """Processor seconds a minute."""
    peak_megabytes: float
    drain_seconds: float
    """From due to the last message."""
    cpu_of_thousand: float
    """Processor seconds for a thousand messages."""
    lost: int
    repeated: int


def main(
    bots: Annotated[list[int], typer.Option(min=1, help="So many bots; can be given more than once.")] = [1, 20, 200],  # noqa: B006 - typer's form of it
    people: Annotated[int, typer.Option(min=1, help="Subscribers of each bot.")] = 300,
    seconds: Annotated[float, typer.Option(min=1, help="For which nothing happens.")] = 30.0,
    postgres: Annotated[bool, typer.Option("--postgresql", help="A schema for each bot, in place of a file.")] = False,
) -> None:
    """Prints a table, a row for each number of bots."""
    store = "PostgreSQL, a schema for each bot" if postgres else "SQLite, a file for each bot"
    print(f"{store}; {people} subscribers of each, all due at one moment, 30 messages a second for each bot\n")
    print(f"| {' | '.join(COLUMNS)} |\n{'| --: ' * len(COLUMNS)}|")
    for count in bots:
        with TemporaryDirectory(prefix="bots-") as folder:
            one = _measure(Path(folder), count, people, seconds, Store.POSTGRESQL if postgres else Store.SQLITE)
        cells = (
            *(one.bots, f"{one.ready_seconds:.1f}", f"{one.megabytes:.0f}", f"{one.idle_cpu:.2f}"),
            *(f"{one.peak_megabytes:.0f}", f"{one.drain_seconds:.1f}", f"{one.cpu_of_thousand:.2f}"),
            *(one.lost, one.repeated),
        )
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def _measure(folder: Path, bots: int, people: int, seconds: float, store: Store) -> Measured:
    with ExitStack() as stack:
        command = (sys.executable, "-m", "benchmarks.telegram")
        telegram = stack.enter_context(started(command, folder=folder / "telegram", core=None))
        api_url = f"http://127.0.0.1:{telegram.wait_for_line()}"
        server = stack.enter_context(served(store, folder / "store", None))
        due_at = float(int(time.time() + _seconds_to_fill(bots, store) + seconds))
        url = server.url or f"sqlite:///{folder / 'bot.db'}"
        _fill(folder, url, [Drain(api_url, people, due_at, folder)] * bots)
        began_at = time.monotonic()
        process = stack.enter_context(_playing(folder, api_url, url))
        _wait_until_ready(process, bots)
        ready_seconds = time.monotonic() - began_at
        time.sleep(SETTLE_SECONDS)
        megabytes, before = process.read_megabytes(), _cpu(process, server)
        time.sleep(seconds)
        idle = _cpu(process, server) - before
        if time.time() > due_at - 1:
            raise RuntimeError("the bots were not ready in time; this machine needs more of it (_seconds_to_fill)")
        time.sleep(max(0.0, due_at - 1 - time.time()))
        before = _cpu(process, server)
        figures = _wait_until_drained(api_url, bots * people)
        return Measured(
            bots,
            ready_seconds,
            megabytes,
            idle / seconds * 60,
            process.read_peak_megabytes(),
            (figures.last_at or due_at) - due_at,
            (_cpu(process, server) - before) / max(1, figures.delivered) * 1000,
            bots * people - figures.delivered,
            figures.repeated,
        )


def _seconds_to_fill(bots: int, store: Store) -> float:
    """To make the databases, to start, and to settle."""
    return 20 + bots * (0.15 if store is Store.SQLITE else 1.5)


def _cpu(process: Process, server: Server) -> float:
    return process.read_cpu_seconds() + server.read_cpu_seconds()


def _fill(folder: Path, url: str, drains: list[Drain]) -> None:
    """Makes a file of settings and a database with people for each bot."""
    (folder / "bots").mkdir()
    first: Path | None = None
    for number, drain in enumerate(drains, 1):
        name = f"practice-{number}"
        (folder / "bots" / f"{name}.env").write_text(f"BOT_TOKEN={number}:loopback\n", encoding="utf-8")
        own = database_of(with_driver(url), name)
        file = Path(own.partition(":///")[2])
        if first and url.startswith("sqlite"):
            shutil.copy(first, file)
        else:
            seed_reminders(drain, own)
            first = file
        asyncio.run(_move_apart(own, number))


async def _move_apart(url: str, number: int) -> None:
    database = Database(url)
    async with database.write() as session:
        await session.execute(text(f"UPDATE chats SET telegram_id = telegram_id + {number * NUMBERS_APART}"))
    await database.close()


@contextmanager
def _playing(folder: Path, api_url: str, url: str) -> Iterator[Process]:
    environment = {
        "BOT_API_URL": api_url,
        "DATABASE_URL": url,
        "LISTEN": "127.0.0.1:0",
        "BOTS_DIR": str(folder / "bots"),
    }
    command = (sys.executable, "-m", "bot", "run")
    with started(command, folder=folder / "playing", core=None, environment=environment) as process:
        yield process


def _wait_until_ready(process: Process, bots: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.count_lines("INFO ready") < bots:
        process.check_alive()
        if time.monotonic() > deadline:
            raise RuntimeError(f"{bots} bots were not ready within {READY_SECONDS:.0f} s")
        time.sleep(LOOK_SECONDS)


def _wait_until_drained(api_url: str, count: int) -> Figures:
    deadline = time.monotonic() + LONGEST_DRAIN_SECONDS
    while read_figures(api_url).delivered < count and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    time.sleep(SETTLE_SECONDS)  # marks are written, and what comes twice has come
    return read_figures(api_url)


if __name__ == "__main__":
    typer.run(main)
