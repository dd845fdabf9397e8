"""What the program knows at its next start: several processes may write it at once."""

import asyncio

from bot.database.engine import Database
from bot.usecases.memories import recall, remember


async def recalled(database: Database, name: str) -> str | None:
    async with database.read() as session:
        return await recall(session, name)


async def remembered(database: Database, name: str, value: str) -> None:
    async with database.write() as session:
        await remember(session, database, name, value)


async def test_a_value_takes_the_place_of_the_one_before(database: Database) -> None:
    assert await recalled(database, "zone data") is None
    for value in ("2025b", "2025c", "2025c"):
        await remembered(database, "zone data", value)
        assert await recalled(database, "zone data") == value
    await remembered(database, "clock", "noon")
    assert await recalled(database, "zone data") == "2025c"


async def test_two_processes_that_write_it_at_once_both_go_on(database: Database) -> None:
    """As three that start at the same moment on one new database: the second one waits, and finds the row there."""
    async with database.write() as session:
        await remember(session, database, "zone data", "2025b")
        other = asyncio.create_task(remembered(database, "zone data", "2025c"))
        await asyncio.sleep(0.1)  # so that it waits for this transaction
        assert not other.done()
    await other
    assert await recalled(database, "zone data") == "2025c"
