"""A SQLite file that is deleted, replaced or emptied under the running bot. For `entrypoints.backups`.

SQLite does not notice: it goes on in the file that has no name any more, and all of it is gone when the program ends.
"""

import asyncio
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.database.engine import Database, DatabaseError
from bot.database.private_files import opener
from bot.database.troubles import REFUSED
from bot.paths import COMMAND


class FileWatch:
    """Holds on to the file that the database is in, which must be there by then. Nothing to watch on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = Path(database.url.database or "") if database.is_sqlite else None
        self._hold_on()

    async def look(self) -> bool:
        """Returns whether a deleted file was written anew. Raises DatabaseError if it was replaced or emptied.

        What the database held is saved first: nobody writes meanwhile, and an open connection still reads all of it.
        """
        if self._file is None or self._identity(self._file) == self._known:
            return False
        async with self._database.without_writers():
            rescued = self._file.with_name(f"{self._file.name}.rescued")
            is_saved = await asyncio.to_thread(self._save, rescued)
            if is_saved and not self._file.exists() and _put(rescued, self._file):
                await self._database.close()  # its connections are to the old file; new ones are made when needed
                self._hold_on()
                return True
        cure = "bring a copy back (docs/backup.md)"
        if is_saved:
            cure = f"what it held is saved as {rescued}, and `{COMMAND} restore {rescued}` brings that back"
        text = f"DATABASE_URL: {self._file} was replaced or emptied under the bot; {cure}"
        raise DatabaseError(text, code=REFUSED)

    def close(self) -> None:
        """Lets the file go."""
        if self._file:
            self._reader.close()

    def _hold_on(self) -> None:
        if self._file is None:
            return
        self._known = self._identity(self._file)
        uri = f"{self._file.absolute().as_uri()}?mode=ro"
        self._reader = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens the write-ahead log, too

    def _identity(self, file: Path) -> tuple[int, int] | None:
        """Which file has the name; None if there is none, or nothing is in it."""
        try:
            found = file.stat()
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found.st_size else None

    def _save(self, target: Path) -> bool:
        """Copies what the open connection reads into a new file. Returns False if that is nothing of use."""
        try:
            target.unlink(missing_ok=True)
            open(target, "xb", opener=opener).close()
            with closing(self._reader), closing(sqlite3.connect(target)) as new:
                self._reader.backup(new)
                new.execute("PRAGMA journal_mode=DELETE")
                return new.execute("PRAGMA quick_check(1)").fetchone() == ("ok",) and _has_tables(new)
        except (OSError, sqlite3.Error):
            return False


def _has_tables(database: sqlite3.Connection) -> bool:
    found: int = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
    return found == 1


def _put(rescued: Path, file: Path) -> bool:
    """Gives the file its name back. Returns False if another has it by now. The old log must not be read with it."""
    for end in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + end).unlink()
    try:
        os.link(rescued, file)
    except OSError:
        return False
    rescued.unlink()
    return True
