"""Facilitators of shared chats and their notices, and groups that become supergroups."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.database.engine import Database, Session
from bot.database.models import Chat, Facilitator, QueuedMessage, Reminder
from bot.database.values import MessageKind, MessageState, Notice, OffReason
from bot.domain.ids import TelegramId
from bot.usecases.chats import find_chat, get_or_create_chat, list_chats_of, move, pause, switch_off
from bot.usecases.groups import (
    add_facilitator,
    chat_lost,
    chat_regained,
    is_reachable,
    list_facilitated,
    list_without_rights,
    notify_once,
    remove_facilitator,
    reopen,
)
from bot.usecases.reminders.edit import add_reminder
from tests.scenes import MORNING, berlin

NOW = berlin(2)
GROUP, SUPERGROUP, FACILITATOR = TelegramId(-77), TelegramId(-100_77), TelegramId(42)


async def group(session: Session, thread_id: int = 0, telegram_id: TelegramId = GROUP) -> Chat:
    chat = await get_or_create_chat(session, telegram_id, "group", NOW, thread_id=thread_id)
    chat.zone = "Europe/Berlin"
    await add_reminder(session, chat, MORNING, NOW)
    return chat


async def facilitator(session: Session, person_id: int = FACILITATOR, *chats: Chat) -> Chat:
    own = await get_or_create_chat(session, TelegramId(person_id), "private", NOW)
    for chat in chats:
        await add_facilitator(session, chat, TelegramId(person_id), NOW)
    return own


async def notices(session: Session) -> list[tuple[int, str | None]]:
    query = (
        select(Chat.telegram_id, QueuedMessage.notice_ref)
        .join(Chat, Chat.id == QueuedMessage.chat_id)
        .where(QueuedMessage.kind == MessageKind.NOTICE)
        .order_by(QueuedMessage.id)
    )
    return [(number, about) for number, about in await session.execute(query)]


async def test_a_lost_chat_is_notified_once_to_each_facilitator_who_can_be_reached(database: Database) -> None:
    async with database.write() as session:
        chat, topic = await group(session), await group(session, 5)
        await facilitator(session, 42, chat, topic)
        await facilitator(session, 43, topic)
        blocked = await facilitator(session, 44, chat)
        await switch_off(session, blocked.id, OffReason.BLOCKED, NOW)
        stopped = await facilitator(session, 45, chat)
        await switch_off(session, stopped.id, OffReason.STOPPED, NOW)
    for _ in range(2):
        async with database.write() as session:
            assert await chat_lost(session, GROUP, OffReason.NO_RIGHTS, NOW) == [chat.id, topic.id]
    async with database.read() as session:
        notified = await notices(session)
    assert notified == [
        (42, f"no_rights:{chat.id}"),
        (43, f"no_rights:{topic.id}"),
        (45, f"no_rights:{chat.id}"),
    ]


async def test_two_that_notice_at_once_notify_once(database: Database) -> None:
    async with database.write() as session:
        await facilitator(session, FACILITATOR, await group(session))

    async def notice() -> None:
        async with database.write() as session:
            await chat_lost(session, GROUP, OffReason.NO_RIGHTS, NOW)

    await asyncio.gather(*(notice() for _ in range(5)))
    async with database.read() as session:
        assert len(await notices(session)) == 1


async def test_after_a_recovery_the_next_problem_is_notified(database: Database) -> None:
    async with database.write() as session:
        chat = await group(session)
        await facilitator(session, FACILITATOR, chat)
        await chat_lost(session, GROUP, OffReason.NO_RIGHTS, NOW)
        assert await list_without_rights(session) == [GROUP]
        assert await chat_regained(session, GROUP, NOW) == [chat.id]
        assert await list_without_rights(session) == []
    async with database.write() as session:
        (again,) = await list_chats_of(session, GROUP)
        assert (again.off_reason, again.last_notice) == (None, None)
        assert (await session.scalars(select(Reminder.due_at))).one() is not None
        await chat_lost(session, GROUP, OffReason.NO_RIGHTS, NOW)
        assert len(await notices(session)) == 2


async def test_only_the_topic_that_is_gone_rests(database: Database) -> None:
    async with database.write() as session:
        await group(session)
        topic = await group(session, 5)
        await chat_lost(session, GROUP, OffReason.TOPIC_GONE, NOW, thread_id=5)
    async with database.read() as session:
        rows = await list_chats_of(session, GROUP)
        assert [row.off_reason for row in rows] == [None, OffReason.TOPIC_GONE]
        assert await notices(session) == [(GROUP, f"topic_gone:{topic.id}")]  # no facilitator is known


async def test_a_notice_for_all_is_not_sent_to_a_chat_that_cannot_be_written_to(database: Database) -> None:
    async with database.write() as session:
        await group(session)
        assert not await notify_once(session, GROUP, Notice.NO_RIGHTS, NOW)
        assert await notices(session) == []


async def test_what_waits_in_a_topic_goes_when_it_is_open_again(database: Database) -> None:
    async with database.write() as session:
        topic = await group(session, 5)
        topic.last_notice = Notice.TOPIC_CLOSED
        session.add(
            QueuedMessage(
                chat_id=topic.id,
                kind=MessageKind.AFFIRMATION,
                occurrence_at=NOW,
                send_after=NOW + timedelta(minutes=15),
                send_before=NOW + timedelta(hours=6),
            )
        )
    async with database.write() as session:
        await reopen(session, GROUP, 5, NOW)
    async with database.read() as session:
        message = (await session.scalars(select(QueuedMessage))).one()
        assert (message.send_after, message.state) == (NOW, MessageState.QUEUED)
        assert (await session.scalars(select(Chat.last_notice))).one() is None


async def test_a_facilitator_can_leave(database: Database) -> None:
    async with database.write() as session:
        first, second = await group(session), await group(session, 5)
        await facilitator(session, FACILITATOR, first, second)
        await add_facilitator(session, first, FACILITATOR, NOW)  # again: nothing more
        assert [chat.id for chat in await list_facilitated(session, FACILITATOR)] == [first.id, second.id]
        await remove_facilitator(session, FACILITATOR, first)
        assert [chat.id for chat in await list_facilitated(session, FACILITATOR)] == [second.id]
        await remove_facilitator(session, FACILITATOR)
        assert await list_facilitated(session, FACILITATOR) == []
        assert await is_reachable(session, FACILITATOR)
        assert not await is_reachable(session, TelegramId(99))


# Groups that move


async def test_every_row_moves_once(database: Database) -> None:
    async with database.write() as session:
        chat, topic = await group(session), await group(session, 5)
        await facilitator(session, FACILITATOR, chat, topic)
    for _ in range(3):
        async with database.write() as session:
            await move(session, GROUP, SUPERGROUP, NOW)
    async with database.read() as session:
        rows = await list_chats_of(session, SUPERGROUP)
        assert [(row.id, row.thread_id, row.kind) for row in rows] == [
            (chat.id, 0, "supergroup"),
            (topic.id, 5, "supergroup"),
        ]
        assert await list_chats_of(session, GROUP) == []
        assert len((await session.scalars(select(Facilitator))).all()) == 2


async def test_what_was_begun_under_the_new_number_takes_over_what_the_old_one_had(database: Database) -> None:
    async with database.write() as session:
        old = await group(session)
        old.shows_pictures, old.left_out = True, "being-seen"
        await facilitator(session, FACILITATOR, old)
        new = await get_or_create_chat(session, SUPERGROUP, "supergroup", NOW)
        await add_facilitator(session, new, FACILITATOR, NOW)
    async with database.write() as session:
        await move(session, GROUP, SUPERGROUP, NOW)
    async with database.read() as session:
        chat = await find_chat(session, SUPERGROUP)
        assert chat is not None
        assert (chat.id, chat.shows_pictures, chat.left_out, chat.zone) == (new.id, True, "being-seen", "Europe/Berlin")
        reminder = (await session.scalars(select(Reminder))).one()
        assert reminder.chat_id == new.id
        assert reminder.due_at is not None
        assert [row.chat_id for row in await session.scalars(select(Facilitator))] == [new.id]


# Rows of new chats and topics


async def test_a_topic_begins_as_its_group_is_set(database: Database) -> None:
    async with database.write() as session:
        chat = await group(session)
        chat.language, chat.shows_pictures = "es", True
        topic = await get_or_create_chat(session, GROUP, "supergroup", NOW, thread_id=5)
        assert (topic.language, topic.zone, topic.shows_pictures) == ("es", "Europe/Berlin", True)


@pytest.mark.parametrize("times", [2, 8])
async def test_begun_by_many_at_once_it_is_one_row(database: Database, times: int) -> None:
    async def begin() -> int:
        async with database.write() as session:
            return (await get_or_create_chat(session, GROUP, "group", NOW)).id

    assert len(set(await asyncio.gather(*(begin() for _ in range(times))))) == 1


async def test_a_stop_and_a_pause_survive_the_move(database: Database) -> None:
    until = NOW + timedelta(days=7)
    async with database.write() as session:
        stopped, paused = await group(session), await group(session, 5)
        await switch_off(session, stopped.id, OffReason.STOPPED, NOW)
        await pause(session, paused, until, NOW)
    async with database.write() as session:  # someone has asked for a sentence there already
        for thread_id in (0, 5):
            await get_or_create_chat(session, SUPERGROUP, "supergroup", NOW, thread_id=thread_id)
    async with database.write() as session:
        await move(session, GROUP, SUPERGROUP, NOW)
    async with database.read() as session:
        first, second = await list_chats_of(session, SUPERGROUP)
        assert first.off_reason == OffReason.STOPPED
        assert second.paused_until is not None
        due = {reminder.chat_id: reminder.due_at for reminder in await session.scalars(select(Reminder))}
        assert due[first.id] is None
        later = due[second.id]
        assert later is not None
        assert later > until - timedelta(days=1)


async def test_one_person_becomes_facilitator_twice_at_once(database: Database) -> None:
    async with database.write() as session:
        await group(session)

    async def begin() -> None:
        async with database.write() as session:
            chat = await find_chat(session, GROUP)
            assert chat
            await add_facilitator(session, chat, FACILITATOR, NOW)
            await asyncio.sleep(0.1)

    await asyncio.gather(begin(), begin())
    async with database.read() as session:
        assert len((await session.scalars(select(Facilitator))).all()) == 1
