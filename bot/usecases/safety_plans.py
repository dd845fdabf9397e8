"""A person's own contacts or plan for the support card: kept sealed, one a private chat. Called by `handlers`."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, Plan
from bot.domain.encryption import Sealer


async def find(session: AsyncSession, chat: Chat) -> Plan | None:
    """What is kept, still sealed."""
    return await session.get(Plan, chat.id)


async def save(session: AsyncSession, chat: Chat, sealer: Sealer, text: str, now: datetime) -> None:
    """Keep these words, and no longer those that were kept before."""
    # Of two who save at once the second waits here, and its words stay. Rows that only refer to the chat do not wait.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    await session.merge(Plan(chat_id=chat.id, sealed=sealer.seal(text), updated_at=now))


async def renew(session: AsyncSession, plan: Plan, sealer: Sealer) -> None:
    """Seal the same words with the first key, unless others were saved since they were read: a conditional update.

    Raises SealError when no key opens them.
    """
    renewed = sealer.seal(sealer.open(plan.sealed))
    await session.execute(
        update(Plan).where(Plan.chat_id == plan.chat_id, Plan.sealed == plan.sealed).values(sealed=renewed)
    )


async def remove(session: AsyncSession, chat: Chat) -> None:
    await session.execute(delete(Plan).where(Plan.chat_id == chat.id))
