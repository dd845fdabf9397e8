"""Marking what was sent: one statement for many, and what a message that was taken means for its chat."""

from sqlalchemy import event, select, update

from bot.database.engine import Database
from bot.database.models import Chat
from bot.database.values import MessageState
from bot.delivery.outcomes import Outcome, RetryLater, Sent
from bot.usecases.claims import Claimed, claim
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
