"""Due reminders are queued once, on their minute; after an absence at most one per chat; never in quiet hours."""

import asyncio
import logging
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, update

from bot.database.engine import Database
from bot.database.models import Chat, Reminder
from bot.database.values import MessageKind, OffReason
from bot.domain.ids import ChatId
from bot.domain.schedule import Daily, Once, Spread
from bot.usecases.chats import pause, resume, switch_off
from bot.usecases.claims import claim
from bot.usecases.next_events import next_event_at
from bot.usecases.reminders.due import PUSH_ON, queue_due
from bot.usecases.reminders.edit import GRACE, add_reminder, set_paused
from tests.scenes import CHOICE, MORNING, berlin, chat_with, choose, live_through, queue_all, queued

A_MINUTE = timedelta(minutes=1)


async def occurrences(database: Database) -> list[str]:
    return [f"{row.occurrence_at:%d %H:%M}" for row in await queued(database)]


async def test_a_reminder_is_queued_on_its_minute_and_once(database: Database) -> None:
    await chat_with(database, MORNING, now=berlin(2))
    await queue_all(database, berlin(3, "08:29"))
    assert await queued(database) == []
    await queue_all(database, berlin(3, "08:30"))
    await queue_all(database, berlin(3, "08:30"))
    (message,) = await queued(database)
    assert (message.occurrence_at, message.send_after) == (berlin(3, "08:30"), berlin(3, "08:30"))
    assert message.send_before == berlin(3, "08:30") + GRACE
    assert message.affirmation_id in CHOICE.identifiers
    assert await next_event_at(database) == berlin(3, "08:30")  # the message itself


async def test_the_next_due_time_is_the_next_morning_also_across_a_change_of_clocks(database: Database) -> None:
    await chat_with(database, MORNING, now=berlin(27))
    await live_through(database, berlin(28, "08:00"), berlin(30, "09:00"))
    # The clocks go forward on the 29th: 08:30 is 07:30 UTC before and 06:30 UTC after it.
    assert await occurrences(database) == ["28 07:30", "29 06:30", "30 06:30"]


async def test_a_reminder_ends_after_its_last_day_and_says_so_one_message_before(database: Database) -> None:
    await chat_with(database, Daily(at=time(8, 30), also=(time(20),), last=date(2026, 3, 4)), now=berlin(3, "09:00"))
    await live_through(database, berlin(3, "10:00"), berlin(8))
    messages = await queued(database)
    assert await occurrences(database) == ["03 19:00", "04 07:30", "04 19:00"]
    assert [message.notice_ref for message in messages] == [None, "ends:2026-03-04T20:00", None]
    async with database.read() as session:
        assert (await session.scalars(select(Reminder.due_at))).all() == [None]


async def test_many_at_the_same_time_are_all_queued(database: Database) -> None:
    for number in range(1, 301):
        await chat_with(database, MORNING, now=berlin(2), telegram_id=number)
    await queue_all(database, berlin(3, "08:30"))
    assert len({row.chat_id for row in await queued(database)}) == 300


async def test_two_at_work_at_once_queue_each_once(database: Database) -> None:
    for number in range(1, 101):
        await chat_with(database, MORNING, now=berlin(2), telegram_id=number)
    await asyncio.gather(*(queue_due(database, choose, berlin(3, "08:30")) for _ in range(8)))
    await queue_all(database, berlin(3, "08:30"))
    assert len(await queued(database)) == 100


async def test_rotation_goes_on_from_one_message_to_the_next(database: Database) -> None:
    spread = Spread(times=10, start=time(9), end=time(21), apart=10)
    await chat_with(database, spread, now=berlin(2, "21:30"))
    await live_through(database, berlin(3, "08:00"), berlin(4, "22:00"))
    assert sorted(row.affirmation_id or "" for row in await queued(database)) == sorted(CHOICE.identifiers)


async def test_when_all_are_due_exact_times_go_first(database: Database) -> None:
    around = Spread(times=1, start=time(8), end=time(8, 30), apart=0)
    await chat_with(database, around, now=berlin(2), telegram_id=1)
    exact = await chat_with(database, Daily(at=time(8, 29)), now=berlin(2), telegram_id=2)
    await queue_all(database, berlin(3, "08:30"))
    first, second = await claim(database, berlin(3, "08:30"), 2)
    assert first.chat_id == exact
    assert second.send_before - first.send_before <= timedelta(minutes=31)  # of those one for their own times


