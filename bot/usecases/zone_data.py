"""Due times under new zone data: computed anew at the first start with them, beside the running bot. Called by `app`.

Countries change their clocks, and a moment that was computed before is then an hour off. Doing it twice changes
nothing: two processes, or a kill in the middle, do no harm.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import AppointmentPlan, Chat, LookAsking
from bot.usecases.appointments import edit as appointments
from bot.usecases.memories import recall, remember
from bot.usecases.reminders.edit import list_reminders, next_at_of, schedule_anew

log = logging.getLogger(__name__)

ZONE_DATA = "zone data"  # the name of what is remembered
CHATS_AT_ONCE = 25  # in a transaction: some milliseconds, so that a tap does not wait for it
HALF_A_DAY = timedelta(hours=12)


async def compute_anew(database: Database, version: str, clock: Callable[[], datetime]) -> int:
    """Computes what is still to come, if the database was last used with other zone data. Returns how many chats.

    What becomes due meanwhile goes its own way: only what is ahead is computed. Raises DATABASE_ERRORS; then, and after
    a stop in the middle, it is done at the next start.
    """
    async with database.read() as session:
        used = await recall(session, ZONE_DATA)
    if used == version:
        return 0
    last, count = 0, 0
    while chats := await _one_batch(database, last, clock()):
        last, count = chats[-1], count + len(chats)
    async with database.write() as session:
        await remember(session, database, ZONE_DATA, version)
    if count:
        log.info("due times were computed anew for new zone data", extra={"version": version, "chats": count})
    return count


async def _one_batch(database: Database, last: int, now: datetime) -> list[int]:
    async with database.write() as session:
        query = select(Chat).where(Chat.id > last, Chat.zone.is_not(None)).order_by(Chat.id).limit(CHATS_AT_ONCE)
        chats = (await session.scalars(query)).all()
        for chat in chats:
            try:
                async with session.begin_nested():
                    await _compute(session, chat, now)
            except ValueError:  # a rule that cannot be read is set aside when it is due
                log.warning("something of a chat cannot be read", extra={"chat": chat.id})
        return [chat.id for chat in chats]


async def _compute(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """What is due already stays due; what comes once is not lost when its new moment is past."""
    for reminder in await list_reminders(session, chat):
        if (before := reminder.due_at) and before > now:
            schedule_anew(reminder, chat, now)
            reminder.due_at = reminder.due_at or before
    asking = await session.get(LookAsking, chat.id)
    if asking and asking.next_at and asking.next_at > now:
        asking.next_at = next_at_of(asking.rule, chat, now) or asking.next_at
    plan = await session.get(AppointmentPlan, chat.id)
    if plan and plan.next_at and plan.next_at > now:
        await appointments.reschedule(session, chat, now)
    if chat.travels_until and chat.home_zone:  # a midnight at home
        home = ZoneInfo(chat.home_zone)
        day = (chat.travels_until.astimezone(home) + HALF_A_DAY).date()
        chat.travels_until = datetime.combine(day, time(), home).astimezone(UTC)
