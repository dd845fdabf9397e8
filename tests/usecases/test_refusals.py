"""Refusals in a row: the third lets a chat rest, whatever Telegram says, and its facilitators are told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import MessageKind, OffReason
from bot.delivery.outcomes import Outcome, Refused, Sent, TopicClosed
from bot.domain.ids import ChatId, TelegramId
from bot.usecases import refusals
from bot.usecases.chats import get_or_create_chat
from bot.usecases.claims import Claimed, claim, sweep
from bot.usecases.forgetting import forget_left
from bot.usecases.groups import add_facilitator, chat_regained, reopen
from bot.usecases.marks import mark
from bot.usecases.presence import see
from bot.usecases.reminders.edit import add_reminder
from tests.scenes import MORNING, berlin, chat_with, queue_all

DAY = timedelta(days=1)
NOW = berlin(3, "08:30")
ANA, GROUP = TelegramId(42), TelegramId(-100_77)
UNKNOWN = Refused("PEER_ID_INVALID")


async def chat_of(database: Database, telegram_id: TelegramId = ANA) -> Chat:
    async with database.read() as session:
        return (await session.scalars(select(Chat).where(Chat.telegram_id == telegram_id))).one()


async def day(database: Database, number: int, outcome: Outcome, *, last_try: bool = False) -> list[Claimed]:
    """The day's reminders are claimed, and all have this outcome; returns them."""
    now = NOW + number * DAY
    await queue_all(database, now)
    if last_try:
        now += timedelta(hours=5)
    claimed = [message for message in await claim(database, now, 100) if message.kind != MessageKind.NOTICE]
    if last_try:
        claimed = [message._replace(send_before=now + timedelta(minutes=1)) for message in claimed]
    await mark(database, [(message, outcome) for message in claimed], now)
    await sweep(database, now + timedelta(hours=6))
    return claimed


async def group_with_a_facilitator(database: Database, thread_id: int = 0) -> None:
    await chat_with(database, now=NOW - DAY, telegram_id=ANA)
    async with database.write() as session:
        chat = await get_or_create_chat(session, GROUP, "supergroup", NOW - DAY, thread_id=thread_id)
        chat.zone = "Europe/Berlin"
        await add_reminder(session, chat, MORNING, NOW - DAY)
        await add_facilitator(session, chat, ANA, NOW - DAY)


async def notices(database: Database) -> list[str | None]:
    async with database.read() as session:
        query = select(QueuedMessage.notice_ref).where(QueuedMessage.kind == MessageKind.NOTICE)
        return list(await session.scalars(query))


async def test_the_third_refusal_in_a_row_lets_the_chat_rest_and_nothing_is_sent_after_it(database: Database) -> None:
    chat_id = await chat_with(database, MORNING, now=NOW - DAY, telegram_id=ANA)
    sent = [len(await day(database, number, UNKNOWN)) for number in range(10)]
    assert sent == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    chat = await chat_of(database)
    assert (chat.off_reason, chat.refusals, chat.left_at) == (OffReason.REFUSED, 3, None)
    async with database.read() as session:
        assert await session.scalar(select(Reminder.due_at).where(Reminder.chat_id == chat_id)) is None
        assert await refusals.count_chats(session) == (1, 0)


async def test_a_message_that_is_taken_begins_the_count_anew(database: Database) -> None:
    await chat_with(database, MORNING, now=NOW - DAY, telegram_id=ANA)
    outcomes: list[Outcome] = [UNKNOWN, Refused("something else"), Sent(), UNKNOWN, UNKNOWN]
    for number, outcome in enumerate(outcomes):
        await day(database, number, outcome)
    chat = await chat_of(database)
    assert (chat.off_reason, chat.refusals) == (None, 2)
    async with database.read() as session:
        assert await refusals.count_chats(session) == (0, 1)


