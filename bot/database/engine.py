"""The engine for SQLite or PostgreSQL: sessions to read and to write, migrations, and who may send."""

import asyncio
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, ExceptionContext, Insert, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.util import greenlet_spawn

from bot.database import effects, sqlite_driver
from bot.database.addresses import read_address, read_schema, without_schema
from bot.database.columns import Base
from bot.database.connections import (
    begin_sqlite,
    cut_log,
    give_up_read_only,
    set_up_postgres,
    set_up_sqlite,
    set_up_transaction,
    use_schema,
)
from bot.database.new_tables import WRITE_NOTHING, make_tables, read_revision
from bot.database.pooler import CURE, loses_statements
from bot.database.private_files import make_private, opener
from bot.database.troubles import REFUSED, TRY_AGAIN, explain, is_damaged

log = logging.getLogger(__name__)

# The short name for SQLAlchemy's session.
Session = AsyncSession

# Raised when the database cannot be used: SQLAlchemy's errors, and the drivers' own when there is no connection.
DATABASE_ERRORS = (SQLAlchemyError, OSError)

# The newest migration; a test compares it with bot/database/migrations/versions.
NEWEST_REVISION = "0025"
REVISION = re.compile(r"\d{4}")  # what ours look like
MOST_CONNECTIONS = 10  # opened when they are needed, and kept: PostgreSQL starts a process for each
POOL_SECONDS = 5.0  # until a connection has to be free: /support comes without the database then
MIGRATING = 7_230_419  # the number of a lock of PostgreSQL's, ours alone

Found = TypeVar("Found")

# A session whose transaction erases sets this in its `info`: nothing of it then stays in SQLite's files.
ERASES = "erases"


def is_newer(revision: str | None) -> bool:
    """Whether a newer version of this program has written the database."""
    return revision is not None and REVISION.fullmatch(revision) is not None and revision > NEWEST_REVISION


class DatabaseError(Exception):
    """The database cannot be used; the text says which one, why, and what to do. `code` is the exit code."""

    def __init__(self, text: str, *, code: int = TRY_AGAIN) -> None:
        super().__init__(text)
        self.code = code


