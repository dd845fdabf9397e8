"""A person's own contacts or plan for the support card: encrypted, one for each private chat."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, SafetyPlan
from bot.domain.encryption import Cipher


async def find(session: AsyncSession, chat: Chat) -> SafetyPlan | None:
    """What is kept, still encrypted."""
    return await session.get(SafetyPlan, chat.id)


async def save(session: AsyncSession, chat: Chat, cipher: Cipher, text: str, now: datetime) -> None:
    """Keep these words, and no longer those that were kept before."""
    # Of two who save at once the second waits here, and its words stay. Rows that only refer to the chat do not wait.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    await session.merge(SafetyPlan(chat_id=chat.id, encrypted=cipher.encrypt(text), updated_at=now))


async def renew(session: AsyncSession, plan: SafetyPlan, cipher: Cipher) -> None:
    """Encrypt the same words with the first key, unless others were saved since they were read: a conditional update.

    Raises DecryptionError when no key decrypts them.
    """
    renewed = cipher.encrypt(cipher.decrypt(plan.encrypted))
    await session.execute(
        update(SafetyPlan)
        .where(SafetyPlan.chat_id == plan.chat_id, SafetyPlan.encrypted == plan.encrypted)
        .values(encrypted=renewed)
    )


async def remove(session: AsyncSession, chat: Chat) -> None:
    await session.execute(delete(SafetyPlan).where(SafetyPlan.chat_id == chat.id))
