"""What an update writes at once, past a session: it is noted, and only written in the turn of the update's chat."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import bindparam, func, select, update

from bot.database.effects import EFFECTS, Effects, TurnLostError
from bot.database.engine import Database
from bot.database.models import ChatTurnRow, Memory
from bot.database.prepared import Prepared, inserting
from tests.databases import copy_template
from tests.scenes import berlin

ADDING = inserting(Memory.name, Memory.value)
CHANGING = Prepared(lambda _: update(Memory).where(Memory.name == bindparam("_name")).values(value="new"))
COUNTING = Prepared(lambda _: select(func.count()).select_from(Memory).where(Memory.name == "mine"))
TURN = (7, "me")
NOW = berlin(2)


async def add(database: Database) -> None:
    await database.write_at_once(lambda connection: ADDING.run(connection, database, [("mine", "old")]))


async def count(database: Database) -> int:
    ((number,),) = await database.write_at_once(lambda connection: COUNTING.rows(connection, database))
    return int(number)


async def test_what_wrote_is_told_from_what_only_looked(database: Database) -> None:
    effects = Effects()
    EFFECTS.set(effects)
    await count(database)
    looked = effects.is_any
    await database.write_at_once(lambda connection: CHANGING.run(connection, database, _name="mine"))
    assert (looked, effects.is_any) == (False, True)
    EFFECTS.set(later := Effects())
    await count(database)  # over the same connection
    assert not later.is_any


@pytest.fixture
async def shared(postgres: str) -> AsyncIterator[Database]:
    """Chats have turns only where several processes share a database."""
    database = Database(await copy_template(postgres))
    yield database
    await database.close()


async def test_nothing_is_written_in_a_turn_that_was_lost(shared: Database) -> None:
    EFFECTS.set(Effects(TURN))
    with pytest.raises(TurnLostError):
        await add(shared)
    assert await count(shared) == 0


async def test_it_is_written_in_its_turn(shared: Database) -> None:
    async with shared.write() as session:
        session.add(ChatTurnRow(key=TURN[0], holder=TURN[1], ends_at=NOW))
    EFFECTS.set(Effects(TURN))
    await add(shared)
    assert await count(shared) == 1
