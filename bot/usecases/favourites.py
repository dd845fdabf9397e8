"""Favourites: affirmations that people marked to find them again. Called by `handlers.favourites`."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, Favourite


async def keep(session: AsyncSession, chat: Chat, affirmation_id: str, now: datetime) -> bool:
    """Adds a favourite. Returns False if it is one already (unique on chat and affirmation)."""
    if await is_kept(session, chat, affirmation_id):
        return False
    session.add(Favourite(chat_id=chat.id, affirmation_id=affirmation_id, added_at=now))
    return True


async def is_kept(session: AsyncSession, chat: Chat, affirmation_id: str) -> bool:
    """Whether it is a favourite of this chat."""
    return await session.get(Favourite, (chat.id, affirmation_id)) is not None


async def list_kept(session: AsyncSession, chat: Chat, known: Collection[str]) -> list[str]:
    """Returns the ids of favourites that are in `known`, the newest first. The others stay stored."""
    query = (
        select(Favourite.affirmation_id)
        .where(Favourite.chat_id == chat.id)
        .order_by(Favourite.added_at.desc(), Favourite.affirmation_id)
    )
    return [affirmation_id for affirmation_id in await session.scalars(query) if affirmation_id in known]


async def remove(session: AsyncSession, chat: Chat, affirmation_id: str) -> None:
    """Removes a favourite. Safe to call again."""
    await session.execute(
        delete(Favourite).where(Favourite.chat_id == chat.id, Favourite.affirmation_id == affirmation_id)
    )
