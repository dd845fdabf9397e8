"""Finds or creates a chat; changes its settings; pauses, stops, moves and forgets it. For handlers and the outbox."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import (
    AppointmentPlan,
    Chat,
    Circle,
    Facilitator,
    HiddenAffirmation,
    Post,
    QueuedMessage,
    Reminder,
)
from bot.database.prepared import Prepared
from bot.database.values import BACK_WHEN_SEEN, MessageKind, MessageState, OffReason
from bot.domain.ids import ChatId, TelegramId
from bot.domain.schedule import quiet_ends_at
from bot.usecases.appointments.edit import reschedule as reschedule_appointments
from bot.usecases.reminders.again import reschedule_again
from bot.usecases.reminders.edit import move_skips, quiet_hours, reschedule

# Quiet hours of a new chat: nobody asked to be woken.
QUIET_START, QUIET_END = time(22), time(7)


async def find_chat(session: AsyncSession, telegram_id: TelegramId, thread_id: int = 0) -> Chat | None:
    """Returns the chat, or the topic of a group; None if it is not known."""
    query = select(Chat).where(Chat.telegram_id == telegram_id, Chat.thread_id == thread_id)
    return (await session.scalars(query)).one_or_none()


class ZoneOfChat(NamedTuple):
    """A chat that has said by which clock it lives."""

    telegram_id: TelegramId
    thread_id: int
    zone: str


async def zones_of_chats(session: AsyncSession) -> list[ZoneOfChat]:
    """Returns the time zone of every chat that has one. For the preview, which has few chats."""
    rows = await session.execute(select(Chat.telegram_id, Chat.thread_id, Chat.zone).where(Chat.zone.is_not(None)))
    return [ZoneOfChat(telegram_id, thread_id, zone) for telegram_id, thread_id, zone in rows if zone]


async def find_chat_by_id(session: AsyncSession, chat_id: ChatId) -> Chat | None:
    """Returns the chat with this row id; None if it was forgotten."""
    return await session.get(Chat, chat_id)


# Built once: it is asked by each command.
_NEAREST = (
    select(Chat)
    .where(Chat.telegram_id == bindparam("in_chat"), Chat.thread_id.in_((bindparam("in_topic"), 0)))
    .order_by(Chat.thread_id.desc())
    .limit(1)
)


async def find_nearest_chat(session: AsyncSession, telegram_id: TelegramId, thread_id: int) -> Chat | None:
    """Returns the topic's own row, or that of the group as a whole; None if neither is known."""
    return (await session.scalars(_NEAREST, {"in_chat": telegram_id, "in_topic": thread_id})).one_or_none()


async def list_chats_of(session: AsyncSession, telegram_id: TelegramId) -> Sequence[Chat]:
    """Returns a group's row and those of its topics."""
    query = select(Chat).where(Chat.telegram_id == telegram_id).order_by(Chat.thread_id)
    return (await session.scalars(query)).all()


class HowToSpeak(NamedTuple):
    """What was chosen in a chat; None for what was not. `rests`: it comes back when its person is seen."""

    language: str | None = None
    practice: str | None = None
    clock: int | None = None  # of 12 or 24 hours
    zone: str | None = None
    rests: bool | None = None


# Asked for each update.
_HOW_TO_SPEAK = Prepared(
    lambda _database: (
        select(
            Chat.language,
            Chat.practice,
            Chat.clock,
            Chat.zone,
            and_(Chat.telegram_id > 0, or_(*(Chat.off_reason == reason for reason in BACK_WHEN_SEEN))),
        )
        .where(Chat.telegram_id == bindparam("telegram_id"))
        .order_by(Chat.thread_id != bindparam("thread_id"), Chat.thread_id)
        .limit(1)
    )
)


async def find_how_to_speak(database: Database, telegram_id: TelegramId, thread_id: int = 0) -> HowToSpeak | None:
    """Returns how the chat is spoken to; None if it is not known. A topic without a row of its own has its group's."""
    given = {"telegram_id": telegram_id, "thread_id": thread_id}
    rows = await database.read_at_once(lambda connection: _HOW_TO_SPEAK.rows(connection, database, **given))
    return HowToSpeak(*rows[0]) if rows else None


