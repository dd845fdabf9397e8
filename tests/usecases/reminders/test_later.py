"""Later and skip on both databases: what races is done once, and quiet hours, a pause and the hush are obeyed."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import MessageKind, MessageState
from bot.domain.schedule import Daily, Later, QuietHours, comes_at, is_quiet
from bot.usecases.reminders import again
from bot.usecases.reminders.later import (
    PutOff,
    choices_of,
    do_not_skip,
    put_off,
    skip_next,
    take_back,
)
from tests.scenes import MORNING, berlin, chat_with, queue_all, queued

NOW = berlin(3, "12:00")
MESSAGE = PutOff(77, 1, "text-3")


async def puts_off(database: Database, number: int, later: Later, now: datetime = NOW) -> datetime | None:
    async with database.write() as session:
        return await put_off(database, session, await session.get_one(Chat, number), MESSAGE, later, now)


async def set_chat(database: Database, number: int, **columns: object) -> None:
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == number).values(**columns))


@pytest.fixture
async def chat(database: Database) -> int:
    number = await chat_with(database, MORNING, now=berlin(2))
    await queue_all(database, berlin(3, "08:30"))
    async with database.write() as session:
        await session.execute(delete(QueuedMessage))
    return number


async def test_however_often_it_is_one_row_with_the_last_choice(database: Database, chat: int) -> None:
    await puts_off(database, chat, Later.SOON)
    await puts_off(database, chat, Later.SOON, NOW + timedelta(seconds=2))
    assert await puts_off(database, chat, Later.EVENING) == berlin(3, "19:00")
    (row,) = await queued(database)
    assert (row.kind, row.state, row.affirmation_id) == (MessageKind.AGAIN, MessageState.QUEUED, "text-3")
    assert (row.send_after, row.send_before) == (berlin(3, "19:00"), berlin(3, "22:00"))
    assert again.read_again_ref(row.notice_ref) == (1, datetime(2026, 3, 3, 19, 0))  # noqa: DTZ001 - local


async def test_it_stays_beside_an_occurrence_at_the_same_moment(database: Database, chat: int) -> None:
    async with database.write() as session:
        await session.execute(update(Reminder).values(due_at=berlin(3, "19:00")))
    await puts_off(database, chat, Later.EVENING)
    await queue_all(database, berlin(3, "19:00"))
    assert sorted(row.kind for row in await queued(database)) == [MessageKind.AFFIRMATION, MessageKind.AGAIN]


async def test_what_is_being_sent_is_neither_moved_nor_taken_back(database: Database, chat: int) -> None:
    await puts_off(database, chat, Later.SOON)
    async with database.write() as session:
        await session.execute(update(QueuedMessage).values(state=MessageState.SENDING))
    assert await puts_off(database, chat, Later.EVENING) is None
    async with database.write() as session:
        assert not await take_back(session, await session.get_one(Chat, chat), MESSAGE)


async def test_a_pause_and_the_hush_are_obeyed(database: Database, chat: int) -> None:
    await set_chat(database, chat, hushed_until=NOW + timedelta(hours=1))
    assert await puts_off(database, chat, Later.SOON) == NOW + timedelta(hours=1)
    await set_chat(database, chat, paused_until=berlin(9, "23:00"))
    assert await puts_off(database, chat, Later.SOON) == berlin(10, "07:00")


async def test_of_two_skips_at_once_one_counts(database: Database, chat: int) -> None:
    async with database.write() as session:
        row = await session.get_one(Chat, chat)
        (reminder,) = (await session.scalars(select(Reminder))).all()
        before = reminder.due_at
        assert await skip_next(session, row, reminder, NOW)
        assert not await skip_next(session, row, reminder, NOW)
        assert (reminder.skip_until, reminder.due_at) == (before, berlin(5, "08:30"))
        assert await do_not_skip(session, row, reminder, NOW)
        assert not await do_not_skip(session, row, reminder, NOW)
        assert (reminder.skip_until, reminder.due_at) == (None, before)


async def test_a_skip_after_the_occurrence_was_queued_changes_nothing(database: Database, chat: int) -> None:
    async with database.read() as session:
        (stale,) = (await session.scalars(select(Reminder))).all()
        row = await session.get_one(Chat, chat)
    await queue_all(database, berlin(4, "08:30"))
    async with database.write() as session:
        session.add_all([stale, row])
        assert not await skip_next(session, row, stale, NOW)
        assert (stale.skip_until, stale.due_at) == (None, berlin(5, "08:30"))


async def test_the_evening_is_missing_when_it_is_past_or_quiet(database: Database) -> None:
    number = await chat_with(database, Daily(at=time(8)), now=berlin(2), quiet=(time(18), time(9)))
    async with database.read() as session:
        chat = await session.get_one(Chat, number)
    assert list(choices_of(chat, NOW)) == [Later.SOON, Later.MORNING]
    assert choices_of(chat, NOW)[Later.MORNING] == berlin(4, "09:00")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - the zone is drawn beside it
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.sampled_from([None, QuietHours(time(22), time(7)), QuietHours(time(17), time(9))]),
    st.sampled_from(Later),
)
def test_it_always_comes_soon_and_never_in_quiet_hours(
    at: datetime, name: str, quiet: QuietHours | None, later: Later
) -> None:
    zone = ZoneInfo(name)
    now = at.replace(tzinfo=ZoneInfo("UTC"))
    comes = comes_at(later, now=now, zone=zone, quiet=quiet)
    if comes is None:
        assert later is Later.EVENING
        return
    assert now < comes < now + timedelta(days=2)
    assert not is_quiet(comes, zone=zone, quiet=quiet)
    if later is Later.EVENING:
        assert comes.astimezone(zone).date() == now.astimezone(zone).date()
