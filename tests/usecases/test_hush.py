"""The hush after the support card, in the database: what is due waits, is not lost, and other chats do not notice."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bot.content.flows import ARRIVING, Flow, Flows
from bot.database.engine import Database
from bot.database.models import Chat, Circle, Conversation, QueuedMessage, Reminder
from bot.database.values import CircleStage, MessageKind, MessageState
from bot.dialogues import flows
from bot.dialogues.flows import Key, Line, Mode
from bot.domain.ids import ChatId, TelegramId
from bot.domain.schedule import Daily, Once
from bot.usecases import circles, hush
from bot.usecases.chats import find_chat, pause, set_zone
from bot.usecases.claims import claim, sweep, take_over
from bot.usecases.conversations import resuming, turns
from bot.usecases.conversations.flow_rows import Reply, read
from bot.usecases.forgetting import forget_chat
from bot.usecases.hush import HUSH
from bot.usecases.reminders.edit import GRACE, add_reminder, change_rule
from bot.usecases.reminders.later import do_not_skip, skip_next
from tests.scenes import MORNING, berlin, chat_with, queue_all, queued

OPENED = berlin(2, "08:00")
END = OPENED + HUSH
SECOND = timedelta(seconds=1)
ANA = TelegramId(1)
FLOWS = {
    "quiet": Flow.model_validate(
        {
            "title": "A quiet while",
            "first": "wait",
            "steps": {
                "wait": {"say": "Quiet.", "wait": "40 seconds", "next": "again"},
                "again": {"say": "Still.", "wait": "40 seconds", "next": "bye"},
                "bye": {"say": "Bye.", "next": "END"},
            },
        }
    ),
    ARRIVING: Flow.model_validate(
        {
            "title": "Arriving",
            "in_groups": True,
            "first": "look",
            "steps": {
                "look": {"say": "Look.", "wait": "40 seconds", "next": "listen"},
                "listen": {"say": "Listen.", "next": "END"},
            },
        }
    ),
}


def flows_of(practice: str | None, language: str | None) -> Flows:
    return FLOWS


async def open_card(database: Database, chat_id: int, now: datetime = OPENED) -> None:
    async with database.write() as session:
        await hush.begin(session, await session.get_one(Chat, chat_id), now)


async def close_card(database: Database, chat_id: int, now: datetime) -> None:
    async with database.write() as session:
        await hush.end_for_flows(session, await session.get_one(Chat, chat_id), FLOWS, now)


async def due_at(database: Database, chat_id: int) -> list[datetime | None]:
    async with database.read() as session:
        return list(await session.scalars(select(Reminder.due_at).where(Reminder.chat_id == chat_id)))


# Reminders


async def test_a_reminder_within_the_hour_comes_after_it_and_goes_on_as_before(database: Database) -> None:
    chat_id = await chat_with(database, MORNING, now=OPENED)
    await open_card(database, chat_id)
    await queue_all(database, END - SECOND)
    assert await queued(database) == []
    await queue_all(database, END)
    (message,) = await queued(database)
    assert message.send_after == END
    assert await due_at(database, chat_id) == [berlin(3, "08:30")]


async def test_a_later_reminder_and_those_of_other_chats_stay_where_they_are(database: Database) -> None:
    chat_id = await chat_with(database, Daily(at=time(9, 1)), now=OPENED)
    other = await chat_with(database, MORNING, now=OPENED, telegram_id=43)
    await open_card(database, chat_id)
    assert await due_at(database, chat_id) == [berlin(2, "09:01")]
    assert await due_at(database, other) == [berlin(2, "08:30")]


async def test_it_is_put_off_out_of_quiet_hours(database: Database) -> None:
    chat_id = await chat_with(database, Daily(at=time(21, 50)), now=OPENED)
    await open_card(database, chat_id, berlin(2, "21:30"))
    assert await due_at(database, chat_id) == [berlin(3, "07:00")]
    await queue_all(database, berlin(3, "07:00"))
    assert len(await queued(database)) == 1


async def test_opened_again_it_lasts_an_hour_from_then(database: Database) -> None:
    chat_id = await chat_with(database, MORNING, now=OPENED)
    await open_card(database, chat_id)
    await open_card(database, chat_id, berlin(2, "08:50"))
    assert await due_at(database, chat_id) == [berlin(2, "09:50")]


async def test_what_is_queued_already_waits_too_and_is_not_too_late_then(database: Database) -> None:
    chat_id = await chat_with(database, MORNING, now=OPENED)
    await queue_all(database, berlin(2, "08:30"))
    async with database.write() as session:
        await session.execute(update(QueuedMessage).values(send_before=berlin(2, "09:00")))
    await open_card(database, chat_id, berlin(2, "08:30"))
    assert await claim(database, berlin(2, "09:29"), 10) == []
    assert await sweep(database, berlin(2, "09:29")) == 0
    (message,) = await queued(database, MessageState.QUEUED)
    assert (message.send_after, message.send_before) == (berlin(2, "09:30"), berlin(2, "09:30") + GRACE)
    assert len(await claim(database, berlin(2, "09:30"), 10)) == 1


async def test_what_a_process_had_claimed_when_it_was_killed_waits_too(database: Database) -> None:
    chat_id = await chat_with(database, MORNING, now=OPENED)
    await queue_all(database, berlin(2, "08:30"))
    assert len(await claim(database, berlin(2, "08:30"), 10)) == 1
    await open_card(database, chat_id, berlin(2, "08:30"))
    await take_over(database, berlin(2, "08:30"))
    assert await claim(database, berlin(2, "09:29"), 10) == []
    assert len(await claim(database, berlin(2, "09:30"), 10)) == 1


async def test_a_reminder_that_is_set_within_the_hour_waits_and_one_that_comes_once_is_not_lost(
    database: Database,
) -> None:
    chat_id = await chat_with(database, now=OPENED)
    await open_card(database, chat_id)
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        await add_reminder(session, chat, Once(at=datetime(2026, 3, 2, 8, 20)), OPENED)  # noqa: DTZ001 - local
        await set_zone(session, chat, "Europe/Berlin", OPENED + SECOND)
    assert await due_at(database, chat_id) == [END]


async def put_off_once(database: Database) -> tuple[int, int]:
    """A reminder that comes once, at 8:20, put off by a card at 8:00; the ids of its chat and its own."""
    chat_id = await chat_with(database, now=OPENED)
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        reminder = await add_reminder(session, chat, Once(at=datetime(2026, 3, 2, 8, 20)), OPENED)  # noqa: DTZ001 - local
    await open_card(database, chat_id)
    return chat_id, reminder.id


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Athens"])
async def test_one_that_comes_once_still_comes_when_all_is_set_anew_while_it_waits(
    database: Database, zone: str
) -> None:
    chat_id, _ = await put_off_once(database)
    async with database.write() as session:
        await set_zone(session, await session.get_one(Chat, chat_id), zone, berlin(2, "08:40"))
    assert await due_at(database, chat_id) == [END]


async def test_what_is_skipped_while_it_waits_and_then_not_skipped_comes_when_it_would_have(
    database: Database,
) -> None:
    chat_id, reminder_id = await put_off_once(database)
    async with database.write() as session:
        chat, reminder = await session.get_one(Chat, chat_id), await session.get_one(Reminder, reminder_id)
        assert await skip_next(session, chat, reminder, berlin(2, "08:30"))
        assert await do_not_skip(session, chat, reminder, berlin(2, "08:40"))
    assert await due_at(database, chat_id) == [END]


async def test_another_time_for_one_that_waits_is_that_time(database: Database) -> None:
    chat_id, reminder_id = await put_off_once(database)
    async with database.write() as session:
        chat, reminder = await session.get_one(Chat, chat_id), await session.get_one(Reminder, reminder_id)
        change_rule(reminder, chat, Once(at=datetime(2026, 3, 2, 8, 10)), berlin(2, "08:40"))  # noqa: DTZ001 - local
    assert await due_at(database, chat_id) == [None]  # that is past


async def test_the_end_of_a_pause_is_told_after_it(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    async with database.write() as session:
        await pause(session, await session.get_one(Chat, chat_id), berlin(2, "08:10"), OPENED)
    await open_card(database, chat_id)
    await queue_all(database, berlin(2, "08:10"))
    (message,) = await queued(database)
    assert (message.kind, message.send_after) == (MessageKind.BACK, END)


# Flows


async def begin(database: Database, chat_id: int, now: datetime = OPENED) -> Reply:
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        command = turns.Command(chat=chat, person_id=ANA, flow="quiet", update_id=1)
        return await turns.begin(session, database, FLOWS, command, now)


async def wakes_at(database: Database) -> datetime | None:
    async with database.read() as session:
        return await session.scalar(select(Conversation.wake_at))


async def due(database: Database, now: datetime) -> list[Reply]:
    return await resuming.take_due(database, flows_of, now)


async def test_a_flow_does_not_go_on_by_itself_and_closes_after_the_hour(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    await begin(database, chat_id)
    await open_card(database, chat_id, OPENED + SECOND)
    assert await due(database, END) == []
    (line,) = await due(database, END + SECOND)
    assert line.turn.says[0].parts == (Line.CLOSED,)


async def test_after_the_card_is_closed_it_waits_anew_and_only_once(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    await begin(database, chat_id)
    await open_card(database, chat_id)
    closed_at = OPENED + timedelta(minutes=5)
    await close_card(database, chat_id, closed_at)
    assert await wakes_at(database) == closed_at + timedelta(seconds=40)
    await close_card(database, chat_id, closed_at + SECOND)
    assert await wakes_at(database) == closed_at + timedelta(seconds=40)
    (line,) = await due(database, closed_at + timedelta(seconds=40))
    assert line.turn.says[0].parts == ("Still.",)


async def test_picked_up_it_waits_anew_and_typed_words_do_not_pick_it_up(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    reply = await begin(database, chat_id)
    await open_card(database, chat_id)
    now = OPENED + timedelta(minutes=5)
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        row = await turns.find(session, chat, ANA)
        assert row
        await turns.take_typed_text(session, database, FLOWS, chat, row, now=now, update_id=2)
    assert await wakes_at(database) == END
    tap = turns.Tap(
        telegram_id=TelegramId(42),
        person_id=ANA,
        token=reply.token,
        turn=0,
        key=Key.ON,
        update_id=3,
        message_id=7,
    )
    await turns.take_tap(database, FLOWS, tap, now)
    assert await wakes_at(database) == now + timedelta(seconds=40)


async def test_a_flow_that_is_begun_within_the_hour_goes_on_by_itself(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    await open_card(database, chat_id)
    await begin(database, chat_id)
    assert len(await due(database, OPENED + timedelta(seconds=40))) == 1


async def test_a_line_that_was_on_its_way_does_not_end_the_hush(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    await begin(database, chat_id)
    now = OPENED + timedelta(seconds=40)
    (line,) = await due(database, now)
    await open_card(database, chat_id, now)
    await resuming.confirm(database, line, 7, now + SECOND)
    assert await wakes_at(database) == now + HUSH
    (closing,) = await due(database, now + HUSH)
    assert closing.turn.position
    assert closing.turn.position.mode is Mode.CLOSED


async def test_a_line_that_was_never_delivered_is_sent_again_after_the_card_is_closed(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    await begin(database, chat_id)
    now = OPENED + timedelta(seconds=40)
    assert len(await due(database, now)) == 1
    await open_card(database, chat_id, now)
    await close_card(database, chat_id, now + SECOND)
    (line,) = await due(database, now + timedelta(seconds=61))
    assert line.turn.says[0].parts == ("Still.",)


async def test_what_a_flow_was_is_not_touched_by_closing_a_card_that_held_nothing(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    await begin(database, chat_id)
    before = await wakes_at(database)
    await close_card(database, chat_id, OPENED + SECOND)
    assert await wakes_at(database) == before
    async with database.read() as session:
        row = (await session.scalars(select(Conversation))).one()
        assert read(row).undelivered_since is None
    assert flows.say_again(FLOWS, read(row).position).is_again


# Circles


async def circle(database: Database, now: datetime = OPENED) -> int:
    line = await circles.open_or_end(database, TelegramId(-1_001), 0, "supergroup", update_id=1, now=now)
    assert line
    assert await circles.confirm(database, line, 7, flows_of, now)
    return line.chat_id


async def test_a_circle_waits_while_the_card_is_open_and_goes_on_when_it_is_closed(database: Database) -> None:
    chat_id = await circle(database)
    await open_card(database, chat_id)
    assert await circles.take_due(database, flows_of, END - SECOND) == []
    await close_card(database, chat_id, OPENED + timedelta(minutes=5))
    (line,) = await circles.take_due(database, flows_of, OPENED + timedelta(minutes=6))
    assert (line.stage, line.part, line.is_wordless) == (CircleStage.ARRIVING, 1, False)


async def test_a_circle_that_nobody_let_go_on_ends_without_a_word(database: Database) -> None:
    chat_id = await circle(database)
    await open_card(database, chat_id)
    (line,) = await circles.take_due(database, flows_of, END)
    assert line.is_wordless


async def test_a_part_that_was_on_its_way_does_not_end_the_hush_of_a_circle(database: Database) -> None:
    chat_id = await circle(database)
    now = OPENED + timedelta(seconds=40)
    (line,) = await circles.take_due(database, flows_of, now)
    await open_card(database, chat_id, now)
    assert await circles.confirm(database, line, 8, flows_of, now + SECOND)
    async with database.read() as session:
        assert (await session.get_one(Circle, ChatId(chat_id))).wake_at == now + HUSH


# What is stored


async def test_only_its_end_is_stored_and_erased_afterwards_and_with_the_chat(database: Database) -> None:
    chat_id = await chat_with(database, now=OPENED)
    await open_card(database, chat_id)
    async with database.write() as session:
        await hush.clear_over(session, END - SECOND)
        assert (await session.get_one(Chat, chat_id)).hushed_until == END
    async with database.write() as session:
        await hush.clear_over(session, END)
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        assert chat.hushed_until is None
        await forget_chat(session, chat.id)
        assert await find_chat(session, TelegramId(42)) is None
