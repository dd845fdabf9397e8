"""Statements of the hot loop: they write and read the same as SQLAlchemy's own, in a few statements."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, bindparam, event, insert, select, update

from bot.database import prepared
from bot.database.engine import Database
from bot.database.models import Chat, Failure, Memory
from bot.database.prepared import ROWS_AT_ONCE, ManyRows, Prepared, compile_all, inserting, next_ids, one_of, updating

BERLIN = timezone(timedelta(hours=1))
AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
ADDING = inserting(Memory.name, Memory.value)
FAILING = inserting(Failure.failed_at, Failure.is_set_aside, Failure.row_id, Failure.error, Failure.work, Failure.tries)
FAILING_AGAIN = updating(Failure.row_id, Failure.error, Failure.is_set_aside)
CHANGING = updating(Chat.id, Chat.is_silent, Chat.paused_until)
READING = Prepared(
    lambda _: (
        select(Chat.id, Chat.is_silent, Chat.paused_until)
        .where(Chat.seed > bindparam("_seed"), Chat.created_at <= bindparam("_at"))
        .order_by(Chat.id)
        .limit(3)
    )
)
SILENCING = Prepared(lambda database: update(Chat).where(one_of(database, Chat.id, "_ids")).values(is_silent=True))

T = TypeVar("T")
Rows = list[tuple[Any, ...]]  # Any: the columns' own types


@pytest.fixture
async def four(database: Database) -> Database:
    chats = [{"id": n, "telegram_id": n, "seed": n, "created_at": AT, "is_silent": n == 4} for n in range(1, 5)]
    async with database.write() as session:
        await session.execute(insert(Chat), chats)
    return database


async def run(database: Database, work: Callable[[Connection], T]) -> T:
    async with database.engine.begin() as connection:
        return await connection.run_sync(work)


async def read(database: Database, *, seed: int = 0, at: datetime = AT) -> Rows:
    return await run(database, lambda connection: READING.rows(connection, database, _seed=seed, _at=at))


async def test_rows_are_read_as_what_they_are(four: Database) -> None:
    assert await read(four, seed=2, at=AT.astimezone(BERLIN)) == [(3, False, None), (4, True, None)]
    assert await read(four, at=AT - timedelta(seconds=1)) == []


async def test_each_row_is_updated_with_its_own_values(four: Database) -> None:
    changes = [(1, True, AT.astimezone(BERLIN)), (2, False, None), (99, True, None)]
    assert await run(four, lambda connection: CHANGING.run(connection, four, changes)) == 2
    assert await read(four) == [(1, True, AT), (2, False, None), (3, False, None)]
    assert (await read(four))[0][2].tzinfo is UTC


@pytest.mark.parametrize("count", [1, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, 2 * ROWS_AT_ONCE + 3])
async def test_of_many_rows_each_is_inserted_and_updated_with_its_own_values(database: Database, count: int) -> None:
    rows = [(AT + timedelta(days=number), number % 2 == 0, number, "new", "flow", 1) for number in range(count)]
    changes = [(number, f"{number} again", number % 3 == 0) for number in (*range(count), count + 1)]
    assert await run(database, lambda connection: FAILING.run(connection, database, rows[1:])) == count - 1
    assert await run(database, lambda connection: FAILING.run(connection, database, rows)) == 1
    assert await run(database, lambda connection: FAILING_AGAIN.run(connection, database, changes)) == count
    async with database.read() as session:
        columns = Failure.failed_at, Failure.is_set_aside, Failure.row_id, Failure.error, Failure.work, Failure.tries
        written = (await session.execute(select(*columns).order_by(Failure.row_id))).all()
    assert list(map(tuple, written)) == [
        (at, number % 3 == 0, number, f"{number} again", "flow", 1) for at, _, number, *_ in rows
    ]


async def test_what_is_there_already_is_not_inserted_and_not_counted(database: Database) -> None:
    rows = [(f"memory {number}", str(number)) for number in range(3)]
    for count, inserted in ((0, 0), (2, 2), (3, 1), (3, 0)):
        assert await run(database, partial(ADDING.run, database=database, rows=rows[:count])) == inserted
    async with database.read() as session:
        memories = await session.execute(select(Memory.name, Memory.value).where(Memory.name.startswith("memory ")))
        assert sorted(map(tuple, memories)) == rows


async def test_postgresql_is_told_once_of_all_rows(database: Database) -> None:
    is_for_each: list[bool] = []

    def note(*statement: Any) -> None:  # Any: as SQLAlchemy calls it
        if "INSERT" in statement[2]:
            is_for_each.append(statement[-1])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await run(database, lambda connection: ADDING.run(connection, database, [(str(n), "") for n in range(200)]))
    assert is_for_each == [database.is_sqlite]


@pytest.mark.parametrize("ids", [[], [1], [3, 2, 1, 99]])
async def test_a_list_is_one_value_of_any_length(four: Database, ids: list[int]) -> None:
    await run(four, lambda connection: SILENCING.run(connection, four, _ids=ids))
    assert await read(four) == [(number, number in ids, None) for number in (1, 2, 3)]


async def test_ids_that_no_row_has(database: Database) -> None:
    async with database.write() as session:
        used = set(await session.scalars(select(Chat.id)))
    ids = await run(database, lambda connection: next_ids(connection, database, Chat, 3))
    assert len({*ids} - used) == 3


async def test_what_is_written_at_once_is_written_wholly_or_not_at_all(database: Database) -> None:
    def fail(connection: Connection) -> None:
        ADDING.run(connection, database, [("a", "1")])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write_at_once(fail)
    await database.write_at_once(lambda connection: ADDING.run(connection, database, [("b", "2")]))
    async with database.read() as session:
        assert {*await session.scalars(select(Memory.name).where(Memory.name.in_(["a", "b"])))} == {"b"}


async def test_what_was_compiled_ahead_is_not_compiled_for_its_first_rows(
    four: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_all(four)
    monkeypatch.delattr(prepared, "_compile")
    monkeypatch.delattr(ManyRows, "_compile")
    reading = partial(READING.rows, database=four, _seed=0, _at=AT)
    assert [row[0] for row in await run(four, reading)] == [1, 2, 3]
    rows = [(str(number), "") for number in range(ROWS_AT_ONCE + 1)]
    assert await run(four, partial(ADDING.run, database=four, rows=rows)) == len(rows)
