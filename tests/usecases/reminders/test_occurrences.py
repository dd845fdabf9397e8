"""Occurrences that a process claims as it queues them: so many as it has room for, where nothing else waits."""

from sqlalchemy import insert, select, update

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage
from bot.database.values import MessageKind, MessageState, OffReason
from bot.usecases.claims import LEASE, claim
from bot.usecases.reminders.due import queue_due
from tests.scenes import MORNING, berlin, chat_with, choose, queued

DUE = berlin(3, "08:30")
QUEUED, SENDING = MessageState.QUEUED, MessageState.SENDING


async def chats(database: Database, count: int) -> None:
    for number in range(count):
        await chat_with(database, MORNING, now=berlin(2), telegram_id=42 + number)


async def states(database: Database) -> list[tuple[MessageState, int]]:
    return [(MessageState(row.state), row.attempts) for row in await queued(database)]


async def test_what_is_claimed_at_once_is_what_a_claim_would_return(database: Database) -> None:
    await chats(database, 3)
    async with database.write() as session:
        await session.execute(
            update(Chat).values(language="es", practice="quiet", is_silent=True, refusals=2, last_notice="welcome")
        )
    batch = await queue_due(database, choose, DUE, room=10)
    assert await states(database) == [(SENDING, 1)] * 3
    async with database.write() as session:
        await session.execute(update(QueuedMessage).values(state=QUEUED, claimed_until=None, attempts=0))
    assert batch.claimed == await claim(database, DUE, 10)
    assert batch.claimed[0].claimed_until == DUE + LEASE


async def test_no_more_are_claimed_than_there_is_room_for(database: Database) -> None:
    await chats(database, 3)
    batch = await queue_due(database, choose, DUE, room=2)
    assert (batch.handled, [message.telegram_id for message in batch.claimed]) == (3, [42, 43])
    assert await states(database) == [(SENDING, 1), (SENDING, 1), (QUEUED, 0)]


async def test_where_another_waits_all_wait_behind_it(database: Database) -> None:
    await chats(database, 2)
    await queue_due(database, choose, DUE)
    await chats_more(database)
    batch = await queue_due(database, choose, DUE, room=10)
    assert (batch.handled, batch.claimed) == (1, [])
    assert await states(database) == [(QUEUED, 0)] * 3


async def chats_more(database: Database) -> None:
    await chat_with(database, MORNING, now=berlin(2), telegram_id=99)


async def test_an_occurrence_that_is_queued_already_is_not_claimed_again(database: Database) -> None:
    await chats(database, 2)
    times = {"occurrence_at": DUE, "send_after": berlin(4), "send_before": berlin(4, "09:00")}  # put off meanwhile
    row = {"chat_id": 1, "reminder_id": 1, "kind": MessageKind.AFFIRMATION, "state": QUEUED, "attempts": 1, **times}
    async with database.write() as session:
        await session.execute(insert(QueuedMessage).values(row))
    batch = await queue_due(database, choose, DUE, room=10)
    assert [message.chat_id for message in batch.claimed] == [2]
    assert await states(database) == [(QUEUED, 1), (SENDING, 1)]


async def test_for_a_chat_that_is_switched_off_nothing_is_claimed(database: Database) -> None:
    await chats(database, 2)
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == 1).values(off_reason=OffReason.BLOCKED))
    batch = await queue_due(database, choose, DUE, room=10)
    assert [message.chat_id for message in batch.claimed] == [2]


async def test_ids_of_rows_that_were_deleted_are_no_trouble(database: Database) -> None:
    await chats(database, 1)
    (first,) = (await queue_due(database, choose, DUE, room=1)).claimed
    (second,) = (await queue_due(database, choose, berlin(4, "08:30"), room=1)).claimed
    async with database.read() as session:
        assert list(await session.scalars(select(QueuedMessage.id).order_by(QueuedMessage.id))) == [first.id, second.id]
