"""Figures of what waits, what failed and who rests: counts, and nothing about anyone. For /metrics and `doctor`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, Failure, QueuedMessage, Reminder
from bot.database.values import FailedWork, OffReason
from bot.usecases.claims import IS_CLAIMED, WAITS


@dataclass(frozen=True)
class Figures:
    """Counts at one moment. Every kind of work and every reason is there, those without any as 0."""

    due: int  # messages that may go and are not on their way
    later: int  # messages that wait for their time
    sending: int
    overdue: int  # reminders whose time has come, and that are not queued
    oldest_due_at: datetime | None  # since when the oldest of the messages and reminders waits
    set_aside: dict[FailedWork, int]
    resting: dict[OffReason, int]

    def oldest_seconds(self, now: datetime) -> float:
        """Returns for how long the oldest that is due has waited; 0 if nothing is."""
        return max(0.0, (now - self.oldest_due_at).total_seconds()) if self.oldest_due_at else 0.0


async def read_figures(session: AsyncSession, now: datetime) -> Figures:
    """Reads all of them. What waits for a chat that gets nothing is not counted: it goes to nobody."""
    wanted = select(func.count(), func.min(QueuedMessage.send_after)).join(Chat, Chat.id == QueuedMessage.chat_id)
    queued = wanted.where(WAITS, Chat.off_reason.is_(None))
    due, oldest_message = (await session.execute(queued.where(QueuedMessage.send_after <= now))).one()
    later, _ = (await session.execute(queued.where(QueuedMessage.send_after > now))).one()
    sending = select(func.count()).where(IS_CLAIMED)
    waiting = select(func.count(), func.min(Reminder.due_at)).where(Reminder.due_at <= now)
    overdue, oldest_reminder = (await session.execute(waiting)).one()
    return Figures(
        due=due,
        later=later,
        sending=await session.scalar(sending) or 0,
        overdue=overdue,
        oldest_due_at=min((at for at in (oldest_message, oldest_reminder) if at), default=None),
        set_aside=await _set_aside(session),
        resting=await _resting(session),
    )


async def _set_aside(session: AsyncSession) -> dict[FailedWork, int]:
    query = select(Failure.work, func.count()).where(Failure.is_set_aside).group_by(Failure.work)
    found = dict((await session.execute(query)).all())
    return {work: found.get(work, 0) for work in FailedWork}


async def _resting(session: AsyncSession) -> dict[OffReason, int]:
    query = select(Chat.off_reason, func.count()).where(Chat.off_reason.is_not(None)).group_by(Chat.off_reason)
    found = dict((await session.execute(query)).all())
    return {reason: found.get(reason, 0) for reason in OffReason}
