"""Erases what is stored about a chat, about a person, and about chats that left long ago. For handlers, `scheduler`.

After the transaction the database file is cleared of what was erased (`Database.write`).
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.columns import Base
from bot.database.engine import ERASES, Database
from bot.database.models import Chat
from bot.database.writes import changed
from bot.domain.ids import ChatId, TelegramId
from bot.usecases import failures, taps

LEFT_AT_ONCE = 20  # chats in a transaction


async def forget_chat(session: AsyncSession, chat_id: ChatId) -> None:
    """Deletes the chat; other tables' rows go with it by their foreign keys, failures of its rows by their key."""
    session.info[ERASES] = True
    await failures.forget_chat(session, chat_id)
    await session.execute(delete(Chat).where(Chat.id == chat_id))


class Erased(NamedTuple):
    """What was erased of a person elsewhere: whether there was anything, and the chats whose counts have changed."""

    is_any: bool
    recounted: set[TelegramId]


async def forget_person(session: AsyncSession, person_id: TelegramId, counting_key: bytes) -> Erased:
    """Deletes all about a person in other chats: taps, and every row that carries their number."""
    session.info[ERASES] = True
    rows = 0
    for table in Base.metadata.sorted_tables:
        if "person_id" in table.columns:
            rows += await changed(session, delete(table).where(table.c.person_id == person_id))
    recounted = await taps.forget_person(session, counting_key, person_id)
    return Erased(bool(rows or recounted), recounted)


async def forget_left(database: Database, before: datetime, counting_key: bytes) -> int:
    """Erases one batch of chats that left before this moment, and their persons. Returns how many: again until 0.

    Whether it is still gone is asked in the transaction that erases it: of someone who comes back, all stays.
    """
    async with database.write() as session:
        query = select(Chat.id, Chat.telegram_id).where(Chat.left_at < before).order_by(Chat.left_at, Chat.id)
        rows = (await session.execute(query.limit(LEFT_AT_ONCE).with_for_update())).all()
        for chat_id, telegram_id in rows:
            if telegram_id > 0:
                await forget_person(session, telegram_id, counting_key)
            await forget_chat(session, chat_id)
    return len(rows)
