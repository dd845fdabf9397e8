"""What is due around sessions, in the database: queued once, never too late, and the rest waits for it."""

import asyncio
from datetime import datetime, time, timedelta

from sqlalchemy import select, update

from bot.database.engine import Database
from bot.database.models import AppointmentPlan, Chat, Failure, Reminder
from bot.database.values import FailedWork, MessageKind, MessageState, OffReason
from bot.domain.appointments import Appointment, Appointments, Prompt
from bot.domain.ids import ChatId
from bot.domain.schedule import Daily, Once
from bot.usecases import hush
from bot.usecases.appointments import edit
from bot.usecases.appointments.due import queue_prompts
from bot.usecases.chats import pause, resume, set_zone, switch_off
from bot.usecases.next_events import next_event_at
from bot.usecases.reminders.edit import add_reminder
from tests.scenes import berlin, chat_with, queue_all, queued

MONDAY = berlin(2, "12:00")
TUESDAYS = Appointment(rule=Daily(at=time(17, 30), weekdays=(1,)), zone="Europe/Berlin")
EVENINGS, HALF_PAST_SIX = Daily(at=time(19)), Daily(at=time(18, 30))
ALL = tuple(prompt for prompt in Prompt if prompt is not Prompt.ENDING)


async def client(
    database: Database,
    *rules: Daily | Once,
    appointment: Appointment = TUESDAYS,
    prompts: tuple[Prompt, ...] = ALL,
    now: datetime = MONDAY,
    telegram_id: int = 42,
) -> int:
    """Makes a chat with this appointment; returns its row id."""
    chat_id = await chat_with(database, *rules, now=now, telegram_id=telegram_id)
    await change(database, chat_id, Appointments(appointments=(appointment,), prompts=prompts), now)
    return chat_id


async def change(database: Database, chat_id: int, plan: Appointments, now: datetime) -> None:
    async with database.write() as session:
        await edit.change(session, await session.get_one(Chat, chat_id), lambda _: plan, now)


async def queue(database: Database, now: datetime) -> None:
    while await queue_prompts(database, now):
        pass
    await queue_all(database, now)


async def said(database: Database) -> list[tuple[str, datetime]]:
    """What is queued around sessions, and when it goes out."""
    rows = await queued(database, MessageState.QUEUED)
    about = [row for row in rows if row.kind == MessageKind.APPOINTMENT]
    return [((row.notice_ref or "").partition(":")[0], row.send_after) for row in about]


async def next_at(database: Database) -> datetime | None:
    async with database.read() as session:
        return await session.scalar(select(AppointmentPlan.next_at))


async def due(database: Database) -> list[datetime | None]:
    async with database.read() as session:
        return list(await session.scalars(select(Reminder.due_at).order_by(Reminder.id)))


async def chat_of(database: Database, chat_id: int) -> Chat:
    async with database.read() as session:
        return await session.get_one(Chat, chat_id)


async def test_each_prompt_is_queued_when_it_is_due(database: Database) -> None:
    await client(database)
    assert await next_event_at(database) == berlin(2, "18:00")
    await queue(database, berlin(2, "17:59"))
    assert await said(database) == []
    for day, at in ((2, "18:00"), (3, "17:00"), (3, "17:30"), (3, "20:20"), (7, "12:30")):
        assert await next_at(database) == berlin(day, at)
        await queue(database, berlin(day, at))
    assert await said(database) == [
        ("before", berlin(2, "18:00")),
        ("shortly", berlin(3, "17:00")),
        ("evening", berlin(3, "20:20")),
        ("midweek", berlin(7, "12:30")),
    ]


async def test_two_processes_queue_it_once(database: Database) -> None:
    for number in range(1, 6):
        await client(database, telegram_id=number)
    await asyncio.gather(*(queue_prompts(database, berlin(2, "18:00")) for _ in range(4)))
    assert len(await said(database)) == 5


async def test_what_was_queued_is_not_queued_again_when_the_person_travels_west(database: Database) -> None:
    chat_id = await client(database)
    await queue(database, berlin(2, "18:00"))
    async with database.write() as session:
        await set_zone(session, await session.get_one(Chat, chat_id), "America/New_York", berlin(2, "18:01"))
    assert await next_at(database) == berlin(3, "00:00")  # six in the evening there
    await queue(database, berlin(3, "00:00"))
    assert await said(database) == [("before", berlin(2, "18:00"))]


