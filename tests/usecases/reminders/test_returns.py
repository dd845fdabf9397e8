"""Pauses that are over: each is told once, outside of quiet hours, and one that fails stops no other."""

import asyncio
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot.database.engine import Database
from bot.database.models import Chat, Failure
from bot.database.values import FailedWork, MessageKind, MessageState
from bot.usecases.failures import MOST_TRIES, TRY_AGAIN
from bot.usecases.reminders import returns
from bot.usecases.reminders.edit import GRACE
from bot.usecases.reminders.returns import queue_returns
from tests.scenes import berlin, chat_with, queued

NOW = berlin(4)


async def paused(database: Database, until: datetime, telegram_id: int = 42, **columns: object) -> int:
    number = await chat_with(database, now=berlin(2), telegram_id=telegram_id)
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == number).values(paused_until=until, **columns))
    return number


async def chat_of(database: Database, number: int) -> Chat:
    async with database.read() as session:
        return await session.get_one(Chat, number)


async def test_a_pause_that_is_over_is_told_once(database: Database) -> None:
    number = await paused(database, NOW)
    later = await paused(database, NOW + timedelta(seconds=1), 43)
    assert [await queue_returns(database, NOW), await queue_returns(database, NOW)] == [1, 0]
    (message,) = await queued(database)
    assert (message.chat_id, message.kind, message.state) == (number, MessageKind.BACK, MessageState.QUEUED)
    assert (message.occurrence_at, message.send_after, message.send_before) == (NOW, NOW, NOW + GRACE)
    chat = await chat_of(database, number)
    assert (chat.paused_until, chat.caught_up_at) == (None, NOW)
    assert (await chat_of(database, later)).paused_until == NOW + timedelta(seconds=1)


async def test_a_pause_that_is_set_in_the_moment_in_which_another_ends_is_the_one_that_counts(
    database: Database,
) -> None:
    number, until = await paused(database, NOW), NOW + timedelta(days=7)
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == number).values(paused_until=until))
        ending = asyncio.create_task(queue_returns(database, NOW))
        await asyncio.wait([ending], timeout=0.2)  # SQLite lets it wait until this is committed
    assert await ending == 0
    assert (await chat_of(database, number)).paused_until == until


async def test_it_is_not_told_in_quiet_hours(database: Database) -> None:
    ended, now = berlin(4, "01:00"), berlin(4, "02:00")
    await paused(database, ended)
    await paused(database, ended, 43, zone=None)
    await queue_returns(database, now)
    by_the_clock, without_a_zone = await queued(database)
    assert (by_the_clock.occurrence_at, by_the_clock.send_after) == (ended, berlin(4, "07:00"))
    assert by_the_clock.send_before == berlin(4, "07:00") + GRACE
    assert without_a_zone.send_after == now  # nobody knows when it is night there


async def test_it_is_told_in_the_morning_of_its_own_zone(database: Database) -> None:
    await paused(database, berlin(4, "06:00"), zone="Asia/Tokyo", quiet_start=time(12), quiet_end=time(18))
    await queue_returns(database, berlin(4, "06:00"))  # 14:00 there
    (message,) = await queued(database)
    assert message.send_after == berlin(4, "10:00")


async def test_the_longest_over_come_first_and_not_all_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returns, "DUE_AT_ONCE", 2)
    numbers = [await paused(database, NOW - timedelta(minutes=minutes), 40 + minutes) for minutes in (1, 3, 2)]
    assert await queue_returns(database, NOW) == 2
    assert {row.chat_id for row in await queued(database)} == {numbers[1], numbers[2]}
    assert await queue_returns(database, NOW) == 1


async def test_one_that_fails_is_tried_again_and_set_aside_without_a_word(database: Database) -> None:
    broken = await paused(database, NOW, zone="Atlantis/Capital")
    well = await paused(database, NOW, 43)
    now = NOW
    for tries in range(1, MOST_TRIES + 1):
        assert await queue_returns(database, now) == (2 if tries == 1 else 1)
        async with database.read() as session:
            (failure,) = (await session.scalars(select(Failure))).all()
        assert (failure.work, failure.row_id, failure.tries) == (FailedWork.RETURN, broken, tries)
        assert failure.failed_at == now
        is_last = tries == MOST_TRIES
        assert (await chat_of(database, broken)).paused_until == (None if is_last else now + TRY_AGAIN)
        now += TRY_AGAIN
    assert failure.error == "ZoneInfoNotFoundError"
    assert await queue_returns(database, now) == 0
    assert [row.chat_id for row in await queued(database)] == [well]
    assert (await chat_of(database, well)).paused_until is None


async def test_a_database_that_is_away_is_nobodys_failure(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def be_away(*args: object, **kwargs: object) -> datetime:
        raise OperationalError("select", {}, Exception("gone"))

    number = await paused(database, NOW)
    monkeypatch.setattr(returns, "out_of_quiet_hours", be_away)
    with pytest.raises(OperationalError):
        await queue_returns(database, NOW)
    async with database.read() as session:
        assert (await session.scalars(select(Failure))).all() == []
    assert (await chat_of(database, number)).paused_until == NOW