async def test_what_was_due_at_the_beginning_of_its_minute_does_not_come_again_in_it(database: Database) -> None:
    """Rows of a version in which a spread reminder had no seconds."""
    await chat_with(database, Spread(times=1, start=time(8), end=time(8, 30), apart=0), now=berlin(2))
    async with database.write() as session:
        reminder = (await session.scalars(select(Reminder))).one()
        assert reminder.due_at
        reminder.due_at = reminder.due_at.replace(second=0)
    await queue_all(database, berlin(3, "08:30"))
    assert len(await queued(database)) == 1
    async with database.read() as session:
        due_at = (await session.scalars(select(Reminder.due_at))).one()
    assert due_at
    assert due_at >= berlin(4, "08:00")


async def test_after_three_days_away_a_chat_gets_one_message(database: Database) -> None:
    rules = (MORNING, Daily(at=time(10)), Spread(times=6, start=time(9), end=time(20), apart=30))
    await chat_with(database, *rules, now=berlin(2))
    await queue_all(database, berlin(5, "12:40"))
    assert len(await queued(database)) <= 1
    async with database.read() as session:
        due = (await session.scalars(select(Reminder.due_at))).all()
    assert all(moment and moment > berlin(5, "12:40") for moment in due)


async def test_what_gives_way_to_the_next_time_is_said_once_a_batch(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(2):
        await chat_with(database, Daily(at=time(8), also=(time(8, 30),)), now=berlin(2), telegram_id=42 + number)
    await chat_with(database, Daily(at=time(8, 30)), now=berlin(2), telegram_id=44)
    await queue_all(database, berlin(3, "08:31"))
    assert await occurrences(database) == ["03 07:30"] * 3
    lines = [vars(line) for line in caplog.records if line.message == "reminders queued"]
    assert [(line["due"], line["queued"], line["skipped"]) for line in lines] == [(3, 3, 2)]


async def test_what_is_made_up_for_and_what_is_too_late_is_skipped(database: Database) -> None:
    await chat_with(database, MORNING, MORNING.model_copy(update={"weekdays": (0, 1)}), now=berlin(2))
    await chat_with(database, Daily(at=time(8)), now=berlin(2), telegram_id=43)
    batch = await queue_due(database, choose, berlin(3, "14:15"))
    assert (batch.handled, batch.skipped) == (3, 2)
    assert await occurrences(database) == ["03 07:30"]


async def test_after_three_days_away_the_newest_missed_one_comes(database: Database) -> None:
    await chat_with(database, MORNING, now=berlin(2))
    await queue_all(database, berlin(5, "11:00"))
    assert await occurrences(database) == ["05 07:30"]


async def test_what_is_too_late_does_not_come_at_all(database: Database) -> None:
    await chat_with(database, MORNING, now=berlin(2))
    await queue_all(database, berlin(5, "14:31"))
    assert await queued(database) == []
    assert await next_event_at(database) == berlin(6, "08:30")


async def test_coming_back_at_night_wakes_nobody(database: Database) -> None:
    await chat_with(database, Daily(at=time(21, 30)), now=berlin(2))
    await queue_all(database, berlin(5, "23:00"))
    assert await queued(database) == []


async def test_what_is_queued_in_the_evening_is_not_sent_at_night(database: Database) -> None:
    await chat_with(database, Daily(at=time(21, 30)), now=berlin(2))
    await queue_all(database, berlin(2, "21:30"))
    (message,) = await queued(database)
    assert message.send_before == berlin(2, "22:00")


async def test_a_short_absence_loses_nothing(database: Database) -> None:
    await chat_with(database, MORNING, Daily(at=time(8, 31)), now=berlin(2))
    await queue_all(database, berlin(3, "08:36"))
    assert await occurrences(database) == ["03 07:30", "03 07:31"]


async def test_nothing_is_made_up_for_shortly_before_the_next_one(database: Database) -> None:
    hourly = Spread(times=12, start=time(9), end=time(21), apart=60)
    await chat_with(database, hourly, now=berlin(2, "21:30"))
    await queue_all(database, berlin(3, "15:00"))
    assert await queued(database) == []


async def test_nothing_is_made_up_for_shortly_before_another_reminder(database: Database) -> None:
    await chat_with(database, MORNING, Daily(at=time(11)), now=berlin(2))
    await queue_all(database, berlin(5, "10:59"))
    assert await queued(database) == []
    await queue_all(database, berlin(5, "11:00"))
    assert await occurrences(database) == ["05 10:00"]


async def test_nothing_is_made_up_for_beside_one_that_is_on_time(database: Database) -> None:
    await chat_with(database, MORNING, now=berlin(2))
    async with database.write() as session:
        chat = await session.get_one(Chat, 1)
        await add_reminder(session, chat, Daily(at=time(10, 58)), berlin(5, "09:00"))
    await queue_all(database, berlin(5, "11:00"))
    assert await occurrences(database) == ["05 09:58"]


async def test_once_comes_once_and_is_done(database: Database) -> None:
    await chat_with(database, Once(at=berlin(3, "18:00").replace(tzinfo=None) + timedelta(hours=1)), now=berlin(2))
    await live_through(database, berlin(3, "17:00"), berlin(5))
    assert await occurrences(database) == ["03 17:00"]
    assert await next_event_at(database) == berlin(3, "18:00")


async def test_a_paused_chat_gets_nothing_until_its_pause_is_over_and_is_told_so(database: Database) -> None:
    number = await chat_with(database, MORNING, now=berlin(2))
    async with database.write() as session:
        chat = await session.get_one(Chat, number)
        until = await pause(session, chat, berlin(4), berlin(2))
    assert until == berlin(4)
    await live_through(database, berlin(2), berlin(5, "09:00"))
    assert [(row.kind, row.occurrence_at) for row in await queued(database)] == [
        (MessageKind.BACK, berlin(4)),
        (MessageKind.AFFIRMATION, berlin(5, "08:30")),
    ]


async def test_a_pause_that_ends_at_night_is_told_in_the_morning(database: Database) -> None:
    number = await chat_with(database, MORNING, now=berlin(2))
    async with database.write() as session:
        until = await pause(session, await session.get_one(Chat, number), berlin(4, "02:00"), berlin(2))
    assert until == berlin(4, "07:00")


async def test_a_paused_reminder_waits_and_the_others_come(database: Database) -> None:
    number = await chat_with(database, MORNING, Daily(at=time(9)), now=berlin(2))
    async with database.write() as session:
        reminder = (await session.scalars(select(Reminder).order_by(Reminder.id))).first()
        assert reminder
        set_paused(reminder, await session.get_one(Chat, number), berlin(2), is_paused=True)
    await queue_all(database, berlin(3, "09:00"))
    assert await occurrences(database) == ["03 08:00"]


async def test_a_chat_that_is_off_gets_nothing_and_comes_back_without_a_heap(database: Database) -> None:
    number = await chat_with(database, MORNING, now=berlin(2))
    async with database.write() as session:
        await switch_off(session, ChatId(number), OffReason.STOPPED, berlin(2))
    await live_through(database, berlin(3), berlin(9))
    assert await queued(database) == []
    async with database.write() as session:
        await resume(session, await session.get_one(Chat, number), berlin(9))
    await queue_all(database, berlin(10, "08:30"))
    assert await occurrences(database) == ["10 07:30"]


@pytest.mark.parametrize("column", [{"rule": "{}"}, {"rule": "no JSON"}])
async def test_a_row_that_cannot_be_read_stops_no_other(
    database: Database, column: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    await chat_with(database, MORNING, now=berlin(2))
    await chat_with(database, MORNING, now=berlin(2), telegram_id=43)
    async with database.write() as session:
        await session.execute(update(Reminder).where(Reminder.chat_id == 1).values(column))
    await queue_all(database, berlin(3, "08:30"))
    assert [row.chat_id for row in await queued(database)] == [2]
    async with database.read() as session:
        pushed_on = await session.scalar(select(Reminder.due_at).where(Reminder.chat_id == 1))
    assert pushed_on == berlin(3, "08:30") + PUSH_ON
    assert [record.__dict__["row"] for record in caplog.records if record.levelname == "ERROR"] == [1]


async def test_a_zone_that_is_gone_stops_no_other(database: Database) -> None:
    await chat_with(database, MORNING, now=berlin(2))
    await chat_with(database, MORNING, now=berlin(2), telegram_id=43)
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == 1).values(zone="Atlantis/Capital"))
    await queue_all(database, berlin(3, "08:30"))
    assert [row.chat_id for row in await queued(database)] == [2]
