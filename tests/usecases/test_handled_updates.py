"""Updates that were handled are stored together where they wait for each other."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, event

from bot.database.engine import Database
from bot.usecases import handled_updates
from bot.usecases.handled_updates import HandledUpdates, recent
from tests.scenes import berlin
from tests.wire import until

NOW = berlin(2)
Rows = Sequence[tuple[int, datetime]]


async def test_those_that_wait_for_each_other_are_one_statement(database: Database) -> None:
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    handled = HandledUpdates(database)
    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await asyncio.gather(*(handled.remember(number, NOW) for number in (3, 1, 2, 1)))
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    written = [statement for statement in statements if statement.startswith("INSERT")]
    assert len(written) == 2, "the first, and those that waited for it"
    assert sorted(await recent(database)) == [1, 2, 3]


async def test_what_was_cancelled_leaves_what_waited_for_it_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    class Held:
        """A database whose writer others hold at first."""

        def __init__(self) -> None:
            self.asked = 0
            self.is_free = asyncio.Event()

        def was_asked(self, times: int) -> bool:
            return self.asked == times

        async def write_at_once(self, work: Callable[[None], object]) -> None:
            self.asked += 1
            await self.is_free.wait()
            work(None)

    def store(_connection: None, _database: Held, rows: Rows) -> None:
        stored.append(rows)

    monkeypatch.setattr(handled_updates, "_INSERT", SimpleNamespace(run=store))
    database, stored = Held(), list[Rows]()
    handled = HandledUpdates(database)  # type: ignore[arg-type]  # all that it needs of one
    tasks = [asyncio.create_task(handled.remember(number, NOW)) for number in (1, 2, 3)]
    for asked, task in enumerate(tasks[:2], 1):
        await until(partial(database.was_asked, asked))
        task.cancel()
        await asyncio.wait([task])
    database.is_free.set()
    await tasks[2]
    assert [sorted(number for number, _ in rows) for rows in stored] == [[1, 2, 3]]
