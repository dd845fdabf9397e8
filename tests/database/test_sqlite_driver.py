"""SQLite's driver: one trip to its thread for a statement, and otherwise as it is."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database.engine import Database
from bot.database.sqlite_driver import QuickConnection


@pytest.fixture
async def sqlite(tmp_path: Path) -> Any:  # Any: an iterator
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)"))
    yield database
    await database.close()


@contextmanager
def trips(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[None]]:
    """Yields a list with an entry for each trip to a connection's thread."""
    made: list[None] = []
    go = QuickConnection._execute

    async def count(self: QuickConnection, *args: Any, **named: Any) -> Any:  # Any: as the driver calls it
        made.append(None)
        return await go(self, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(QuickConnection, "_execute", count)
        yield made


async def trips_of(connection: AsyncConnection, statement: str, values: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    await connection.execute(text("SELECT 1"))  # the transaction has begun
    with trips(monkeypatch) as made:
        await connection.execute(text(statement), values)
    return len(made)


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("SELECT * FROM things", None),
        ("INSERT INTO things VALUES (:id, 'one')", {"id": 1}),
        ("INSERT INTO things VALUES (:id, 'many')", [{"id": 1}, {"id": 2}]),
        ("INSERT INTO things VALUES (:id, 'one') RETURNING id", {"id": 1}),
    ],
)
async def test_a_statement_is_one_trip(
    sqlite: Database, statement: str, values: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sqlite.engine.connect() as connection:
        assert await trips_of(connection, statement, values, monkeypatch) == 1


async def test_a_transaction_begins_and_ends_without_trips_of_its_own(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    go = QuickConnection._execute

    async def note(self: QuickConnection, work: Any, *args: Any) -> Any:  # Any: as the driver calls it
        done.append(next((part for part in args if isinstance(part, str)), work.__name__))
        return await go(self, work, *args)

    monkeypatch.setattr(QuickConnection, "_execute", note)
    await sqlite.write_at_once(lambda connection: connection.exec_driver_sql("INSERT INTO things VALUES (1, 'a')"))
    with pytest.raises(ZeroDivisionError):
        await sqlite.write_at_once(lambda connection: connection.exec_driver_sql("DELETE FROM things") and 1 // 0)
    async with sqlite.read() as session:
        assert (await session.execute(text("SELECT name FROM things"))).all() == [("a",)]
    assert done == [
        *("INSERT INTO things VALUES (1, 'a')", "commit"),
        *("DELETE FROM things", "rollback"),
        *("SELECT name FROM things", "rollback"),
    ]


async def test_a_transaction_in_which_nothing_was_run_has_begun_when_it_is_committed(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await session.execute(text("INSERT INTO things VALUES (1, 'a')"))
        other = Database(str(sqlite.url))
        try:
            async with other.engine.connect() as second:
                await second.exec_driver_sql("PRAGMA busy_timeout=0")
            with pytest.raises(OperationalError, match="locked"):
                await other.write_at_once(lambda _: None)
        finally:
            await other.close()


@pytest.mark.parametrize("is_at_commit", [False, True])
async def test_what_is_cancelled_while_the_database_works_is_rolled_back(
    sqlite: Database, is_at_commit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way, go_on = asyncio.Event(), threading.Event()
    loop, go = asyncio.get_running_loop(), QuickConnection._execute

    async def wait(self: QuickConnection, work: Any, *args: Any) -> Any:  # Any: as the driver calls it
        def work_slowly(*given: Any) -> Any:
            loop.call_soon_threadsafe(under_way.set)
            assert go_on.wait(60)
            if is_at_commit:
                raise sqlite3.OperationalError("it could not be committed")
            return work(*given)

        is_slow = is_at_commit == (work.__name__ == "commit")
        return await go(self, work_slowly if is_slow else work, *args)

    async def write() -> None:
        await sqlite.write_at_once(lambda connection: connection.exec_driver_sql("INSERT INTO things VALUES (1, 'a')"))

    with monkeypatch.context() as patch:
        patch.setattr(QuickConnection, "_execute", wait)
        task = asyncio.create_task(write())
        await asyncio.wait_for(under_way.wait(), 60)
        task.cancel()
        loop.call_later(0.01, go_on.set)
        with pytest.raises((asyncio.CancelledError, OperationalError)):
            await task
    await sqlite.write_at_once(lambda connection: connection.exec_driver_sql("INSERT INTO things VALUES (2, 'b')"))
    async with sqlite.read() as session:
        assert (await session.execute(text("SELECT name FROM things"))).all() == [("b",)]


def look(connection: Connection) -> None:
    connection.execute(text("SELECT * FROM things"))


async def test_a_transaction_begins_with_its_first_statement_and_a_look_needs_none(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sqlite.read_at_once(look)  # the connection is open
    made_by: dict[str, int] = {}
    with trips(monkeypatch) as made:
        await sqlite.read_at_once(look)
        made_by["a look"] = len(made)
        await sqlite.write_at_once(lambda _: None)
        made_by["a look, and nothing"] = len(made)
        await sqlite.write_at_once(look)
        made_by["a transaction after that"] = len(made)
    assert made_by == {"a look": 1, "a look, and nothing": 2, "a transaction after that": 4}


async def test_a_writer_has_the_lock_from_its_first_statement_on(sqlite: Database) -> None:
    other = sqlite3.connect(sqlite.url.database or "", timeout=0)
    async with sqlite.write() as session:
        await session.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


async def test_what_failed_in_its_first_statement_leaves_nothing_open(sqlite: Database) -> None:
    for _ in range(3):
        with pytest.raises(OperationalError):
            await sqlite.write_at_once(lambda connection: connection.execute(text("SELECT * FROM nothing")))
    other = sqlite3.connect(sqlite.url.database or "", timeout=0)
    other.execute("BEGIN IMMEDIATE")
    other.close()
    assert await sqlite.write_at_once(lambda connection: connection.scalar(text("SELECT count(*) FROM things"))) == 0


async def test_rows_counts_and_errors_are_as_they_were(sqlite: Database) -> None:
    async with sqlite.engine.begin() as connection:
        many = [{"name": "b"}, {"name": "a"}]
        assert (await connection.execute(text("INSERT INTO things (name) VALUES (:name)"), many)).rowcount == 2
        returned = await connection.execute(text("INSERT INTO things (name) VALUES ('c') RETURNING id, name"))
        assert returned.mappings().one() == {"id": 3, "name": "c"}
        assert (await connection.execute(text("UPDATE things SET name = 'd' WHERE id > 1"))).rowcount == 2
        found = await connection.execute(text("SELECT name FROM things ORDER BY id"))
        assert [row.name for row in found] == ["b", "d", "d"]
        with pytest.raises(OperationalError) as missing:
            await connection.execute(text("SELECT * FROM nothing"))
        with pytest.raises(IntegrityError):
            await connection.execute(text("INSERT INTO things VALUES (1, 'twice')"))
    assert isinstance(missing.value.orig, sqlite3.OperationalError)


async def test_a_connection_that_is_closed_is_given_up(sqlite: Database) -> None:
    async with sqlite.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        await (await connection.get_raw_connection()).driver_connection.close()  # type: ignore[union-attr]  # it is open
        with pytest.raises(OperationalError) as closed:
            await connection.execute(text("SELECT 1"))
    assert closed.value.connection_invalidated
    async with sqlite.engine.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1


async def test_who_comes_next_takes_the_connection_that_was_used_last(sqlite: Database) -> None:
    async def used() -> tuple[object, object]:
        async with sqlite.engine.connect() as first:
            driver = (await first.get_raw_connection()).driver_connection
            async with sqlite.engine.connect() as second:  # given back before the first
                return driver, (await second.get_raw_connection()).driver_connection

    last, other = await asyncio.wait_for(used(), 60)
    assert last is not other
    for _ in range(3):
        async with sqlite.engine.connect() as connection:
            assert (await connection.get_raw_connection()).driver_connection is last
