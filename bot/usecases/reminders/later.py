"""Puts a message off (snooze), and skips the next occurrence. Called by `handlers.later`.

Neither shifts the rhythm: what comes again is a queued message of its own, and a skip only moves `due_at` on by one.
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import MessageKind, MessageState
from bot.database.writes import changed
from bot.domain.schedule import Later, comes_at, wall_of
from bot.usecases.reminders.again import again_ref, allowed, times_of
from bot.usecases.reminders.edit import due_after, find_reminder, quiet_hours, schedule_anew


class PutOff(NamedTuple):
    """Which message was put off, in Telegram, and what it said: "" is its reminder's own text, own:<id> a sentence."""

    message_id: int
    reminder_id: int
    affirmation_id: str


def choices_of(chat: Chat, now: datetime) -> dict[Later, datetime]:
    """Returns when each choice comes; without those that there is no room for today."""
    moments = {later: _comes_at(chat, later, now) for later in Later}
    return {later: at for later, at in moments.items() if at}


async def put_off(
    database: Database, session: AsyncSession, chat: Chat, message: PutOff, later: Later, now: datetime
) -> datetime | None:
    """Queues the message once more, and returns when it comes. None if that is past, or it is being sent right now.

    Unique on the message that was put off: tapped twice, in two processes or with another choice, it is one row.
    """
    at = _comes_at(chat, later, now)
    if at is None:
        return None
    values: dict[str, object] = {"state": MessageState.QUEUED, "attempts": 0, "sent_at": None, "error": None}
    values |= times_of(chat, at) | {
        "affirmation_id": message.affirmation_id or None,
        "notice_ref": again_ref(message.reminder_id, wall_of(later, _local(chat, now))),
    }
    row = {"chat_id": chat.id, "again_of": message.message_id, "kind": MessageKind.AGAIN, "occurrence_at": now}
    connection = await session.connection()
    await connection.execute(database.insert_new(QueuedMessage), [row | values])
    statement = update(QueuedMessage).where(_is_again_of(chat, message), QueuedMessage.state != MessageState.SENDING)
    return at if await changed(session, statement.values(values)) else None


async def take_back(session: AsyncSession, chat: Chat, message: PutOff) -> bool:
    """Does not send the message again. Returns False if it has come already."""
    statement = update(QueuedMessage).where(_is_again_of(chat, message), QueuedMessage.state == MessageState.QUEUED)
    return await changed(session, statement.values(state=MessageState.SKIPPED)) > 0


async def next_of(session: AsyncSession, chat: Chat, reminder_id: int, now: datetime) -> datetime | None:
    """Returns the occurrence that can be skipped; None if there is none, or one is skipped already."""
    reminder = await find_reminder(session, chat, reminder_id)
    if reminder is None or reminder.due_at is None or skipped_in(reminder, now):
        return None
    return reminder.due_at if reminder.due_at > now else None  # else it is on its way


def skipped_in(reminder: Reminder, now: datetime) -> datetime | None:
    """Returns the occurrence that is being skipped; None if none is."""
    return reminder.skip_until if reminder.skip_until and reminder.skip_until > now else None


async def skip_next(session: AsyncSession, chat: Chat, reminder: Reminder, now: datetime) -> bool:
    """Skips the next occurrence. Returns False if another tap, or the occurrence itself, was quicker.

    A conditional update on the due time that was read, where nothing is skipped yet: a double tap skips one.
    """
    if reminder.due_at is None or reminder.due_at <= now:
        return False
    statement = update(Reminder).where(
        Reminder.id == reminder.id,
        Reminder.due_at == reminder.due_at,
        or_(Reminder.skip_until.is_(None), Reminder.skip_until <= now),
    )
    following = due_after(reminder, chat, reminder.due_at)
    written = await changed(session, statement.values(skip_until=reminder.due_at, due_at=following))
    await session.refresh(reminder)
    return written > 0


async def do_not_skip(session: AsyncSession, chat: Chat, reminder: Reminder, now: datetime) -> bool:
    """Takes a skip back. Returns False if nothing is skipped any more."""
    skipped = skipped_in(reminder, now)
    if skipped is None:
        return False
    statement = update(Reminder).where(Reminder.id == reminder.id, Reminder.skip_until == skipped)
    written = await changed(session, statement.values(skip_until=None))
    await session.refresh(reminder)
    reminder.due_at = skipped  # where one that comes once was put off to
    schedule_anew(reminder, chat, now)
    return written > 0


def _comes_at(chat: Chat, later: Later, now: datetime) -> datetime | None:
    at = comes_at(
        later, now=now, zone=ZoneInfo(chat.zone or "UTC"), quiet=quiet_hours(chat.quiet_start, chat.quiet_end)
    )
    return allowed(chat, at) if at else None


def _local(chat: Chat, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(chat.zone or "UTC")).replace(tzinfo=None)


def _is_again_of(chat: Chat, message: PutOff) -> ColumnElement[bool]:
    return and_(QueuedMessage.chat_id == chat.id, QueuedMessage.again_of == message.message_id)