class Database:
    """One database. Writers wait for each other; with SQLite they wait in this process, first come, first served.

    On PostgreSQL `?schema=` in the address names the schema of its tables. Databases in several schemas of one server
    can share its `connections`: those of another Database, which is closed last.
    """

    def __init__(self, url: str, *, connections: "Database | None" = None, most: int = MOST_CONNECTIONS) -> None:
        self.url, arguments = read_address(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.schema = read_schema(url)
        self.address = url
        self._closes = connections is None
        self.engine: AsyncEngine = connections.engine if connections else self._connect(arguments, most)
        if self.schema:
            self.engine = self.engine.execution_options()  # the same connections, with events of its own
            event.listen(self.engine.sync_engine, "begin", partial(use_schema, self.schema))
        self._tells_damage = False  # not before it is open: what hinders that is an error of its own
        self._reading = async_sessionmaker(self.engine, expire_on_commit=False)
        # For statements that are alone in their transaction: with none around them nothing has to begin and end it.
        alone = {"sqlite_begin": None} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        # What is set for a schema holds for a transaction.
        self.alone = self.engine if self.schema else self.engine.execution_options(**alone)
        # A writer takes the lock when it begins: with DEFERRED, a write after a read could fail with SQLITE_BUSY.
        self._writing_engine = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._writing = async_sessionmaker(self._writing_engine, expire_on_commit=False)
        # SQLite has one writer. This lock is fair and wakes at once; SQLite itself would sleep and try again.
        self._writer = asyncio.Lock() if self.is_sqlite else nullcontext()

    def whole(self) -> "Database":
        """Returns the database that the schema is in, where several bots hold the sending lead. To be closed."""
        return Database(without_schema(self.address))

    def _connect(self, arguments: dict[str, object], most: int) -> AsyncEngine:
        if self.is_sqlite:
            arguments = {**arguments, "async_creator_fn": sqlite_driver.connect}
        engine = create_async_engine(
            self.url,
            pool_size=most,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            pool_use_lifo=self.is_sqlite,  # what SQLite keeps of the file holds while no other connection writes
            hide_parameters=True,
            connect_args=arguments,
        )
        if self.is_sqlite:
            event.listen(engine.sync_engine, "connect", set_up_sqlite)
            event.listen(engine.sync_engine, "begin", begin_sqlite)
            event.listen(engine.sync_engine, "handle_error", give_up_read_only)
            event.listen(engine.sync_engine, "handle_error", self._tell_damage)
        elif self.url.query.get("prepared_statement_cache_size") == "0":  # for a pool by the transaction (`pooler`)
            event.listen(engine.sync_engine, "begin", set_up_transaction)
        else:
            event.listen(engine.sync_engine, "connect", set_up_postgres)
        return engine

    def _tell_damage(self, context: ExceptionContext) -> None:
        """Says once that the file is damaged. The bot goes on: the support card comes without the database."""
        error = context.original_exception
        if self._tells_damage and isinstance(error, sqlite3.Error) and is_damaged(error):
            self._tells_damage = False
            log.error("%s, when the bot is stopped", explain(self.url, error)[0])

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
                await effects.hold_turn(session)
            effects.note(session.sync_session)
            if self.is_sqlite and session.info.pop(ERASES, False):
                await self._empty_log()

    async def read_at_once(self, work: Callable[[Connection], Found]) -> Found:
        """Returns what `work` reads by one `prepared` statement, at a quarter of what `read` costs.

        Without a session, in one greenlet, and without a transaction, if it can be: one statement sees one state.
        """

        def run() -> Found:
            with self.alone.sync_engine.connect() as connection:
                return work(connection)

        return await greenlet_spawn(run)

    async def write_at_once(self, work: Callable[[Connection], Found]) -> Found:
        """Runs `work` in one transaction, as `write`, at half the cost. Returns what it returns.

        For statements that are `prepared`.
        """

        def run() -> Found:
            with self._writing_engine.sync_engine.begin() as connection:
                effects.begin_at_once(connection)
                found = work(connection)
                has_written = effects.hold_turn_at_once(connection)
            if has_written:
                effects.note_write()
            return found

        async with self._writer:
            return await greenlet_spawn(run)

    @asynccontextmanager
    async def without_writers(self) -> AsyncIterator[None]:
        """Nobody in this process writes to a SQLite database meanwhile."""
        async with self._writer:
            yield

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
        try:
            async with self._driver() as driver:
                is_cut = await cut_log(driver)
        except (*DATABASE_ERRORS, sqlite3.Error):  # what was erased is committed, and the caller is not to fail
            log.exception("the write-ahead log cannot be cut")
            return
        if not is_cut:
            log.info("the write-ahead log is read just now, and is cut later")

    @asynccontextmanager
    async def _driver(self) -> AsyncIterator[Any]:  # Any: as the driver types it
        async with self.engine.connect() as connection:
            yield (await connection.get_raw_connection()).driver_connection

    async def checkpoint(self) -> None:
        """Moves what stands in SQLite's write-ahead log into the file, as far as nobody reads it. Waits for nobody."""
        if not self.is_sqlite:
            return
        async with self._driver() as driver:
            await (await driver.execute("PRAGMA wal_checkpoint(PASSIVE)")).close()

    async def migrate(self) -> None:
        """Makes the tables, or runs the migrations that are missing. Raises DatabaseError if it cannot be used."""
        async with self._explained():
            if self.is_sqlite and self.url.database:
                _make_private(Path(self.url.database))
            revision = await self.revision()
            if revision != NEWEST_REVISION:
                self._refuse_newer(revision)
                await self._bring_up_to_date()
            if not self.is_sqlite:
                await self._refuse_pooler()
            async with self.write() as session:  # so that what cannot be written is told at once
                await session.execute(WRITE_NOTHING)
            self._tells_damage = True

    def _refuse_newer(self, revision: str | None) -> None:
        if is_newer(revision):
            raise DatabaseError(
                f"DATABASE_URL: {self.url.render_as_string()} was written by a newer version of this bot (revision "
                f"{revision}, known here: {NEWEST_REVISION}); install that version, or bring back an older copy",
                code=REFUSED,
            )

    async def _bring_up_to_date(self) -> None:
        """All in one transaction. Of several processes that start at once one does it; the others wait, and find it."""
        async with self._writer, self._writing_engine.begin() as connection:
            if not self.is_sqlite:  # a migration may compute for longer
                await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATING})"))
            if self.schema:
                await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {self.schema}"))
            revision = await connection.run_sync(read_revision)
            self._refuse_newer(revision)
            if revision is None:
                await connection.run_sync(make_tables, NEWEST_REVISION)
            elif revision != NEWEST_REVISION:
                from bot.database.migrations.upgrade import upgrade  # noqa: PLC0415 - Alembic and its migrations take 12 MB

                await connection.run_sync(upgrade)

    async def _refuse_pooler(self) -> None:
        if await loses_statements(self.engine):
            raise DatabaseError(f"DATABASE_URL: {self.url.render_as_string()} cannot be used; {CURE}", code=REFUSED)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """At the newest revision, and closed at the end. For commands: whatever is wrong is a DatabaseError."""
        try:
            await self.migrate()
            async with self._explained():
                yield
        finally:
            await self.close()

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        try:
            yield
        except DATABASE_ERRORS as error:
            text, code = explain(self.url, error)
            raise DatabaseError(text, code=code) from error

    async def revision(self) -> str | None:
        """Returns the number of the last migration that was run; None for an empty database."""
        async with self.engine.connect() as connection:
            return await connection.run_sync(read_revision)

    async def close(self) -> None:
        """Closes all connections, unless they are another's."""
        if self._closes:
            await self.engine.dispose()


def _make_private(file: Path) -> None:
    """Lets only the user of this process read the database, whatever the umask; its -wal and -shm follow it."""
    if not file.parent.is_dir():
        text = f"DATABASE_URL: there is no folder {file.parent}; make it, or name another place"
        raise DatabaseError(text, code=REFUSED)
    open(file, "ab", opener=opener).close()
    for end in ("", "-wal", "-shm", ".lock"):
        make_private(file.with_name(file.name + end))
