"""The figures of the database: what is due, late, set aside, and who rests."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.database.engine import Database
from bot.database.models import Chat, Failure, QueuedMessage, Reminder
from bot.database.values import FailedWork, MessageKind, MessageState, OffReason
from bot.usecases.vitals import read_figures
from tests.scenes import berlin

NOW = berlin(3, "08:30")
A_MINUTE = timedelta(minutes=1)


async def fill(database: Database) -> None:
    """Three chats, of which one was stopped and one is gone; messages, reminders and failures of all kinds."""
    chat = {"seed": 1, "created_at": NOW}
    message = {"kind": MessageKind.AFFIRMATION, "send_before": NOW + A_MINUTE, "occurrence_at": NOW}
    late, soon = NOW - 3 * A_MINUTE, NOW + A_MINUTE
    async with database.write() as session:
        for number, reason in ((1, None), (2, OffReason.STOPPED), (3, OffReason.GONE), (4, OffReason.GONE)):
            await session.execute(insert(Chat), [chat | {"id": number, "telegram_id": number, "off_reason": reason}])
        for place, (number, state, send_after) in enumerate(
            (
                (1, MessageState.QUEUED, NOW),
                (1, MessageState.QUEUED, late),
                (1, MessageState.QUEUED, soon),
                (1, MessageState.SENDING, NOW),
                (1, MessageState.SENT, late),
                (2, MessageState.QUEUED, late - A_MINUTE),
            )
        ):
            row = {"chat_id": number, "state": state, "send_after": send_after, "again_of": place}
            row |= {"claimed_until": soon if state is MessageState.SENDING else None}
            await session.execute(insert(QueuedMessage), [message | row])
        for due_at in (late - A_MINUTE, NOW, soon, None):
            row = {"chat_id": 1, "rule": "x", "due_at": due_at, "created_at": NOW}
            await session.execute(insert(Reminder), [row])
        for work, number, is_set_aside in (("flow", 1, True), ("flow", 2, True), ("circle", 1, False)):
            row = {"work": work, "row_id": number, "error": "x", "tries": 1, "is_set_aside": is_set_aside}
            await session.execute(insert(Failure), [row | {"failed_at": NOW}])


async def test_what_is_due_late_set_aside_and_resting_is_counted(database: Database) -> None:
    await fill(database)
    async with database.read() as session:
        figures = await read_figures(session, NOW)
    assert (figures.due, figures.later, figures.sending, figures.overdue) == (2, 1, 1, 2)
    assert figures.oldest_seconds(NOW) == 240
    assert {work: count for work, count in figures.set_aside.items() if count} == {FailedWork.FLOW: 2}
    assert {reason: count for reason, count in figures.resting.items() if count} == {
        OffReason.STOPPED: 1,
        OffReason.GONE: 2,
    }


async def test_of_an_empty_database_every_kind_is_there_as_nothing(database: Database) -> None:
    async with database.read() as session:
        figures = await read_figures(session, NOW)
    assert (figures.due, figures.oldest_due_at, figures.oldest_seconds(NOW)) == (0, None, 0)
    assert figures.set_aside == dict.fromkeys(FailedWork, 0)
    assert figures.resting == dict.fromkeys(OffReason, 0)
    assert figures.oldest_seconds(NOW) == pytest.approx(0)
