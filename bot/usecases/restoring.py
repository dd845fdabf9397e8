"""What an old copy of the database must not do again: the past stays past. Called by `copies`, before the bot runs.

The copy does not know what happened after it was made. So nothing of which the moment has passed is made up for:
what was queued is skipped, and what is due goes on from now. What is still to come is left as it is.
"""

import logging
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import AppointmentPlan, Chat, Conversation, LookAsking, QueuedMessage, Reminder
from bot.database.values import MessageState
from bot.database.writes import changed
from bot.usecases import circles
from bot.usecases.appointments import edit as appointments
from bot.usecases.claims import IS_CLAIMED, WAITS
from bot.usecases.reminders.edit import next_at_of, schedule_anew

log = logging.getLogger(__name__)


async def leave_out_past(database: Database, now: datetime) -> int:
    """Does so in one transaction; returns how many messages and due times were passed over. Twice does no harm."""
    async with database.write() as session:
        count = await _skip_queued(session, now)
        await _end_pauses(session, now)
        count += await _move_reminders(session, now)
        count += await _move_askings(session, now)
        count += await _move_appointments(session, now)
        # A conversation waits for its person, as it stands; a circle of that day is over.
        await session.execute(update(Conversation).where(Conversation.wake_at <= now).values(wake_at=None))
        await circles.clear_due(session, now)
    return count


async def _skip_queued(session: AsyncSession, now: datetime) -> int:
    """What was claimed when the copy was made has most likely been sent."""
    is_past = or_(IS_CLAIMED, and_(WAITS, QueuedMessage.send_after <= now))
    skipped = {"state": MessageState.SKIPPED, "claimed_until": None}
    return await changed(session, update(QueuedMessage).where(is_past).values(skipped))


async def _end_pauses(session: AsyncSession, now: datetime) -> None:
    """Ends pauses without a word, and lets the months of silence begin anew: who was there meanwhile is not known."""
    await session.execute(update(Chat).where(Chat.paused_until <= now).values(paused_until=None))
    await session.execute(update(Chat).where(Chat.last_seen_at.is_not(None)).values(last_seen_at=now, asked_at=None))
    session.expire_all()


async def _move_reminders(session: AsyncSession, now: datetime) -> int:
    query = select(Reminder, Chat).join(Chat, Chat.id == Reminder.chat_id).where(Reminder.due_at <= now)
    rows = (await session.execute(query)).all()
    for reminder, chat in rows:
        try:
            schedule_anew(reminder, chat, now)
        except ValueError:  # one that cannot be read is set aside when it is due
            log.warning("a reminder cannot be read", extra={"reminder": reminder.id})
    return len(rows)


async def _move_askings(session: AsyncSession, now: datetime) -> int:
    query = select(LookAsking, Chat).join(Chat, Chat.id == LookAsking.chat_id).where(LookAsking.next_at <= now)
    rows = (await session.execute(query)).all()
    for asking, chat in rows:
        try:
            asking.next_at = next_at_of(asking.rule, chat, now)
        except ValueError:
            log.warning("when to ask cannot be read", extra={"chat": chat.id})
    return len(rows)


async def _move_appointments(session: AsyncSession, now: datetime) -> int:
    query = select(Chat).join(AppointmentPlan, AppointmentPlan.chat_id == Chat.id).where(AppointmentPlan.next_at <= now)
    chats = (await session.scalars(query)).all()
    for chat in chats:
        await appointments.reschedule(session, chat, now)
    return len(chats)
