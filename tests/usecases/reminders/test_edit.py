"""Reminders of one chat: written, changed, paused and removed, each with its next due time, and no other chat's."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, Reminder
from bot.database.values import OffReason
from bot.domain.schedule import Daily, QuietHours, Spread, next_due, read_rule
from bot.usecases.reminders.edit import (
    MOST_REMINDERS,
    TooManyError,
    add_reminder,
    change_rule,
    find_reminder,
    list_reminders,
    quiet_hours,
    remove_all,
    remove_reminder,
    reschedule,
    set_paused,
)
from tests.scenes import MORNING, berlin, chat_with

NOW = berlin(2)
NOON = Daily(at=time(12))
TOMORROW_MORNING = berlin(3, "08:30")


@pytest.fixture
async def ours(database: Database) -> int:
    """A chat with two reminders, and another chat with one."""
    number = await chat_with(database, MORNING, NOON, now=NOW)
    await chat_with(database, MORNING, now=NOW, telegram_id=43)
    return number


async def first_of(session: AsyncSession, chat: Chat) -> Reminder:
    return (await list_reminders(session, chat))[0]


async def test_a_chat_sees_its_own_reminders_in_their_order(database: Database, ours: int) -> None:
    async with database.read() as session:
        chat, other = await session.get_one(Chat, ours), await session.get_one(Chat, ours + 1)
        reminders = await list_reminders(session, chat)
        assert [read_rule(reminder.rule) for reminder in reminders] == [MORNING, NOON]
        assert [reminder.id for reminder in reminders] == sorted(reminder.id for reminder in reminders)
        (foreign,) = await list_reminders(session, other)
        assert await find_reminder(session, chat, reminders[1].id) is reminders[1]
        assert await find_reminder(session, chat, foreign.id) is None
        assert await find_reminder(session, chat, 99) is None


async def test_a_new_reminder_has_its_due_time_and_its_birthday(database: Database, ours: int) -> None:
    async with database.write() as session:
        chat = await session.get_one(Chat, ours)
        reminder = await add_reminder(session, chat, Daily(at=time(9)), NOW)
        assert (reminder.chat_id, reminder.is_paused, reminder.created_at) == (ours, False, NOW)
        assert (read_rule(reminder.rule), reminder.due_at) == (Daily(at=time(9)), berlin(3, "09:00"))


async def test_the_same_rule_twice_is_one_reminder_while_it_runs(database: Database, ours: int) -> None:
    async with database.write() as session:
        chat = await session.get_one(Chat, ours)
        first = await first_of(session, chat)
        assert (await add_reminder(session, chat, MORNING, NOW)).id == first.id
        set_paused(first, chat, NOW, is_paused=True)
        again = await add_reminder(session, chat, MORNING, NOW)
        assert again.id != first.id
        assert len(await list_reminders(session, chat)) == 3


async def test_a_chat_has_room_for_ten_however_many_others_have(database: Database, ours: int) -> None:
    async with database.write() as session:
        chat, other = await session.get_one(Chat, ours), await session.get_one(Chat, ours + 1)
        for minute in range(MOST_REMINDERS - 2):
            await add_reminder(session, chat, Daily(at=time(15, minute)), NOW)
        with pytest.raises(TooManyError):
            await add_reminder(session, chat, Daily(at=time(16)), NOW)
        await add_reminder(session, chat, MORNING, NOW)  # it is there already
        await add_reminder(session, other, NOON, NOW)
        assert len(await list_reminders(session, chat)) == MOST_REMINDERS


async def test_another_rule_makes_a_paused_reminder_run_again(database: Database, ours: int) -> None:
    async with database.write() as session:
        chat = await session.get_one(Chat, ours)
        reminder = await first_of(session, chat)
        set_paused(reminder, chat, NOW, is_paused=True)
        assert (reminder.is_paused, reminder.due_at) == (True, None)
        change_rule(reminder, chat, Daily(at=time(18)), NOW)
        assert (read_rule(reminder.rule), reminder.is_paused) == (Daily(at=time(18)), False)
        assert reminder.due_at == berlin(2, "18:00")
        set_paused(reminder, chat, NOW, is_paused=True)
        set_paused(reminder, chat, NOW, is_paused=False)
        assert (reminder.is_paused, reminder.due_at) == (False, berlin(2, "18:00"))


async def test_only_ones_own_are_removed_and_once(database: Database, ours: int) -> None:
    async with database.write() as session:
        chat, other = await session.get_one(Chat, ours), await session.get_one(Chat, ours + 1)
        number = (await first_of(session, chat)).id
        assert await remove_reminder(session, other, number) is False
        assert await remove_reminder(session, chat, number) is True
        assert await remove_reminder(session, chat, number) is False
        assert len(await list_reminders(session, chat)) == 1
        await remove_all(session, chat)
        assert await list_reminders(session, chat) == []
        assert len(await list_reminders(session, other)) == 1


async def test_when_the_chat_changes_all_its_due_times_change_and_no_other_ones(database: Database, ours: int) -> None:
    async with database.write() as session:
        chat = await session.get_one(Chat, ours)
        chat.zone = "America/New_York"
        await reschedule(session, chat, NOW)
    async with database.read() as session:
        rows = (await session.execute(select(Reminder.chat_id, Reminder.due_at).order_by(Reminder.id))).all()
    assert [tuple(row) for row in rows] == [
        (ours, berlin(2, "14:30")),
        (ours, berlin(2, "18:00")),
        (ours + 1, TOMORROW_MORNING),
    ]


async def test_due_times_know_of_a_stop_of_a_pause_and_of_no_zone(database: Database, ours: int) -> None:
    async with database.write() as session:
        chat = await session.get_one(Chat, ours)
        reminder = await first_of(session, chat)

        async def due_with(**columns: object) -> object:
            for name, value in columns.items():
                setattr(chat, name, value)
            await reschedule(session, chat, NOW)
            return reminder.due_at

        assert await due_with(off_reason=OffReason.STOPPED) is None
        assert await due_with(off_reason=None) == TOMORROW_MORNING
        assert await due_with(paused_until=berlin(9)) == berlin(10, "08:30")
        assert await due_with(paused_until=berlin(1)) == TOMORROW_MORNING  # a pause that is over
        assert await due_with(paused_until=None, zone=None) == berlin(3, "09:30")  # 08:30 in UTC
        assert await due_with(zone="Europe/Berlin", quiet_start=time(22), quiet_end=time(10)) == berlin(3, "10:00")


async def test_each_reminder_has_minutes_of_its_own(database: Database, ours: int) -> None:
    rule = Spread(times=3, start=time(9), end=time(21), apart=60)
    async with database.write() as session:
        chat = await session.get_one(Chat, ours)
        chat.seed = 1000
        reminder = await add_reminder(session, chat, rule, NOW)
        quiet = QuietHours(time(22), time(7))
        seed = 1000 + reminder.id
        expected = next_due(rule, zone=ZoneInfo("Europe/Berlin"), quiet=quiet, after=NOW, seed=seed)
        assert reminder.due_at == expected


def test_quiet_hours_have_both_ends_or_are_none() -> None:
    assert quiet_hours(time(22), time(7)) == QuietHours(time(22), time(7))
    assert quiet_hours(None, time(7)) is None
    assert quiet_hours(time(22), None) is None
    assert quiet_hours(time(0), time(7)) == QuietHours(time(0), time(7))


async def test_the_due_time_is_later_than_now(database: Database, ours: int) -> None:
    async with database.write() as session:
        chat = await session.get_one(Chat, ours)
        reminder = await first_of(session, chat)
        set_paused(reminder, chat, TOMORROW_MORNING, is_paused=False)
        assert reminder.due_at == TOMORROW_MORNING + timedelta(days=1)
