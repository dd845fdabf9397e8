"""The engine for SQLite or PostgreSQL: sessions to read and to write, migrations, and who may send."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Insert, event, inspect, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker, create_async_engine

from bot.database import effects
from bot.database.columns import Base
from bot.database.file_lock import try_to_lock

log = logging.getLogger(__name__)

# The short name for SQLAlchemy's session.
Session = AsyncSession

# Raised when the database cannot be used: SQLAlchemy's errors, and the drivers' own when there is no connection.
DATABASE_ERRORS = (SQLAlchemyError, OSError)

# The newest migration; a test compares it with bot/database/migrations/versions.
NEWEST_REVISION = "0018"
# Any number that no other program on the same PostgreSQL uses for an advisory lock.
SENDING_LEAD = 7_411_207
PRIVATE = 0o600  # read and written by one user
# Seconds until PostgreSQL has to be connected, and a connection to be free: a person may wait for /support meanwhile,
# which comes without the database then.
CONNECT_SECONDS, POOL_SECONDS = 3.0, 5.0
BUSY_TIMEOUT = 10_000  # milliseconds that SQLite waits for another process
LOG_TRIES, LOG_TRY_AGAIN = 5, 0.05  # seconds between two tries to cut SQLite's write-ahead log


# A session whose transaction erases sets this in its `info`: nothing of it then stays in SQLite's files.
ERASES = "erases"


def is_away(error: Exception) -> bool:
    """Whether the whole database cannot be used now: away, locked or full. Any other error concerns one row."""
    return isinstance(error, (OSError, OperationalError, InterfaceError, PoolTimeoutError))


class DatabaseError(Exception):
    """The database cannot be used; the text says which one, why, and what to do."""


class Database:
    """One database. Writers wait for each other; with SQLite they wait in this process, first come, first served."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = create_async_engine(
            self.url,
            pool_size=5,
            max_overflow=5,
            pool_timeout=POOL_SECONDS,
            hide_parameters=True,
            connect_args={} if self.is_sqlite else {"timeout": CONNECT_SECONDS},
        )
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _set_up_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        self._reading = async_sessionmaker(self.engine, expire_on_commit=False)
        # A writer takes the lock when it begins: with DEFERRED, a write after a read could fail with SQLITE_BUSY.
        writing_engine = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._writing = async_sessionmaker(writing_engine, expire_on_commit=False)
        # SQLite has one writer. This lock is fair and wakes at once; SQLite itself would sleep and try again.
        self._writer = asyncio.Lock() if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading: what it changes is not saved."""
        async with self._reading() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back on an exception. Make no network calls inside."""
        async with self._writer, self._writing() as session:
            async with session.begin():
                yield session
            effects.note(session.sync_session)
            if self.is_sqlite and session.info.pop(ERASES, False):
                await self._empty_log()

    def insert_new(self, table: type[Base]) -> Insert:
        """Returns INSERT ... ON CONFLICT DO NOTHING: an existing row does not change."""
        if self.is_sqlite:
            return sqlite.insert(table).on_conflict_do_nothing()
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 3 MB that SQLite does not need

        return postgresql.insert(table).on_conflict_do_nothing()

    async def _empty_log(self) -> None:
        """Moves the write-ahead log into the database, where what was deleted is zeros, and cuts it to nothing.

        While somebody reads it cannot be cut: after a few tries it stays until the next time.
        """
        async with self.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None  # noqa: S101 - it has just been opened
            await driver.execute("PRAGMA busy_timeout=0")  # waiting in its thread would keep others from the file
            try:
                is_cut = await _cut_log(driver)
            finally:
                await driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        if not is_cut:
            log.info("the write-ahead log is read just now, and is cut later")

    async def migrate(self) -> None:
        """Run the migrations that are missing. Raises DatabaseError if the database cannot be used."""
        if self.is_sqlite and self.url.database and not Path(self.url.database).parent.is_dir():
            raise DatabaseError(
                f"DATABASE_URL: there is no folder {Path(self.url.database).parent}; make it, or name another place"
            )
        try:
            if self.is_sqlite and self.url.database:
                _make_private(Path(self.url.database))
            if await self.revision() != NEWEST_REVISION:
                from bot.database.migrations.upgrade import upgrade  # noqa: PLC0415 - Alembic takes 0.13 s and 7 MB

                async with self.engine.connect() as connection:
                    await connection.run_sync(upgrade)
                    await connection.commit()
        except (SQLAlchemyError, OSError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise DatabaseError(
                f"DATABASE_URL: {self.url.render_as_string()} cannot be used ({reason}); "
                "check the path or address, and that this program may write there"
            ) from error

    async def revision(self) -> str | None:
        """Returns the number of the last migration that was run; None for an empty database."""
        async with self.engine.connect() as connection:
            return await connection.run_sync(_read_revision)

    async def close(self) -> None:
        """Closes all connections."""
        await self.engine.dispose()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def _make_private(file: Path) -> None:
    """Lets only the user of this process read the database, whatever the umask; its -wal and -shm follow it."""
    file.touch(PRIVATE)
    for made in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", ".lock"))):
        if made.exists() and made.stat().st_mode & 0o077:
            made.chmod(PRIVATE)


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
        file = open(path, "w", encoding="utf-8", opener=_private)  # noqa: SIM115 - held as long as the lead is
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


def _set_up_sqlite(connection: Any, record: object) -> None:  # Any: the driver's own connection
    connection.isolation_level = None  # transactions begin in _begin_sqlite
    try:
        _set_pragmas(connection)
    except Exception:
        connection.close()  # it is not in the pool yet, so nobody else would close it
        raise


def _set_pragmas(connection: Any) -> None:
    cursor = connection.cursor()
    # secure_delete: what is deleted is overwritten with zeros, in pages that stay free as well.
    # WAL: readers do not wait for the writer. NORMAL: whole after a crash of the program; fsync at checkpoints.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def _cut_log(driver: Any) -> bool:  # Any: the driver's own connection
    for _ in range(LOG_TRIES):
        try:
            cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (is_busy, *_) = await cursor.fetchone()
            await cursor.close()
        except sqlite3.Error:  # what was erased is committed all the same
            log.exception("the write-ahead log cannot be cut")
            return False
        if not is_busy:
            return True
        await asyncio.sleep(LOG_TRY_AGAIN)
    return False


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")


def _read_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
