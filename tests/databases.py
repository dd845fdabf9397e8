"""Databases at the newest revision for tests: made once, and copied for each test."""

import asyncio
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import count
from pathlib import Path

import asyncpg

from bot.app import App
from bot.commands import preview
from bot.content.library import Library
from bot.database.engine import Database
from bot.settings import Settings
from localtelegram.clock import MovableClock
from localtelegram.telegram import LocalTelegram

TEMPLATE = "migrated"
_numbers = count()


@cache
def migrated_file() -> bytes:
    """Returns the content of an empty SQLite file at the newest revision."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.db"
        migrate(f"sqlite+aiosqlite:///{file}")
        return file.read_bytes()


def copy_migrated(file: Path) -> str:
    """Makes a new SQLite database in this file and returns its URL."""
    file.write_bytes(migrated_file())
    return f"sqlite+aiosqlite:///{file}"


def make_template(server: str) -> None:
    """Makes the database that `copy_template` copies; `server` is a URL with {name} for the database."""
    _run(_execute(server, f"CREATE DATABASE {TEMPLATE}"))
    migrate(server.format(name=TEMPLATE))


async def copy_template(server: str) -> str:
    """Makes a new database on this PostgreSQL server and returns its URL."""
    name = f"test{next(_numbers)}"
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return server.format(name=name)


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server.format(name="postgres").replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()


def migrate(url: str) -> None:
    """Makes the tables, or runs the migrations that are missing."""

    async def run() -> None:
        database = Database(url)
        await database.migrate()
        await database.close()

    _run(run())


def _run(call: Coroutine[None, None, None]) -> None:
    """Runs it in a loop and a thread of its own, because a fixture may be set up while the test's loop runs."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, call).result()


def build(settings: Settings, library: Library, telegram: LocalTelegram, clock: MovableClock, folder: Path) -> App:
    """`preview.build` with a migrated database; a database that is in the folder already is used as it is."""
    app = preview.build(settings, library, telegram, clock, folder)
    assert app.database.url.database
    file = Path(app.database.url.database)
    if not file.exists():
        copy_migrated(file)
    return app
