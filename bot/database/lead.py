"""Which process sends: one at a time. Called by `entrypoints.scheduler`, and by `usecases.copies` before a restore."""

from typing import IO

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database.engine import Database
from bot.database.file_lock import try_to_lock
from bot.database.private_files import opener

# Any number that no other program on the same PostgreSQL uses for an advisory lock.
SENDING_LEAD = 7_411_207


class Lead:
    """The lock that lets one process at a time send: SQLite the file `<database>.lock`, PostgreSQL an advisory lock.

    Both locks end with the process, however it ends, so that the next one can take over at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file: IO[str] | None = None
        self._connection: AsyncConnection | None = None

    async def take(self) -> bool:
        """Takes the lead if it is free; returns whether this process has it. Cheap to call often."""
        return self._take_file() if self._database.is_sqlite else await self._take_advisory()

    async def release(self) -> None:
        """Gives the lead up, if this process has it."""
        if self._file:
            self._file.close()
            self._file = None
        if self._connection:
            # Closing only returns the connection to the pool, and it would keep the lock there.
            await self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": SENDING_LEAD})
            await self._connection.close()
            self._connection = None

    def _take_file(self) -> bool:
        if self._file or not self._database.url.database:
            return True
        path = f"{self._database.url.database}.lock"
        file = open(path, "w", encoding="utf-8", opener=opener)  # noqa: SIM115 - held as long as the lead is
        if not try_to_lock(file):
            file.close()
            return False
        self._file = file
        return True

    async def _take_advisory(self) -> bool:
        if self._connection is not None:
            try:
                await self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                # The server ended the connection, and the lock with it.
                await self._connection.invalidate()
                self._connection = None
            else:
                return True
        connection = await self._database.engine.connect()
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        if await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": SENDING_LEAD}):
            self._connection = connection
            return True
        await connection.close()
        return False
