"""Favourites: affirmations that people marked to find them again. Called by `handlers.favourites`."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, Favourite


async def keep(session: AsyncSession, chat: Chat, affirmation_id: str, now: datetime) -> bool:
    """Keep one; False if it was kept already (unique on chat and affirmation)."""
    if await session.get(Favourite, (chat.id, affirmation_id)):
        return False
    session.add(Favourite(chat_id=chat.id, affirmation_id=affirmation_id, added_at=now))
    return True


async def list_kept(session: AsyncSession, chat: Chat, known: Collection[str]) -> list[str]:
    """The newest first. What is no longer among the words is not shown, and stays kept in case it comes back."""
    query = (
        select(Favourite.affirmation_id)
        .where(Favourite.chat_id == chat.id)
        .order_by(Favourite.added_at.desc(), Favourite.affirmation_id)
    )
    return [each for each in await session.scalars(query) if each in known]


async def remove(session: AsyncSession, chat: Chat, affirmation_id: str) -> None:
    await session.execute(
        delete(Favourite).where(Favourite.chat_id == chat.id, Favourite.affirmation_id == affirmation_id)
    )
