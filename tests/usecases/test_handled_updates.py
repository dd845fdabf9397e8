"""Updates that were handled are stored together where they wait for each other."""

import asyncio

from sqlalchemy import Connection, event

from bot.database.engine import Database
from bot.usecases.handled_updates import HandledUpdates, recent
from tests.scenes import berlin

NOW = berlin(2)


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