async def get_or_create_chat(
    session: AsyncSession,
    telegram_id: TelegramId,
    kind: str,
    now: datetime,
    *,
    thread_id: int = 0,
    left_out: Collection[str] = (),
) -> Chat:
    """Returns the chat, created if it is new, without the themes `left_out`. Two calls at once create one.

    A new topic gets its group's settings.
    """
    if chat := await find_chat(session, telegram_id, thread_id):
        return chat
    siblings = await list_chats_of(session, telegram_id)
    chat = Chat(
        telegram_id=telegram_id,
        thread_id=thread_id,
        kind=kind,
        quiet_start=QUIET_START,
        quiet_end=QUIET_END,
        left_out=",".join(sorted(left_out)),
        seed=secrets.randbelow(2**31),
        created_at=now,
    )
    if siblings:
        _take_settings(chat, siblings[0])
    try:
        async with session.begin_nested():
            session.add(chat)
    except IntegrityError:  # unique on the Telegram id: another call has just created it
        found = await find_chat(session, telegram_id, thread_id)
        if found is None:
            raise
        return found
    return chat


async def set_zone(session: AsyncSession, chat: Chat, zone: str, now: datetime) -> None:
    """Sets the time zone, an IANA name, and reschedules the chat's reminders. A journey ends with it."""
    await move_skips(session, chat, zone)
    chat.zone, chat.home_zone, chat.travels_until = zone, None, None
    await _reschedule_all(session, chat, now)


async def set_quiet_hours(session: AsyncSession, chat: Chat, hours: tuple[time, time] | None, now: datetime) -> None:
    """Sets the quiet hours (start and end in local time; None: none), and reschedules the chat's reminders."""
    chat.quiet_start, chat.quiet_end = hours or (None, None)
    await _reschedule_all(session, chat, now)


def zone_of(chat: Chat) -> ZoneInfo:
    """Returns the chat's time zone; UTC until one is chosen."""
    return ZoneInfo(chat.zone or "UTC")


async def pause(session: AsyncSession, chat: Chat, until: datetime, now: datetime) -> datetime:
    """Sends nothing until then. Returns when reminders come back: `until`, moved out of quiet hours."""
    chat.paused_until = quiet_ends_at(until, zone=zone_of(chat), quiet=quiet_hours(chat.quiet_start, chat.quiet_end))
    await withdraw_queued(session, chat.id)
    await _reschedule_all(session, chat, now)
    return chat.paused_until


