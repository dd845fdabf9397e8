"""Marking what was sent: one statement for many, and what a message that was taken means for its chat."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, event, insert, select, update

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage
from bot.database.values import MessageKind, MessageState
from bot.delivery.outcomes import Outcome, Refused, RetryLater, Sent, Skipped
from bot.usecases.claims import LEASE, Claimed, claim, sweep
from bot.usecases.marks import mark
from tests.scenes import MORNING, berlin, chat_with, queue_all, queued

NOW = berlin(3, "08:30")


async def three_claimed(database: Database) -> list[Claimed]:
    for number in range(3):
        await chat_with(database, MORNING, now=berlin(2), telegram_id=42 + number)
    await queue_all(database, NOW)
    return await claim(database, NOW, 10)


async def test_many_that_were_sent_are_marked_with_one_statement(database: Database) -> None:
    claimed = await three_claimed(database)
    statements: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *run: statements.append(run[2]))
    await mark(database, [(message, Sent()) for message in claimed], NOW)
    assert [statement for statement in statements if not statement.startswith("BEGIN")] == statements[-1:]
    rows = await queued(database)
    assert [(row.state, row.sent_at, row.claimed_until) for row in rows] == [(MessageState.SENT, NOW, None)] * 3


async def test_what_was_taken_ends_what_its_chat_was_told_and_refused(database: Database) -> None:
    claimed = [message._replace(last_notice="welcome", refusals=2) for message in await three_claimed(database)]
    async with database.write() as session:
        await session.execute(update(Chat).values(last_notice="welcome", refusals=2))
    outcomes: list[Outcome] = [Sent(), Sent(), RetryLater(60.0, True, "later")]
    await mark(database, list(zip(claimed, outcomes, strict=True)), NOW)
    async with database.read() as session:
        told = await session.execute(select(Chat.last_notice, Chat.refusals).order_by(Chat.telegram_id))
        assert list(map(tuple, told)) == [(None, 0), (None, 0), ("welcome", 2)]
    assert [row.state for row in await queued(database)] == [MessageState.SENT] * 2 + [MessageState.QUEUED]


@pytest.mark.parametrize("outcome", [RetryLater(1.0, True, "half a \ud83d"), Refused("half a \ud83d")])
async def test_an_outcome_that_cannot_be_stored_stops_no_other(database: Database, outcome: Outcome) -> None:
    first, second, third = await three_claimed(database)
    await mark(database, [(first, outcome), (second, Sent()), (third, Skipped())], NOW)
    assert [row.state for row in await queued(database)] == [
        MessageState.QUEUED,  # tried again, as whatever fails
        MessageState.SENT,
        MessageState.SKIPPED,
    ]


@pytest.mark.parametrize("outcome", [Sent(), Refused("no")])
@pytest.mark.parametrize("claimed_until", [None, NOW + timedelta(minutes=7)])
async def test_a_new_row_with_the_number_of_one_that_was_erased_is_not_marked(
    database: Database, outcome: Outcome, claimed_until: datetime | None
) -> None:
    *_, last = await three_claimed(database)
    state = MessageState.SENDING if claimed_until else MessageState.QUEUED
    row = {
        "id": last.id,
        "chat_id": 1,
        "kind": MessageKind.AFFIRMATION,
        "occurrence_at": NOW,
        "send_after": NOW,
        "send_before": NOW + timedelta(hours=6),
        "state": state,
        "claimed_until": claimed_until,
        "attempts": 1 if claimed_until else 0,
    }
    async with database.write() as session:
        await session.execute(delete(QueuedMessage).where(QueuedMessage.id == last.id))
        await session.execute(insert(QueuedMessage), row)
    await mark(database, [(last, outcome)], NOW)
    assert [row.state for row in await queued(database) if row.id == last.id] == [state]


async def test_what_was_sent_is_marked_though_its_claim_has_ended(database: Database) -> None:
    claimed = await three_claimed(database)
    await sweep(database, NOW + LEASE)
    await mark(database, [(message, Sent()) for message in claimed], NOW)
    assert [row.state for row in await queued(database)] == [MessageState.SENT] * 3
