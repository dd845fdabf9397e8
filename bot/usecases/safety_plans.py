"""A person's own contacts or plan for the support card: kept sealed, one a private chat. Called by `handlers`."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, Plan
from bot.domain.encryption import Cipher


async def find(session: AsyncSession, chat: Chat) -> Plan | None:
    """What is kept, still sealed."""
    return await session.get(Plan, chat.id)


async def save(session: AsyncSession, chat: Chat, cipher: Cipher, text: str, now: datetime) -> None:
    """Keep these words, and no longer those that were kept before."""
    # Of two who save at once the second waits here, and its words stay. Rows that only refer to the chat do not wait.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    await session.merge(Plan(chat_id=chat.id, sealed=cipher.encrypt(text), updated_at=now))


async def renew(session: AsyncSession, plan: Plan, cipher: Cipher) -> None:
    """Seal the same words with the first key, unless others were saved since they were read: a conditional update.

    Raises DecryptionError when no key opens them.
    """
    renewed = cipher.encrypt(cipher.decrypt(plan.sealed))
    await session.execute(
        update(Plan).where(Plan.chat_id == plan.chat_id, Plan.sealed == plan.sealed).values(sealed=renewed)
    )


async def remove(session: AsyncSession, chat: Chat) -> None:
    await session.execute(delete(Plan).where(Plan.chat_id == chat.id))
