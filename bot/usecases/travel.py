"""Journeys: a chat's zone is another one until a day, then it goes home by itself. For handlers and `scheduler`."""

from datetime import UTC, date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat
from bot.database.values import FailedWork
from bot.usecases import failures
from bot.usecases.chats import set_zone
from bot.usecases.reminders.due import DUE_AT_ONCE


async def begin(session: AsyncSession, chat: Chat, zone: str, home_on: date, now: datetime) -> None:
    """Sets the zone of a journey (an IANA name) until `home_on` begins at home. Home stays where it was before."""
    home = chat.home_zone or chat.zone or "UTC"
    await set_zone(session, chat, zone, now)
    chat.home_zone = home
    chat.travels_until = datetime.combine(home_on, time(), ZoneInfo(home)).astimezone(UTC)


async def go_home(session: AsyncSession, chat: Chat, now: datetime) -> bool:
    """Ends the journey. Returns False if there is none: of two taps at once the second finds none."""
    if chat.home_zone is None:
        return False
    await set_zone(session, chat, chat.home_zone, now)
    return True


async def end_journeys(database: Database, now: datetime) -> int:
    """Ends one batch of journeys whose day has come. Returns how many: call again until 0."""
    async with database.write() as session:
        query = (
            select(Chat)
            .where(Chat.travels_until <= now)
            .order_by(Chat.travels_until)
            .limit(DUE_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        chats = (await session.scalars(query)).all()
        for chat in chats:
            await _end_or_put_off(session, chat, now)
    return len(chats)


async def _end_or_put_off(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """A chat that fails stops no other, and stays where it is until then."""
    chat_id, end = chat.id, partial(_end, session, chat, now)
    if again := await failures.guarded(session, FailedWork.HOMECOMING, chat_id, end, now):
        await session.execute(update(Chat).where(Chat.id == chat_id).values(travels_until=again))


async def _end(session: AsyncSession, chat: Chat, now: datetime) -> None:
    await go_home(session, chat, now)
    chat.travels_until = None
