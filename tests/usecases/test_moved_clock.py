"""A clock that was a year ahead for a moment: what is due comes back with it, and nothing comes twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import MessageState
from bot.domain.steady_clock import STEADY_SECONDS, SteadyClock
from bot.usecases.chats import withdraw_queued
from bot.usecases.claims import sweep
from bot.usecases.moved_clock import MovedClock, bring_back
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from tests.scenes import MORNING, berlin, chat_with, queue_all, queued, subscribe

NOW = berlin(3)
YEAR = timedelta(days=365)


async def due(database: Database) -> Sequence[datetime | None]:
    async with database.read() as session:
        return (await session.scalars(select(Reminder.due_at))).all()


def standing() -> SteadyClock:
    return SteadyClock(lambda: NOW, lambda: 0.0)


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


@pytest.mark.parametrize("back_at", [berlin(4, "08:32"), berlin(3, "08:32")])
async def test_what_was_too_late_by_the_wrong_time_only_is_sent(database: Database, back_at: datetime) -> None:
    await chat_with(database, MORNING, now=NOW)
    await queue_all(database, berlin(4, "08:31"))
    await sweep(database, berlin(4, "08:31") + YEAR)
    assert len(await queued(database, MessageState.SKIPPED)) == 1
    await bring_back(database, back_at, YEAR)
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
    watching = MovedClock(database, standing())
    await watching.check(NOW)
    for now in (NOW + YEAR, NOW + 2 * YEAR):
        await watching.check(now)
        await queue_all(database, now)
        assert await due(database) != before
        watching = MovedClock(database, standing())
        await watching.check(NOW)
        assert await due(database) == before


async def test_a_correction_of_a_minute_plans_nothing_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    watching = MovedClock(database, standing())
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


async def test_what_says_what_was_sent_outlives_a_clock_that_leaps_by_a_year(
    app: App, ana: Person, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(ana)
    for _ in range(3):
        clock.move(timedelta(days=1))
        await app.scheduler.catch_up()
    heard, rows = len(ana.hears()), len(await queued(app.database, MessageState.SENT))
    assert rows == 3
    stands = app.scheduler._steady_clock._seconds()
    monkeypatch.setattr(app.scheduler._steady_clock, "_seconds", lambda: stands)
    for leap in (YEAR, -YEAR):
        clock.move(leap)
        await app.scheduler.catch_up()
        assert len(await queued(app.database)) == rows
    assert len(ana.hears()) == heard, "nothing is sent by it, nor anybody asked whether it should go on"


async def test_a_start_soon_after_a_sure_time_is_sure_and_one_after_a_year_is_not(database: Database) -> None:
    clock = MovableClock(NOW, real=lambda: NOW)

    def passed() -> float:
        return (clock() - NOW).total_seconds()

    async def started() -> tuple[MovedClock, SteadyClock]:
        steady = SteadyClock(clock, passed)
        await (moved := MovedClock(database, steady)).check(clock())
        return moved, steady

    first, steady = await started()
    assert not steady.is_sure()
    clock.move(timedelta(seconds=STEADY_SECONDS))
    await first.check(clock())
    for later, is_sure in ((timedelta(hours=9), True), (YEAR, False), (-YEAR, True)):
        clock.move(later)
        _, steady = await started()
        assert steady.is_sure() is is_sure
