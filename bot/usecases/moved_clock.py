"""A clock that ran ahead and was put back: what was planned meanwhile comes back with it. Called by `scheduler`.

Only what lies further ahead than the clock had run is touched: it can only have been planned by the wrong time, or is
planned for the same moment again. What was sent in that time stays sent: unique on the reminder and its occurrence.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import AppointmentPlan, Chat, Circle, Conversation, LookAsking, QueuedMessage, Reminder
from bot.database.values import MessageState
from bot.domain.ids import NO_CHAT
from bot.domain.steady_clock import SteadyClock
from bot.usecases.appointments.edit import reschedule as reschedule_appointments
from bot.usecases.claims import ERROR_TOO_LATE, IS_CLAIMED, WAITS
from bot.usecases.memories import recall, remember
from bot.usecases.reminders.edit import reschedule

log = logging.getLogger(__name__)

AT_ONCE = 20  # chats in a transaction, for which others wait
PUT_BACK = timedelta(minutes=10)  # less is a correction, and harms nothing: what it moved is late or early by less
REMEMBER_AGAIN = timedelta(minutes=1)
CLOCK = "clock"  # the name of what is remembered: what the clock said last
SURE_CLOCK = "sure clock"  # and what it said when it was last sure


class MovedClock:
    """Notices that the clock was put back, also while the program was not running."""

    def __init__(self, database: Database, steady: SteadyClock) -> None:
        self._database = database
        self._steady = steady
        self._latest: datetime | None = None  # the latest time that was read since it was put back; None: unknown yet
        self._remembered: datetime | None = None

    async def check(self, now: datetime) -> None:
        """Plans anew what was planned by a wrong time, if `now` is behind it. For the process that has the lead.

        Raises DATABASE_ERRORS; then it is done the next time. Two processes that do it at once do no harm.
        """
        if self._latest is None:
            latest, sure = await self._recall(CLOCK), await self._recall(SURE_CLOCK)
            self._steady.recall(sure)
            self._latest = latest or now
        if now < self._latest - PUT_BACK:
            await bring_back(self._database, now, self._latest - now)
            self._latest, self._remembered = now, None
        self._latest = max(self._latest, now)
        if self._remembered is None or self._latest - self._remembered >= REMEMBER_AGAIN:
            async with self._database.write() as session:
                await remember(session, self._database, CLOCK, self._latest.isoformat())
                if self._steady.is_sure():
                    await remember(session, self._database, SURE_CLOCK, now.isoformat())
            self._remembered = self._latest

    async def _recall(self, name: str) -> datetime | None:
        async with self._database.read() as session:
            written = await recall(session, name)
        return datetime.fromisoformat(written) if written else None


async def bring_back(database: Database, now: datetime, ahead: timedelta) -> None:
    """Plans anew what was planned while the clock was `ahead`. Safe to call again."""
    wrong = now + ahead
    async with database.write() as session:
        await _bring_moments_back(session, now, wrong, ahead)
    last, count = NO_CHAT, 0
    while True:
        async with database.write() as session:
            query = select(Chat).where(Chat.id > last, _is_planned_after(wrong)).order_by(Chat.id).limit(AT_ONCE)
            chats = (await session.scalars(query)).all()
            for chat in chats:
                try:
                    async with session.begin_nested():
                        await reschedule_appointments(session, chat, now)
                        await reschedule(session, chat, now)
                except ValueError:  # a rule that cannot be read is set aside when it is due
                    log.warning("something of a chat cannot be read", extra={"chat": chat.id})
        if not chats:
            break
        last, count = chats[-1].id, count + len(chats)
    log.warning("the clock was put back: what is due was planned anew", extra={"chats": count})


def _is_planned_after(wrong: datetime) -> ColumnElement[bool]:
    tables = ((Reminder, Reminder.due_at), (AppointmentPlan, AppointmentPlan.next_at), (LookAsking, LookAsking.next_at))
    return or_(*(exists().where(table.chat_id == Chat.id, moment > wrong) for table, moment in tables))


async def _bring_moments_back(session: AsyncSession, now: datetime, wrong: datetime, ahead: timedelta) -> None:
    """What waits for a moment of the wrong time does not wait for it; what was too late by it is not; what was seen
    then was seen now.
    """
    planned = update(QueuedMessage).where(WAITS, QueuedMessage.occurrence_at > wrong)
    await session.execute(planned.values(state=MessageState.SKIPPED))
    put_off = update(QueuedMessage).where(WAITS, QueuedMessage.send_after > wrong, QueuedMessage.again_of.is_(None))
    await session.execute(put_off.values(send_after=now))
    late = (
        QueuedMessage.state == MessageState.SKIPPED,
        QueuedMessage.error == ERROR_TOO_LATE,
        QueuedMessage.send_before > now,
    )
    await session.execute(update(QueuedMessage).where(*late).values(state=MessageState.QUEUED, error=None))
    held = update(QueuedMessage).where(IS_CLAIMED, QueuedMessage.claimed_until > wrong)
    await session.execute(held.values(claimed_until=now))
    for table in (Conversation, Circle):
        await session.execute(update(table).where(table.wake_at > wrong).values(wake_at=now))
    await session.execute(update(Chat).where(Chat.hushed_until > wrong).values(hushed_until=None))
    for moment in (Chat.last_seen_at, Chat.caught_up_at, Chat.asked_at, Chat.left_at):
        behind = now + ahead / 2  # nothing has been seen in the future
        await session.execute(update(Chat).where(moment > behind).values({moment.key: now}))
