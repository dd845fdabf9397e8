"""SQLite's driver, with one trip to the connection's thread for each statement. Called by `engine`."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
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

    The driver makes four of them: to open a cursor, execute, fetch and close. Nor has a transaction trips of its own to
    begin, which it does with its first statement, or else its commit, nor to be rolled back where none is open.
    """

    _begin = ""  # the statement that begins a transaction, and has not been run yet
    _is_open = False  # a transaction

    def begin(self, sql: str) -> None:
        """Begins a transaction with whatever is run next: what keeps it from beginning is raised there."""
        self._begin = sql

    async def commit(self) -> None:
        """Commits. Raises sqlite3.Error; the transaction is open then."""
        await super().commit()
        self._is_open = False

    async def rollback(self) -> None:
        """Rolls back, if there is anything: SQLAlchemy asks for it whenever a connection is given back."""
        self._begin = ""
        if self._is_open:
            await super().rollback()
            self._is_open = False

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # Any: as the driver has it
        if self._begin:
            fn, self._begin, self._is_open = partial(self._begin_with, self._begin, fn), "", True
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # the driver's

    def _begin_with(self, begin: str, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # Any: the same
        self._conn.execute(begin)
        return work(*args, **kwargs)

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
        self._rows = await self._execute(self._run, sql, parameters or ())  # type: ignore[no-untyped-call]  # the driver's
        return self

    def _run(self, sql: str, parameters: Any) -> Sequence[Any]:  # Any: the columns' values
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall()

    async def fetchall(self) -> Sequence[Any]:  # Any: what the columns hold
        """Returns the rows that are there already."""
        return self._rows

    async def close(self) -> None:
        """There is nothing to close: all is fetched, so SQLite holds nothing for the cursor."""
