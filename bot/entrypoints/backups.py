"""Copies of the database by themselves, once a day, and a file that is never far behind. Started by `app`."""

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.database.engine import DATABASE_ERRORS, Database, DatabaseError, is_newer
from bot.database.file_watch import FileWatch
from bot.database.private_files import make_folder
from bot.usecases import copies
from bot.usecases.copies import CopyError

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
TRY_AGAIN = timedelta(hours=1)  # after a copy that could not be made
# So often the write-ahead log is moved into SQLite's file: a plain copy of the file then misses minutes, not all.
SECONDS_BETWEEN_LOOKS = 60
NAME = re.compile(r"gentle-tears-(\d{8}T\d{6}Z)\.(?:db|dump)")
TIME = "%Y%m%dT%H%M%SZ"


def list_copies(folder: Path) -> list[tuple[datetime, Path]]:
    """Returns the copies that were made by themselves, the oldest first. Raises OSError."""
    return sorted((made_at, file) for file in folder.iterdir() if (made_at := _made_at(file.name)))


def _made_at(name: str) -> datetime | None:
    """Returns the moment that stands in a name; None in one that names none, such as one of a thirteenth month."""
    found = NAME.fullmatch(name)
    with suppress(ValueError):
        return datetime.strptime(found[1], TIME).replace(tzinfo=UTC) if found else None
    return None


def _copies_until(now: datetime, folder: Path) -> list[tuple[datetime, Path]]:
    """Without those of a time to come, which were made while the clock was wrong: they count for nothing until then."""
    return [(at, file) for at, file in list_copies(folder) if at <= now]


class Backups:
    """Makes a copy a day in `folder`, if one is set, and keeps the newest `keep`. Of several processes one: `leads`."""

    def __init__(
        self,
        database: Database,
        folder: Path | None,
        keep: int,
        *,
        clock: Callable[[], datetime],
        leads: Callable[[], bool],
        end: Callable[[DatabaseError], None],
    ) -> None:
        self._database = database
        self._folder = folder
        self._keep = keep
        self._clock = clock
        self._leads = leads
        self._end = end
        self._failed_at: datetime | None = None
        self._is_newer = False

    async def run(self) -> None:
        """Looks once a minute, and each second whether the file is still there, until it is cancelled.

        Only a database that is lost ends the program (`end`).
        """
        watch = FileWatch(self._database)
        try:
            while True:
                await self.look()
                for _ in range(SECONDS_BETWEEN_LOOKS):
                    await self._look_at_file(watch)
                    await asyncio.sleep(1)
        except DatabaseError as error:
            self._end(error)
        finally:
            watch.close()

    async def _look_at_file(self, watch: FileWatch) -> None:
        try:
            if await watch.look():
                log.error("the database file was deleted under the bot; all that it held was written anew")
        except DatabaseError:
            raise
        except Exception:  # a look that fails must stop neither the next one nor the copies
            log.exception("whether the database file is still there cannot be seen; looking again in a minute")
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def look(self) -> None:
        """Moves the log into the file, and makes a copy if the newest is a day old. Failures are logged."""
        try:
            await self._database.checkpoint()
            await self._tell_newer()
        except DATABASE_ERRORS as error:
            log.warning("the log of the database stays where it is for now", extra={"error": type(error).__name__})
        try:
            if self._folder and self._leads():
                await self._copy_if_due(self._folder, self._clock())
        except Exception:  # a copy that fails must stop nothing else
            self._failed_at = self._clock()
            log.exception("no copy of the database could be made; trying again in an hour")

    async def _tell_newer(self) -> None:
        """Says once that a newer version has changed the database: both go on until this one is stopped."""
        if not self._is_newer and is_newer(await self._database.revision()):
            self._is_newer = True
            log.warning("a newer version of this bot has changed the database; put that version here, too")

    async def _copy_if_due(self, folder: Path, now: datetime) -> None:
        if self._failed_at and timedelta(0) <= now - self._failed_at < TRY_AGAIN:
            return
        try:
            make_folder(folder)
            made = _copies_until(now, folder)
            if made and now - made[-1][0] < EVERY:
                return
            file = folder / f"gentle-tears-{now.astimezone(UTC):{TIME}}{copies.ending(self._database)}"
            revision = await copies.save(self._database, file)
            log.info("the database was copied", extra={"bytes": file.stat().st_size, "revision": revision})
            for _, old in _copies_until(now, folder)[: -self._keep]:
                old.unlink()
        except (CopyError, OSError) as error:
            self._failed_at = now
            log.error("BACKUP_DIR: no copy of the database could be made; trying again in an hour (%s)", error)
        else:
            self._failed_at = None
