"""SQLite's driver, with one trip to the connection's thread for each statement. Called by `engine`."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from aiosqlite import Connection, Cursor

ROWS_AT_ONCE = 64  # of a cursor that is iterated; the driver's own default


def connect(file: str, **arguments: Any) -> Connection:  # Any: as SQLAlchemy passes them on to the driver
    """Returns a connection that is opened when it is awaited. For SQLAlchemy's `async_creator_fn`."""
    connection = QuickConnection(partial(sqlite3.connect, file, **arguments), ROWS_AT_ONCE)
    connection._thread.daemon = True  # as SQLAlchemy does it with the driver's own connections
    return connection


class QuickConnection(Connection):
    """Its cursors are quick. A trip to the thread and back takes about as long as SQLite itself for a short statement.

    The driver makes four of them: to open a cursor, execute, fetch and close. A transaction begins in the trip of its
    first statement; without one there is nothing to commit or to roll back.
    """

    _begins_with: str | None = None
    _has_begun = False

    def begin(self, statement: str) -> None:
        """The next statement is the first of a transaction, which this BEGIN begins."""
        self._begins_with = statement

    def take_begin(self) -> str | None:
        """Returns what is to be run ahead of a statement, once."""
        statement, self._begins_with = self._begins_with, None
        self._has_begun = self._has_begun or statement is not None
        return statement

    async def commit(self) -> None:
        """Raises sqlite3.Error; the transaction is open then."""
        if self._has_begun:
            await super().commit()
        self._begins_with, self._has_begun = None, False

    async def rollback(self) -> None:
        """Raises sqlite3.Error."""
        if self._has_begun:
            await super().rollback()
        self._begins_with, self._has_begun = None, False

    def cursor(self) -> "QuickCursor":  # type: ignore[override]  # it needs no waiting for
        """Returns a cursor for one statement."""
        return QuickCursor(self)


class QuickCursor(Cursor):
    """Executes a statement, fetches all rows and closes, at once, as SQLAlchemy does it in turn."""

    def __init__(self, connection: QuickConnection) -> None:
        self._conn: QuickConnection = connection
        self._rows: Sequence[Any] = ()  # Any: what the columns hold

    async def __aenter__(self) -> "QuickCursor":
        """Raises ValueError when the connection is closed: here SQLAlchemy takes it for what it is."""
        self._cursor = self._conn._conn.cursor()
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Cursor:  # Any: the columns' values
        """Executes one statement. Raises sqlite3.Error."""
        begin = self._conn.take_begin()
        self._rows = await self._execute(self._run, begin, sql, parameters or ())  # type: ignore[no-untyped-call]  # the driver's
        return self

    def _run(self, begin: str | None, sql: str, parameters: Any) -> Sequence[Any]:  # Any: the columns' values
        if begin:
            self._cursor.execute(begin)
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall()

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Cursor:  # Any: the columns' values
        """Executes one statement for each of the rows. Raises sqlite3.Error."""
        await self._execute(self._run_many, self._conn.take_begin(), sql, parameters)  # type: ignore[no-untyped-call]  # the driver's
        return self

    def _run_many(self, begin: str | None, sql: str, parameters: Any) -> None:  # Any: as above
        if begin:
            self._cursor.execute(begin)
        self._cursor.executemany(sql, parameters)

    async def fetchall(self) -> Sequence[Any]:  # Any: what the columns hold
        """Returns the rows that are there already."""
        return self._rows

    async def close(self) -> None:
        """There is nothing to close: all is fetched, so SQLite holds nothing for the cursor."""
