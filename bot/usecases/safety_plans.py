"""Safety plans: a person's own contacts and what helps them, for the support card. Encrypted, one a private chat."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, SafetyPlan
from bot.domain.encryption import Cipher


async def find(session: AsyncSession, chat: Chat) -> SafetyPlan | None:
    """Returns the plan, still encrypted; None if there is none."""
    return await session.get(SafetyPlan, chat.id)


async def save(session: AsyncSession, chat: Chat, cipher: Cipher, text: str, now: datetime) -> None:
    """Saves the plan in place of the one before."""
    # Of two saves at once the second waits here, and stays. Writes to rows that only refer to the chat do not wait.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    await session.merge(SafetyPlan(chat_id=chat.id, encrypted=cipher.encrypt(text), updated_at=now))


async def renew(session: AsyncSession, plan: SafetyPlan, cipher: Cipher) -> None:
    """Encrypts the plan with the first key, unless another was saved since it was read (a conditional update).

    Raises DecryptionError when no key decrypts them.
    """
    renewed = cipher.encrypt(cipher.decrypt(plan.encrypted))
    await session.execute(
        update(SafetyPlan)
        .where(SafetyPlan.chat_id == plan.chat_id, SafetyPlan.encrypted == plan.encrypted)
        .values(encrypted=renewed)
    )


async def remove(session: AsyncSession, chat: Chat) -> None:
    """Deletes the plan. Safe to call again."""
    await session.execute(delete(SafetyPlan).where(SafetyPlan.chat_id == chat.id))
