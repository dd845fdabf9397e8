"""Adds, changes, pauses and removes reminders, and sets their next due time. Called by handlers and `chats`."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, LookAsking, Reminder
from bot.database.writes import changed
from bot.domain.schedule import Daily, Once, QuietHours, Spread, next_due, quiet_ends_at, read_rule, write_rule

MOST_REMINDERS = 10  # in one chat; more would be a flood, and a list nobody reads


class TooManyError(Exception):
    """The chat has MOST_REMINDERS already."""


async def list_reminders(session: AsyncSession, chat: Chat) -> list[Reminder]:
    """Returns the chat's reminders, the oldest first."""
    query = select(Reminder).where(Reminder.chat_id == chat.id).order_by(Reminder.id)
    return list((await session.scalars(query)).all())


async def find_reminder(session: AsyncSession, chat: Chat, reminder_id: int) -> Reminder | None:
    """Returns the reminder if it is the chat's own: a forged id finds nothing."""
    query = select(Reminder).where(Reminder.chat_id == chat.id, Reminder.id == reminder_id)
    return (await session.scalars(query)).one_or_none()


async def add_reminder(
    session: AsyncSession,
    chat: Chat,
    rule: Daily | Spread | Once,
    now: datetime,
    *,
    encrypted_text: str | None = None,
) -> Reminder:
    """Adds a reminder. The same rule twice stays one reminder: a double tap does no harm. Raises TooManyError.

    With a text of its own it stays beside others of the same rule.
    """
    written = write_rule(rule)
    for known in await list_reminders(session, chat):
        is_same = known.rule == written and known.encrypted_text == encrypted_text
        if is_same and known.due_at is not None:
            return known
    count = await session.scalar(select(func.count()).where(Reminder.chat_id == chat.id))
    if (count or 0) >= MOST_REMINDERS:
        raise TooManyError
    reminder = Reminder(chat_id=chat.id, rule=written, is_paused=False, created_at=now, encrypted_text=encrypted_text)
    session.add(reminder)
    await session.flush()
    reminder.due_at = _due_at(reminder, chat, now)
    return reminder


def change_rule(reminder: Reminder, chat: Chat, rule: Daily | Spread | Once, now: datetime) -> None:
    """Gives the reminder another rule, and ends its pause."""
    reminder.rule = write_rule(rule)
    reminder.is_paused = False
    reminder.due_at = _due_at(reminder, chat, now)


def set_paused(reminder: Reminder, chat: Chat, now: datetime, *, is_paused: bool) -> None:
    """Pauses or resumes one reminder."""
    reminder.is_paused = is_paused
    reminder.due_at = _due_at(reminder, chat, now)


def themes_of(reminder: Reminder) -> set[str]:
    """Returns the themes of its messages; empty for any."""
    return set(filter(None, (reminder.themes or "").split(",")))


async def choose_theme(session: AsyncSession, reminder: Reminder, theme: str, *, is_in: bool) -> None:
    """Takes a theme in, or out. Read under a lock: of two who choose at once, the second sees the first's choice."""
    await session.refresh(reminder, ["themes"], with_for_update=True)
    themes = themes_of(reminder)
    reminder.themes = ",".join(sorted(themes | {theme} if is_in else themes - {theme})) or None


async def remove_reminder(session: AsyncSession, chat: Chat, reminder_id: int) -> bool:
    """Removes a reminder. Returns False if there is none: of two taps at once the second finds nothing."""
    statement = delete(Reminder).where(Reminder.chat_id == chat.id, Reminder.id == reminder_id)
    return await changed(session, statement) > 0


async def remove_all(session: AsyncSession, chat: Chat) -> None:
    """Removes all reminders of the chat."""
    await session.execute(delete(Reminder).where(Reminder.chat_id == chat.id))


async def reschedule(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """Sets the due time of all reminders, and of /look's question, when zone, quiet hours or pause have changed."""
    for reminder in await list_reminders(session, chat):
        reminder.due_at = _due_at(reminder, chat, now)
    if asking := await session.get(LookAsking, chat.id):
        asking.next_at = next_at_of(chat, asking.rule, now, seed=chat.seed)


def quiet_hours(start: time | None, end: time | None) -> QuietHours | None:
    """Returns a chat's quiet hours for `schedule`; None if it has none."""
    return None if start is None or end is None else QuietHours(start, end)


def out_of_quiet_hours(chat: Chat, moment: datetime) -> datetime:
    """Returns the moment, or the end of the chat's quiet hours if it falls into them."""
    quiet = quiet_hours(chat.quiet_start, chat.quiet_end)
    return quiet_ends_at(moment, zone=ZoneInfo(chat.zone or "UTC"), quiet=quiet)


def next_at_of(chat: Chat, rule: str, now: datetime, *, seed: int) -> datetime | None:
    """Returns when a written rule is due next in this chat, after a pause; None while it is switched off."""
    if chat.off_reason is not None:
        return None
    return next_due(
        read_rule(rule),
        zone=ZoneInfo(chat.zone or "UTC"),
        quiet=quiet_hours(chat.quiet_start, chat.quiet_end),
        after=max(now, chat.paused_until or now),
        seed=seed,
    )


def _due_at(reminder: Reminder, chat: Chat, now: datetime) -> datetime | None:
    due_at = None if reminder.is_paused else next_at_of(chat, reminder.rule, now, seed=chat.seed + reminder.id)
    if due_at and chat.hushed_until and now < chat.hushed_until and due_at < chat.hushed_until:
        return out_of_quiet_hours(chat, chat.hushed_until)  # put off, so that one that comes once is not lost
    return due_at
