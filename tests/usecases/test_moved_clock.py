"""A clock that was a year ahead for a moment: what is due comes back with it, and nothing comes twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import MessageState
from bot.usecases.chats import withdraw_queued
from bot.usecases.claims import sweep
from bot.usecases.moved_clock import MovedClock, bring_back
from tests.scenes import MORNING, berlin, chat_with, queue_all, queued

NOW = berlin(3)
YEAR = timedelta(days=365)


async def due(database: Database) -> Sequence[datetime | None]:
    async with database.read() as session:
        return (await session.scalars(select(Reminder.due_at))).all()


async def test_due_times_come_back_with_the_clock(database: Database) -> None:
    for telegram_id in range(1, 21):
        await chat_with(database, MORNING, now=NOW, telegram_id=telegram_id)
    before = await due(database)
    await queue_all(database, NOW + YEAR)
    assert await due(database) != before

    await bring_back(database, NOW + timedelta(seconds=8), YEAR)

    assert await due(database) == before


async def test_what_was_not_moved_stays_as_it_is_and_comes_once(database: Database) -> None:
    await chat_with(database, MORNING, now=NOW)
    await queue_all(database, berlin(4, "08:30"))
    await bring_back(database, berlin(4, "07:30"), timedelta(hours=1))
    await queue_all(database, berlin(4, "08:30"))
    assert len(await queued(database)) == 1


async def test_what_waits_for_a_moment_of_the_wrong_time_does_not(database: Database) -> None:
    await chat_with(database, MORNING, now=NOW)
    await queue_all(database, berlin(4, "08:30"))
    async with database.write() as session:
        await session.execute(update(QueuedMessage).values(send_after=berlin(4) + YEAR))
        await session.execute(update(Chat).values(hushed_until=berlin(4) + 2 * YEAR, last_seen_at=berlin(4) + YEAR))
    await bring_back(database, berlin(4), YEAR - timedelta(hours=1))
    (row,) = await queued(database, MessageState.QUEUED)
    assert row.send_after == berlin(4)
    async with database.read() as session:
        chat = (await session.scalars(select(Chat))).one()
    assert (chat.hushed_until, chat.last_seen_at) == (None, berlin(4))


async def test_what_was_too_late_by_the_wrong_time_only_is_sent(database: Database) -> None:
    await chat_with(database, MORNING, now=NOW)
    await queue_all(database, berlin(4, "08:31"))
    await sweep(database, berlin(4, "08:31") + YEAR)
    assert len(await queued(database, MessageState.SKIPPED)) == 1
    await bring_back(database, berlin(4, "08:32"), YEAR)
    assert len(await queued(database, MessageState.QUEUED)) == 1


async def test_what_is_too_late_by_the_right_time_or_not_wanted_stays_away(database: Database) -> None:
    for telegram_id in (1, 2):
        await chat_with(database, MORNING, now=NOW, telegram_id=telegram_id)
    await queue_all(database, berlin(4, "08:31"))
    async with database.write() as session:
        (row, _) = await session.scalars(select(QueuedMessage))
        await withdraw_queued(session, row.chat_id)
    await sweep(database, berlin(4, "08:31") + YEAR)
    await bring_back(database, berlin(4, "08:32"), YEAR)
    assert len(await queued(database, MessageState.QUEUED)) == 1
    await sweep(database, berlin(4, "23:00"))
    await bring_back(database, berlin(4, "22:30"), timedelta(minutes=30))
    assert await queued(database, MessageState.QUEUED) == []


async def test_a_clock_that_is_put_back_is_noticed_also_after_a_restart(database: Database) -> None:
    await chat_with(database, MORNING, now=NOW)
    before = await due(database)
    watching = MovedClock(database)
    await watching.check(NOW)
    for now in (NOW + YEAR, NOW + 2 * YEAR):
        await watching.check(now)
        await queue_all(database, now)
        assert await due(database) != before
        watching = MovedClock(database)
        await watching.check(NOW)
        assert await due(database) == before


async def test_a_correction_of_a_minute_plans_nothing_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    watching = MovedClock(database)
    await watching.check(NOW)
    monkeypatch.setattr("bot.usecases.moved_clock.bring_back", None)
    await watching.check(NOW - timedelta(minutes=1))


async def test_a_rule_that_cannot_be_read_keeps_no_other_from_coming_back(database: Database) -> None:
    for telegram_id in (1, 2):
        await chat_with(database, MORNING, now=NOW, telegram_id=telegram_id)
    (before, _) = await due(database)
    await queue_all(database, NOW + YEAR)
    async with database.write() as session:
        first = (await session.scalars(select(Reminder.id).order_by(Reminder.id).limit(1))).one()
        await session.execute(update(Reminder).where(Reminder.id == first).values(rule="nothing"))
    await bring_back(database, NOW, YEAR)
    assert before in await due(database)
