"""The rows of messages that were put off and come again: when they may. For `later`, `chats` and the outbox."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, QueuedMessage
from bot.database.values import MessageKind, MessageState
from bot.domain.schedule import quiet_starts_at
from bot.usecases.reminders.edit import GRACE, out_of_quiet_hours, quiet_hours

AGAIN = "again"


class AgainRef(NamedTuple):
    """What notice_ref says of such a row: whose message it was, and the local time that was chosen, if one was."""

    reminder_id: int
    wall: datetime | None


def again_ref(reminder_id: int, wall: datetime | None) -> str:
    """Returns the notice_ref; `wall` is local and naive."""
    return f"{AGAIN}:{reminder_id}:{wall:%Y-%m-%dT%H:%M}" if wall else f"{AGAIN}:{reminder_id}:"


def read_again_ref(notice_ref: str | None) -> AgainRef:
    """Reads the notice_ref. Raises ValueError for another one."""
    name, reminder_id, wall = (notice_ref or "").split(":", 2)
    if name != AGAIN:
        raise ValueError("this row is of no message that comes again")
    return AgainRef(int(reminder_id), datetime.fromisoformat(wall) if wall else None)


def allowed(chat: Chat, at: datetime) -> datetime:
    """Returns the moment, or when a pause, the hush or the hours around a session are over, out of quiet hours."""
    held_until = max(chat.paused_until or at, chat.hushed_until or at, chat.quiet_until or at)
    return out_of_quiet_hours(chat, max(at, held_until))


def times_of(chat: Chat, at: datetime) -> dict[str, datetime]:
    """Returns the columns that say when the row is sent: not in quiet hours, nor much too late."""
    quiet = quiet_hours(chat.quiet_start, chat.quiet_end)
    ends = quiet_starts_at(at, zone=ZoneInfo(chat.zone or "UTC"), quiet=quiet)
    return {"send_after": at, "send_before": min(at + GRACE, ends) if ends else at + GRACE}


async def reschedule_again(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """Moves what comes again out of new quiet hours; "this evening" and "tomorrow morning" move with the zone.

    Conditional on the state: what is being sent already stays as it is.
    """
    query = select(QueuedMessage.id, QueuedMessage.notice_ref, QueuedMessage.send_after).where(
        QueuedMessage.chat_id == chat.id,
        QueuedMessage.kind == MessageKind.AGAIN,
        QueuedMessage.state == MessageState.QUEUED,
    )
    for row_id, notice_ref, at in (await session.execute(query)).all():
        wall = read_again_ref(notice_ref).wall
        if wall:
            at = wall.replace(tzinfo=ZoneInfo(chat.zone or "UTC")).astimezone(now.tzinfo)  # noqa: PLW2901 - the same
        times = times_of(chat, allowed(chat, max(at, now)))
        waits = QueuedMessage.id == row_id, QueuedMessage.state == MessageState.QUEUED
        await session.execute(update(QueuedMessage).where(*waits).values(times))
