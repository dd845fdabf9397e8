"""A person's own contacts or plan for the support card: kept sealed, one a private chat. Called by `handlers`."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, SafetyPlan
from bot.domain.encryption import Sealer


async def find(session: AsyncSession, chat: Chat) -> SafetyPlan | None:
    """What is kept, still sealed."""
    return await session.get(SafetyPlan, chat.id)


async def save(session: AsyncSession, chat: Chat, sealer: Sealer, text: str, now: datetime) -> None:
    """Keep these words, and no longer those that were kept before."""
    # Of two who save at once the second waits here, and its words stay. Rows that only refer to the chat do not wait.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    await session.merge(SafetyPlan(chat_id=chat.id, encrypted=sealer.seal(text), updated_at=now))


async def renew(session: AsyncSession, plan: SafetyPlan, sealer: Sealer) -> None:
    """Seal the same words with the first key, unless others were saved since they were read: a conditional update.

    Raises SealError when no key opens them.
    """
    renewed = sealer.seal(sealer.open(plan.encrypted))
    await session.execute(
        update(SafetyPlan)
        .where(SafetyPlan.chat_id == plan.chat_id, SafetyPlan.encrypted == plan.encrypted)
        .values(encrypted=renewed)
    )


async def remove(session: AsyncSession, chat: Chat) -> None:
    await session.execute(delete(SafetyPlan).where(SafetyPlan.chat_id == chat.id))
