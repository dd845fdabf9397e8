"""Erases what is stored about a chat, about a person, and about chats that left long ago. For handlers, `scheduler`.

After the transaction the database file is cleared of what was erased (`Database.write`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.columns import Base
from bot.database.engine import ERASES, Database
from bot.database.models import Chat
from bot.database.values import OffReason
from bot.database.writes import changed
from bot.domain.ids import ChatId, TelegramId
from bot.usecases import failures, taps
from bot.usecases.chats import QUIET_END, QUIET_START

LEFT_AT_ONCE = 20  # chats in a transaction
NOTHING_CHOSEN = (Chat.zone, Chat.practice, Chat.country, Chat.clock, Chat.paused_until, Chat.home_zone, Chat.left_at)


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


async def forget_strangers(database: Database, before: datetime, unasked: Collection[str]) -> int:
    """Erases one batch of people who were not seen since, and of whom nothing is kept. Returns how many: again until 0.

    `unasked`: the themes, as `Chat.left_out` holds them, that a new chat does not get. Who comes back at this moment
    was seen first, in a transaction of its own: their row is erased before that, and made anew, or not at all.
    """
    async with database.write() as session:
        query = select(Chat.id).where(*_is_stranger(before, unasked)).order_by(Chat.id)
        chat_ids = (await session.scalars(query.limit(LEFT_AT_ONCE).with_for_update())).all()
        for chat_id in chat_ids:
            await forget_chat(session, chat_id)
    return len(chat_ids)


def _is_stranger(before: datetime, unasked: Collection[str]) -> list[ColumnElement[bool]]:
    """Nothing is chosen, and no other table has a row about the chat or its person."""
    elsewhere = [
        exists().where(table.c[name] == own)
        for table in Base.metadata.sorted_tables
        for name, own in (("chat_id", Chat.id), ("person_id", Chat.telegram_id))
        if name in table.columns
    ]
    return [
        Chat.telegram_id > 0,
        Chat.created_at < before,
        func.coalesce(Chat.last_seen_at, Chat.created_at) < before,
        or_(Chat.off_reason.is_(None), Chat.off_reason == OffReason.STOPPED),
        *(column.is_(None) for column in NOTHING_CHOSEN),
        Chat.left_out.in_(unasked),
        ~Chat.is_silent,
        ~Chat.shows_pictures,
        Chat.quiet_start == QUIET_START,
        Chat.quiet_end == QUIET_END,
        *(~found for found in elsewhere),
    ]
