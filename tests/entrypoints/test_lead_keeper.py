"""Who has the lead again keeps its claims, unless another process had it in between."""

import asyncio

import pytest
from sqlalchemy import text

from bot.database.engine import Database
from bot.database.lead import LEASE_SECONDS, Lead
from bot.database.values import MessageState
from bot.entrypoints.lead_keeper import LeadKeeper
from bot.usecases.claims import claim
from tests.databases import copy_template
from tests.scenes import berlin, chats_with_a_message, queued

NOW = berlin(3, "08:30")


async def end_lease(database: Database) -> None:
    """As after so many seconds by the database's clock."""
    async with database.write() as session:
        await session.execute(text("UPDATE leads SET ends_at = clock_timestamp() - interval '1 millisecond'"))


@pytest.mark.parametrize("is_taken_meanwhile", [False, True])
async def test_claims_are_kept_unless_another_process_led(postgres: str, *, is_taken_meanwhile: bool) -> None:
    database, seconds = Database(await copy_template(postgres)), 1_000.0
    try:
        keeper = LeadKeeper(database, Lead(database, seconds=lambda: seconds), lambda: NOW, lambda: None)
        assert await keeper.take()
        await chats_with_a_message(database, 2, NOW)
        assert len(await claim(database, NOW, 2)) == 2
        seconds += LEASE_SECONDS
        assert not keeper.has_it
        await end_lease(database)
        if is_taken_meanwhile:
            assert await Lead(database).take()
            assert not await keeper.take()
            await end_lease(database)
        assert await keeper.take()
        state = MessageState.QUEUED if is_taken_meanwhile else MessageState.SENDING
        assert [row.state for row in await queued(database)] == [state, state]
    finally:
        await database.close()


class SlowLead:
    """A lease that is held; a renewal waits for the database until `answers`."""

    is_leased, term = True, 1

    def __init__(self) -> None:
        self.answers = asyncio.Event()
        self.is_free = True

    async def take(self) -> bool:
        await self.answers.wait()
        return self.is_free

    def is_held(self) -> bool:
        return self.is_free


async def test_who_has_it_has_it_while_it_is_renewed(database: Database) -> None:
    lead = SlowLead()
    # It is asked for no more than this stand-in has.
    keeper = LeadKeeper(database, lead, lambda: NOW, lambda: None)  # type: ignore[arg-type]  # a stand-in, as above
    lead.answers.set()
    assert await keeper.take()
    lead.answers.clear()
    renewing = asyncio.create_task(keeper.take())
    await asyncio.sleep(0)
    assert keeper.has_it
    lead.is_free = False
    assert not keeper.has_it
    lead.answers.set()
    assert not await renewing
