"""How many reminders are planned, by moment. For `doctor`: it reads all of a day, which the hot loop never does."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Reminder

AHEAD = timedelta(days=1)


async def list_planned(session: AsyncSession, now: datetime) -> list[tuple[datetime, int]]:
    """Returns how many are due at each moment of the next day, sorted; what is due already counts as due at `now`.

    Of a reminder only its next occurrence is known.
    """
    is_near = Reminder.due_at <= now + AHEAD
    query = select(Reminder.due_at, func.count()).where(is_near).group_by(Reminder.due_at).order_by(Reminder.due_at)
    rows = (await session.execute(query)).all()
    return [(max(due_at, now), count) for due_at, count in rows if due_at]