async def test_an_error_that_concerns_the_message_does_not_count(database: Database) -> None:
    await chat_with(database, MORNING, now=NOW - DAY, telegram_id=ANA)
    for number in range(5):
        assert len(await day(database, number, Refused("BUTTON_DATA_INVALID", is_about_message=True))) == 1
    chat = await chat_of(database)
    assert (chat.off_reason, chat.refusals) == (None, 0)


async def test_a_facilitator_is_told_once_of_a_group_that_rests(database: Database) -> None:
    await group_with_a_facilitator(database)
    told = []
    for number in range(5):  # they are deleted when they are three days old
        await day(database, number, Refused("Forbidden: a text that is new"))
        told.append(await notices(database))
    group = await chat_of(database, GROUP)
    assert group.off_reason == OffReason.REFUSED
    once = [f"refused:{group.id}"]
    assert told == [[], [], once, once, once]


async def test_a_topic_that_stays_closed_rests_after_three_messages_and_comes_back_when_it_is_open(
    database: Database,
) -> None:
    await group_with_a_facilitator(database, thread_id=5)
    sent = [len(await day(database, number, TopicClosed("TOPIC_CLOSED"), last_try=True)) for number in range(6)]
    group = await chat_of(database, GROUP)
    assert sent == [1, 1, 1, 0, 0, 0]
    assert group.off_reason == OffReason.REFUSED
    async with database.write() as session:
        await reopen(session, GROUP, 5, NOW + 6 * DAY)
    group = await chat_of(database, GROUP)
    assert (group.off_reason, group.refusals) == (None, 0)


async def test_a_chat_that_rests_is_not_erased_by_itself(database: Database) -> None:
    await chat_with(database, MORNING, now=NOW - DAY, telegram_id=ANA)
    for number in range(3):
        await day(database, number, UNKNOWN)
    assert await forget_left(database, NOW + 1000 * DAY, b"key") == 0


async def test_it_comes_back_when_its_person_writes(database: Database) -> None:
    chat_id = await chat_with(database, MORNING, now=NOW - DAY, telegram_id=ANA)
    for number in range(3):
        await day(database, number, UNKNOWN)
    assert not await see(database, ANA, NOW + 4 * DAY), "nobody is told that they were away"
    chat = await chat_of(database)
    assert (chat.off_reason, chat.refusals) == (None, 0)
    async with database.read() as session:
        assert await session.scalar(select(Reminder.due_at).where(Reminder.chat_id == chat_id)) is not None


async def test_a_group_comes_back_with_the_bots_rights(database: Database) -> None:
    await group_with_a_facilitator(database)
    for number in range(3):
        await day(database, number, UNKNOWN)
    async with database.write() as session:
        assert len(await chat_regained(session, GROUP, NOW + 4 * DAY)) == 1
    assert (await chat_of(database, GROUP)).off_reason is None


async def test_a_stop_stays_a_stop(database: Database) -> None:
    chat_id = await chat_with(database, MORNING, now=NOW - DAY, telegram_id=ANA)
    async with database.write() as session:
        await session.execute(update(Chat).values(off_reason=OffReason.STOPPED, refusals=2))
    message = Claimed(
        claimed_until=NOW + DAY,
        reminder_id=None,
        refusals=0,
        send_after=NOW,
        occurrence_at=NOW,
        id=1,
        chat_id=ChatId(chat_id),
        telegram_id=ANA,
        thread_id=0,
        is_silent=False,
        language=None,
        practice=None,
        shows_pictures=False,
        kind=MessageKind.NOTICE,
        affirmation_id=None,
        notice_ref=None,
        last_notice=None,
        send_before=NOW + DAY,
        attempts=1,
    )
    await mark(database, [(message, UNKNOWN)], NOW)
    assert (await chat_of(database)).off_reason == OffReason.STOPPED


@pytest.mark.parametrize("count", [1, 2])
async def test_before_the_third_nothing_rests(database: Database, count: int) -> None:
    await chat_with(database, MORNING, now=NOW - DAY, telegram_id=ANA)
    for number in range(count):
        await day(database, number, UNKNOWN)
    assert (await chat_of(database)).off_reason is None
