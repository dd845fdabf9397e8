"""Adds, changes, pauses and removes reminders, and sets their next due time. Called by handlers and `chats`."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, LookAsking, Reminder
from bot.database.writes import changed
from bot.domain.pairs import makes_pair
from bot.domain.schedule import Daily, Once, QuietHours, Spread, next_due, quiet_ends_at, read_rule, write_rule

# How late is too late: a message for the morning may come at noon, not at night. Also for one that was put off.
GRACE = timedelta(hours=6)
# A repeating reminder that a session holds back waits no longer than this, and not if it comes so soon again anyway.
MOST_WAIT, COMES_SOON = timedelta(hours=6), timedelta(hours=1)
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
    reminder.rule, reminder.due_at = write_rule(rule), None
    reminder.is_paused, reminder.skip_until = False, None
    reminder.due_at = _due_at(reminder, chat, now)


def schedule_anew(reminder: Reminder, chat: Chat, now: datetime) -> None:
    """Sets the due time of one reminder."""
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


async def partners_of(session: AsyncSession, chat: Chat, reminder: Reminder) -> list[Reminder]:
    """Returns this reminder, alone or with another one, if they are a morning and an evening; else none."""
    others = [other for other in await list_reminders(session, chat) if other.id != reminder.id and other.due_at]
    candidates = [[reminder], *([reminder, other] for other in others if not other.is_paused)]
    fitting = (pair for pair in candidates if makes_pair([read_rule(one.rule) for one in pair]))
    return next(fitting, [])


async def set_paired(session: AsyncSession, chat: Chat, reminder: Reminder, *, is_paired: bool) -> bool:
    """Lets morning and evening belong together, or not. Returns False if they are no pair. The same twice is once."""
    partners = await partners_of(session, chat, reminder)
    for partner in partners if is_paired else await list_reminders(session, chat):
        partner.is_paired = is_paired
    return bool(partners) or not is_paired


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
        asking.next_at = next_at_of(asking.rule, chat, now)


async def wait_for_quiet(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """Puts off what is due before the chat's `quiet_until`, so that little is lost and nothing piles up after it.

    Those that come once wait, and the first of the others, unless it would wait too long or come soon again.
    """
    if chat.quiet_until is None:
        return
    later, has_one = out_of_quiet_hours(chat, chat.quiet_until), False
    due = [reminder for reminder in await list_reminders(session, chat) if reminder.due_at]
    for reminder in sorted(due, key=lambda reminder: reminder.due_at or now):
        if reminder.due_at is None or reminder.due_at >= chat.quiet_until:
            continue
        following, waits = _due_at(reminder, chat, now), later - reminder.due_at <= MOST_WAIT
        comes_soon = following is not None and following - later < COMES_SOON
        if following is None or (waits and not has_one and not comes_soon):
            has_one, following = True, later
        reminder.due_at = following


async def move_skips(session: AsyncSession, chat: Chat, zone: str | None) -> None:
    """Keeps what is skipped at its local time when the chat's zone changes to this one."""
    before, after = ZoneInfo(chat.zone or "UTC"), ZoneInfo(zone or "UTC")
    for reminder in await list_reminders(session, chat):
        if reminder.skip_until:
            reminder.skip_until = reminder.skip_until.astimezone(before).replace(tzinfo=after).astimezone(UTC)


def quiet_hours(start: time | None, end: time | None) -> QuietHours | None:
    """Returns a chat's quiet hours for `schedule`; None if it has none."""
    return None if start is None or end is None else QuietHours(start, end)


def out_of_quiet_hours(chat: Chat, moment: datetime) -> datetime:
    """Returns the moment, or the end of the chat's quiet hours if it falls into them."""
    quiet = quiet_hours(chat.quiet_start, chat.quiet_end)
    return quiet_ends_at(moment, zone=ZoneInfo(chat.zone or "UTC"), quiet=quiet)


def due_after(reminder: Reminder, chat: Chat, after: datetime) -> datetime | None:
    """Returns the reminder's first occurrence later than `after`."""
    return _occurrence_after(reminder.rule, chat, after, seed=chat.seed + reminder.id)


def next_at_of(rule: str, chat: Chat, now: datetime) -> datetime | None:
    """Returns when a written rule that is no reminder is due next, after a pause; None while the chat is off."""
    if chat.off_reason is not None:
        return None
    return _occurrence_after(rule, chat, max(now, chat.paused_until or now), seed=chat.seed)


def _occurrence_after(rule: str, chat: Chat, after: datetime, *, seed: int) -> datetime | None:
    return next_due(
        read_rule(rule),
        zone=ZoneInfo(chat.zone or "UTC"),
        quiet=quiet_hours(chat.quiet_start, chat.quiet_end),
        after=after,
        seed=seed,
    )


def _due_at(reminder: Reminder, chat: Chat, now: datetime) -> datetime | None:
    if reminder.is_paused or chat.off_reason is not None:
        return None
    after = max(now, chat.paused_until or now, reminder.skip_until or now)
    comes_once = isinstance(read_rule(reminder.rule), Once)
    if chat.quiet_until and not comes_once:
        after = max(after, chat.quiet_until)
    due_at = due_after(reminder, chat, after)
    if due_at is None and comes_once and reminder.due_at and reminder.due_at > after:
        due_at = out_of_quiet_hours(chat, reminder.due_at)  # it was put off, and still comes
    held_until = max(chat.hushed_until or now, chat.quiet_until or now)
    if due_at and due_at < held_until:
        return out_of_quiet_hours(chat, held_until)  # put off, so that one that comes once is not lost
    return due_at