async def test_what_is_too_late_is_left_out_and_nothing_piles_up(database: Database) -> None:
    await client(database)
    await queue(database, berlin(24))  # away for three weeks; it is a Tuesday, before the session
    assert await said(database) == []
    await queue(database, berlin(25, "00:30"))
    assert await said(database) == []
    await queue(database, berlin(28, "14:00"))  # an hour and a half late
    assert await said(database) == [("midweek", berlin(28, "14:00"))]


async def test_ordinary_messages_wait_from_the_beginning_until_three_hours_after(database: Database) -> None:
    chat_id = await client(database, EVENINGS, HALF_PAST_SIX)
    await queue(database, berlin(2, "19:30"))
    await queue(database, berlin(3, "17:30"))
    assert (await chat_of(database, chat_id)).quiet_until == berlin(3, "21:20")
    # The first waits; the other one goes on the next day: they never come together.
    assert await due(database) == [berlin(4, "19:00"), berlin(3, "21:20")]
    await queue(database, berlin(3, "21:20"))
    assert await due(database) == [berlin(4, "19:00"), berlin(4, "18:30")]


async def test_it_waits_too_if_the_program_was_away_when_the_session_began(database: Database) -> None:
    await client(database, EVENINGS)
    await queue(database, berlin(2, "19:30"))
    await queue(database, berlin(3, "19:05"))
    assert await due(database) == [berlin(3, "21:20")]
    affirmations = [row for row in await queued(database) if row.kind == MessageKind.AFFIRMATION]
    assert [row.occurrence_at for row in affirmations] == [berlin(2, "19:00")]


async def test_one_that_comes_only_once_waits_until_the_next_morning(database: Database) -> None:
    late = Appointment(rule=Daily(at=time(18, 30), weekdays=(1,)), zone="Europe/Berlin")
    await client(database, Once(at=datetime(2026, 3, 3, 19)), EVENINGS, appointment=late)  # noqa: DTZ001 - local
    await queue(database, berlin(2, "19:30"))
    await queue(database, berlin(3, "18:30"))
    assert await due(database) == [berlin(4, "07:00"), berlin(4, "19:00")]


async def test_what_is_queued_and_not_sent_waits_as_well(database: Database) -> None:
    chat_id = await client(database, Daily(at=time(17, 29)))
    await queue(database, berlin(3, "17:29"))
    await queue(database, berlin(3, "17:30"))
    (row,) = [row for row in await queued(database) if row.occurrence_at == berlin(3, "17:29")]
    assert (row.chat_id, row.send_after) == (chat_id, berlin(3, "21:20"))
    assert row.send_before > row.send_after


async def test_a_reminder_that_is_set_meanwhile_waits_too(database: Database) -> None:
    chat_id = await client(database)
    await queue(database, berlin(3, "17:30"))
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        await add_reminder(session, chat, EVENINGS, berlin(3, "18:00"))
        await add_reminder(session, chat, Once(at=datetime(2026, 3, 3, 19)), berlin(3, "18:00"))  # noqa: DTZ001 - local
    assert await due(database) == [berlin(4, "19:00"), berlin(3, "21:20")]


async def test_without_the_quiet_nothing_waits(database: Database) -> None:
    chat_id = await client(database, EVENINGS, prompts=(Prompt.EVENING,))
    await queue(database, berlin(2, "19:30"))
    await queue(database, berlin(3, "17:30"))
    assert (await chat_of(database, chat_id)).quiet_until is None
    assert await due(database) == [berlin(3, "19:00")]


async def test_in_a_pause_nothing_is_said_and_its_end_waits_for_the_session(database: Database) -> None:
    chat_id = await client(database, EVENINGS)
    async with database.write() as session:
        await pause(session, await session.get_one(Chat, chat_id), berlin(3, "18:00"), berlin(2, "13:00"))
    for day, at in ((2, "18:00"), (3, "17:00"), (3, "17:30"), (3, "18:00")):
        await queue(database, berlin(day, at))
    assert await said(database) == []
    (back,) = [row for row in await queued(database) if row.kind == MessageKind.BACK]
    assert back.send_after == berlin(3, "21:20")
    await queue(database, berlin(3, "20:20"))
    assert await said(database) == [("evening", berlin(3, "20:20"))]


