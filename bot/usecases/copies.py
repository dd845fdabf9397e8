"""Copies of the whole database, by whatever its kind needs, and how one comes back. For commands and `backups`."""

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.database import postgres_copies, sqlite_copies
from bot.database.copy_files import CopyError, of_another_bot
from bot.database.engine import Database, is_newer
from bot.database.lead import Lead, is_taken_for_all
from bot.database.private_files import make_folder
from bot.usecases.memories import recall, remember
from bot.usecases.restoring import leave_out_past

__all__ = ["CopyError", "ending", "restore", "save"]

BOT = "bot"  # the name of what is remembered


def ending(database: Database) -> str:
    """Returns how the name of a copy ends, with its dot."""
    return ".db" if database.is_sqlite else ".dump"


async def save(
    database: Database, target: Path, tell: Callable[[int, int], None] = lambda *_: None, *, replaces: bool = False
) -> str:
    """Copies the database while it is in use, checks the copy, and returns its revision. Raises CopyError."""
    if not database.is_sqlite:
        return await postgres_copies.save(database.address, target, schema=database.schema, replaces=replaces)
    is_stopped = threading.Event()

    def told(done: int, total: int) -> None:
        if is_stopped.is_set():
            raise CopyError("the copy was stopped")
        tell(done, total)

    try:
        return await asyncio.to_thread(sqlite_copies.save, _file_of(database), target, told, replaces=replaces)
    finally:
        is_stopped.set()  # of one that is cancelled; its thread would go on


async def remember_bot(database: Database, bot: str) -> None:
    """Stores which of several bots the database is of, so that a copy of it is not taken for another's."""
    async with database.write() as session:
        await remember(session, database, BOT, bot)


async def restore(database: Database, copy: Path, now: datetime, *, bot: str | None = None) -> tuple[Path | None, int]:
    """Puts a copy in the place of the database. Returns where the old one is, if any, and how much is passed over.

    `bot`: whose database it is, of several in one program. The copy itself stays. Raises CopyError, also while a bot
    runs on the database and for a copy of another bot, and DatabaseError.
    """
    lead = Lead(database)
    if database.is_sqlite:
        make_folder(_file_of(database).parent)
    elif not is_newer(await database.revision()):
        await database.migrate()  # the lead is a row
    if await is_taken_for_all(database) or not await lead.take():
        raise CopyError("DATABASE_URL: a bot is running on this database; stop it first")
    try:
        if database.is_sqlite:
            return await _restore_sqlite(database, copy, now, bot)
        return await _restore_postgres(database, copy, now)
    except OSError as error:
        raise CopyError(f"{copy} cannot be put in place ({error.strerror}); check the folder, and its space") from error
    finally:
        with suppress(Exception):
            await lead.release()


def _file_of(database: Database) -> Path:
    return Path(database.url.database or "")


async def _restore_sqlite(database: Database, copy: Path, now: datetime, bot: str | None) -> tuple[Path | None, int]:
    await asyncio.to_thread(sqlite_copies.examine, copy)
    file = _file_of(database)
    new, kept = file.with_name(f"{file.name}.new"), _beside(file, now)
    try:
        await asyncio.to_thread(sqlite_copies.save, copy, new, lambda *_: None, replaces=True)
        brought = Database(f"sqlite+aiosqlite:///{new}")
        try:
            await brought.migrate()
            async with brought.read() as session:
                whose = await recall(session, BOT)
            if bot and whose and whose != bot:
                raise of_another_bot(copy, whose)
            count = await leave_out_past(brought, now)
        finally:
            await brought.close()
        await asyncio.to_thread(sqlite_copies.make_one_file, new)
        was_there = await asyncio.to_thread(sqlite_copies.put_in_place, new, file, kept)
    finally:
        for end in ("", "-wal", "-shm"):
            with suppress(OSError):
                os.unlink(f"{new}{end}")
    return (kept if was_there else None), count


async def _restore_postgres(database: Database, copy: Path, now: datetime) -> tuple[Path | None, int]:
    await postgres_copies.examine(copy, database.schema)
    kept = None
    if await database.revision() is not None:
        kept = _beside(copy, now)
        await save(database, kept)
    await postgres_copies.load(database.address, copy)
    await database.migrate()
    return kept, await leave_out_past(database, now)


def _beside(file: Path, now: datetime) -> Path:
    return file.with_name(f"{file.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
