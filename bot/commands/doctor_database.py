"""What `doctor` says about the database. It changes nothing there."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from bot.commands import doctor_rush
from bot.commands.doctor_table import Check
from bot.database.engine import DATABASE_ERRORS, NEWEST_REVISION, Database, DatabaseError, is_newer
from bot.domain.encryption import Cipher
from bot.paths import COMMAND
from bot.settings import Settings
from bot.usecases import key_rotation, refusals
from bot.usecases.failures import list_set_aside

MOST_SHOWN = 10  # failures


async def look(settings: Settings) -> AsyncIterator[Check]:
    """Yields the lines about it; without a database that is of this version, one."""
    database = Database(settings.database_url)
    if database.is_sqlite and _can_be_made(file := Path(database.url.database or "")):
        yield Check("database", "ok", f"{file} is not there yet: `run` makes it")
        return
    try:
        if old := await _of_another_version(database):
            yield old
            return
        async with database.opened():
            yield Check("database", "ok", f"{database.url.render_as_string()} at revision {NEWEST_REVISION}")
            yield await _set_aside(database)
            yield await _refused(database)
            yield await _encrypted(database, settings)
            yield Check("rush", *await doctor_rush.look(database, settings, datetime.now(UTC)))
    except DatabaseError as error:
        yield Check("database", "wrong", str(error))


async def _of_another_version(database: Database) -> Check | None:
    """Says where the tables are not this version's: looking changes nothing, an old bot may still be at work.

    None: they are, or what hinders that is told when it is opened.
    """
    try:
        revision = await database.revision()
    except DATABASE_ERRORS:
        return None
    if revision == NEWEST_REVISION or is_newer(revision):
        return None
    await database.close()
    if revision is None:
        return Check("database", "ok", f"{database.url.render_as_string()} is empty: `run` makes its tables")
    text = (
        f"it is at revision {revision}, and this version needs {NEWEST_REVISION}: `run` brings it up; first make a "
        f"copy with `{COMMAND} backup`"
    )
    return Check("database", "note", text)


def _can_be_made(file: Path) -> bool:
    """Whether it is not there, and could be: looking makes nothing."""
    return not file.exists() and file.parent.is_dir() and os.access(file.parent, os.W_OK)


async def _set_aside(database: Database) -> Check:
    """Lists the work that was set aside after repeated unexpected errors."""
    async with database.read() as session:
        failures = await list_set_aside(session)
    if not failures:
        return Check("set aside", "ok", "nothing failed in the last three days")
    lines = [
        f"{failure.work} {failure.row_id}: {failure.error}, last on {failure.failed_at:%d %B at %H:%M} UTC"
        for failure in failures[:MOST_SHOWN]
    ]
    if len(failures) > MOST_SHOWN:
        lines.append(f"and {len(failures) - MOST_SHOWN} more")
    text = f"{len(failures)} failed again and again; the log has the whole error of each:"
    return Check("set aside", "wrong", "\n".join([text, *lines]))


async def _refused(database: Database) -> Check:
    """Counts the chats that rest because Telegram refused them, and those that it has begun to refuse."""
    async with database.read() as session:
        resting, refused = await refusals.count_chats(session)
    if not resting and not refused:
        return Check("refusals", "ok", "Telegram refuses no chat")
    text = (
        f"{resting} chats rest after {refusals.MOST_REFUSALS} refusals in a row, {refused} more were refused last time"
    )
    return Check("refusals", "note", text)


async def _encrypted(database: Database, settings: Settings) -> Check:
    """Counts what is kept encrypted, and what the first key did not encrypt."""
    cipher = Cipher(settings.secret_key.get_secret_value()) if settings.secret_key else None
    async with database.read() as session:
        counts = await key_rotation.count(session, cipher)
    if counts.stored and cipher is None:
        return Check("encrypted", "wrong", f"{counts.stored} rows, and no SECRET_KEY: nothing of them can be read")
    if counts.unknown:
        text = f"{counts.unknown} of {counts.stored} rows need a key that is not in SECRET_KEY: add it after a comma"
        return Check("encrypted", "wrong", text)
    if counts.outdated:
        text = f"{counts.outdated} of {counts.stored} rows still use an old key: {COMMAND} rotate-keys"
        return Check("encrypted", "note", text)
    return Check("encrypted", "ok", f"{counts.stored} rows, all with the first key" if counts.stored else "nothing yet")