async def test_after_a_stop_nothing_is_due_until_it_is_taken_back(database: Database) -> None:
    chat_id = await client(database)
    async with database.write() as session:
        await switch_off(session, ChatId(chat_id), OffReason.STOPPED, MONDAY)
    assert await next_at(database) is None
    async with database.write() as session:
        await resume(session, await session.get_one(Chat, chat_id), berlin(2, "20:00"))
    assert await next_at(database) == berlin(3, "17:00")


async def test_what_is_skipped_is_withdrawn(database: Database) -> None:
    chat_id = await client(database)
    await queue(database, berlin(2, "18:00"))
    plan = Appointments(appointments=(TUESDAYS,), prompts=ALL)
    await change(database, chat_id, plan.with_skipped(0, berlin(3).date()), berlin(2, "18:00"))
    assert await said(database) == []
    assert await next_at(database) == berlin(9, "18:00")


async def test_while_the_support_card_is_open_nothing_is_said_and_what_is_due_is_not_late_the_next_day(
    database: Database,
) -> None:
    chat_id = await client(database)
    await queue(database, berlin(3, "17:30"))
    async with database.write() as session:
        await hush.begin(session, await session.get_one(Chat, chat_id), berlin(3, "20:00"))
    await queue(database, berlin(3, "20:20"))
    assert await said(database) == [("evening", berlin(3, "21:00"))]
    async with database.write() as session:  # opened again: it would come out of quiet hours the next morning
        await hush.begin(session, await session.get_one(Chat, chat_id), berlin(3, "21:30"))
    (row,) = [row for row in await queued(database) if row.kind == MessageKind.APPOINTMENT]
    assert row.send_before <= row.send_after or row.send_before <= berlin(3, "22:00")


async def test_the_last_line_comes_once_and_then_nothing_is_kept(database: Database) -> None:
    chat_id = await client(database)
    plan = Appointments(appointments=(TUESDAYS,), prompts=(), ends_on=berlin(3).date())
    await change(database, chat_id, plan, MONDAY)
    assert await next_at(database) == berlin(3, "20:20")
    await queue(database, berlin(4, "03:00"))  # late, in the night: it waits for the morning
    assert await said(database) == [("ending", berlin(4, "07:00"))]
    async with database.read() as session:
        assert await session.get(AppointmentPlan, chat_id) is None


async def test_one_that_cannot_be_read_stops_no_other(database: Database) -> None:
    broken = await client(database, telegram_id=1)
    await client(database, telegram_id=2)
    async with database.write() as session:
        await session.execute(update(AppointmentPlan).where(AppointmentPlan.chat_id == broken).values(plan="{"))
    await queue_prompts(database, berlin(2, "18:00"))
    assert await said(database) == [("before", berlin(2, "18:00"))]
    async with database.read() as session:
        failure = await session.get_one(Failure, (FailedWork.APPOINTMENT, broken))
    assert failure.tries == 1


async def test_of_two_changes_at_once_none_is_lost(database: Database) -> None:
    chat_id = await client(database)

    async def add(number: int) -> None:
        added = Appointment(rule=Daily(at=time(9 + number), weekdays=(4,)), zone="Europe/Berlin")
        async with database.write() as session:
            chat = await session.get_one(Chat, chat_id)
            await edit.change(session, chat, lambda plan: plan.with_added(added), MONDAY)

    await asyncio.gather(*(add(number) for number in range(4)))
    async with database.read() as session:
        plan = await edit.find(session, await session.get_one(Chat, chat_id))
    assert len(plan.appointments) == 5


async def test_what_is_long_past_is_forgotten(database: Database) -> None:
    chat_id = await client(database)
    plan = Appointments(appointments=(TUESDAYS,), prompts=ALL).with_skipped(0, berlin(3).date())
    await change(database, chat_id, plan, MONDAY)
    await queue(database, MONDAY + timedelta(days=90))
    async with database.read() as session:
        kept = await edit.find(session, await session.get_one(Chat, chat_id))
    assert kept.appointments == (TUESDAYS,)


async def test_single_dates_that_are_long_past_leave_nothing(database: Database) -> None:
    single = Appointment(rule=Once(at=datetime(2026, 3, 3, 17, 30)), zone="Europe/Berlin")  # noqa: DTZ001 - local
    chat_id = await client(database, appointment=single)
    at = MONDAY
    while at < MONDAY + timedelta(days=70):
        await queue(database, at)
        at += timedelta(hours=1)
    async with database.read() as session:
        assert await session.get(AppointmentPlan, chat_id) is None