async def resume(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """Ends a pause or a stop, and switches the chat on again after a block."""
    chat.paused_until = chat.off_reason = chat.off_at = chat.left_at = chat.last_notice = None
    chat.refusals = 0
    await _reschedule_all(session, chat, now)


async def switch_off(session: AsyncSession, chat_id: ChatId, reason: OffReason, now: datetime) -> None:
    """Sends nothing to this chat any more. Its reminders have no due time until `resume`.

    A person's /stop stays the reason, whatever happens to the chat afterwards.
    """
    is_stopped = func.coalesce(Chat.off_reason, "") == OffReason.STOPPED
    if reason in (OffReason.BLOCKED, OffReason.GONE):
        await session.execute(update(Chat).where(Chat.id == chat_id, Chat.left_at.is_(None)).values(left_at=now))
    await session.execute(
        update(Chat).where(Chat.id == chat_id, ~is_stopped).values(off_reason=reason, off_at=now, paused_until=None)
    )
    await session.execute(update(Reminder).where(Reminder.chat_id == chat_id).values(due_at=None))
    await session.execute(update(AppointmentPlan).where(AppointmentPlan.chat_id == chat_id).values(next_at=None))
    await withdraw_queued(session, chat_id, notices=reason != OffReason.STOPPED)


async def _reschedule_all(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """Sets anew when reminders and what comes around sessions are due: first what keeps the others quiet."""
    await reschedule_appointments(session, chat, now)
    await reschedule(session, chat, now)
    await reschedule_again(session, chat, now)


async def withdraw_queued(session: AsyncSession, chat_id: ChatId, *, notices: bool = False) -> None:
    """Skips what is queued for this chat; notices about the groups that a person looks after only if asked to."""
    statement = update(QueuedMessage).where(
        QueuedMessage.chat_id == chat_id, QueuedMessage.state == MessageState.QUEUED
    )
    if not notices:
        statement = statement.where(QueuedMessage.kind != MessageKind.NOTICE)
    await session.execute(statement.values(state=MessageState.SKIPPED))


async def is_back(session: AsyncSession, telegram_id: TelegramId) -> None:
    """Notes that a chat is not gone any more: it is not erased. What was stopped there stays stopped."""
    gone = Chat.telegram_id == telegram_id, Chat.left_at.is_not(None)
    await session.execute(update(Chat).where(*gone).values(left_at=None))


async def move(session: AsyncSession, old: TelegramId, new: TelegramId, now: datetime) -> None:
    """Gives the rows of a group that became a supergroup its new Telegram id. Safe to call again.

    A chat that exists under the new id already takes over what the old one had.
    """
    for chat in await list_chats_of(session, old):
        begun = await find_chat(session, new, chat.thread_id)
        if begun is None:
            chat.telegram_id, chat.kind = new, "supergroup"
            # Its messages have other ids there.
            await session.execute(delete(Post).where(Post.chat_id == chat.id))
            continue
        _take_settings(begun, chat)
        begun.hushed_until = chat.hushed_until
        if chat.off_reason == OffReason.STOPPED or chat.paused_until:
            begun.off_reason, begun.off_at, begun.paused_until = chat.off_reason, chat.off_at, chat.paused_until
        await _hand_over(session, chat, begun)
        await session.execute(delete(Chat).where(Chat.id == chat.id))
        await session.refresh(begun)
        await reschedule(session, begun, now)


async def leave_topic(session: AsyncSession, chat: Chat, now: datetime) -> Chat:
    """Moves the reminders of a deleted topic to the group's General. Returns General's row."""
    general = await find_chat(session, chat.telegram_id)
    if general is None:
        chat.thread_id = 0
        await resume(session, chat, now)
        return chat
    await _hand_over(session, chat, general)
    await session.execute(delete(Chat).where(Chat.id == chat.id))
    if general.off_reason == OffReason.STOPPED or general.paused_until:
        await reschedule(session, general, now)  # its own stop or pause stays
    else:
        await resume(session, general, now)
    return general


async def _hand_over(session: AsyncSession, chat: Chat, heir: Chat) -> None:
    """Moves reminders, queued messages, facilitators, hidden affirmations and an open circle to another row."""
    await session.flush()
    for table in (Reminder, QueuedMessage):
        await session.execute(update(table).where(table.chat_id == chat.id).values(chat_id=heir.id))
    known = select(Facilitator.person_id).where(Facilitator.chat_id == heir.id)
    await session.execute(
        update(Facilitator)
        .where(Facilitator.chat_id == chat.id, Facilitator.person_id.not_in(known.scalar_subquery()))
        .values(chat_id=heir.id)
        .execution_options(synchronize_session=False)
    )
    hidden = select(HiddenAffirmation.affirmation_id).where(HiddenAffirmation.chat_id == heir.id)
    await session.execute(
        update(HiddenAffirmation)
        .where(HiddenAffirmation.chat_id == chat.id, HiddenAffirmation.affirmation_id.not_in(hidden.scalar_subquery()))
        .values(chat_id=heir.id)
        .execution_options(synchronize_session=False)
    )
    if await session.get(Circle, heir.id) is None:  # its messages have other ids from now on
        circle = update(Circle).where(Circle.chat_id == chat.id).values(chat_id=heir.id, message_id=0)
        await session.execute(circle.execution_options(synchronize_session=False))


def _take_settings(chat: Chat, other: Chat) -> None:
    for name in ("language", "practice", "zone", "quiet_start", "quiet_end", "is_silent", "shows_pictures", "left_out"):
        setattr(chat, name, getattr(other, name))
