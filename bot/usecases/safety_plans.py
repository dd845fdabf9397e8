"""Safety plans: what helps a person in a very hard moment, part by part. Encrypted, one for each private chat."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import ERASES
from bot.database.models import Chat, SafetyPlan
from bot.domain.encryption import Cipher, EncryptedKind, Owner
from bot.domain.ids import ChatId
from bot.domain.safety_plan import Plan


async def find(session: AsyncSession, chat: Chat) -> SafetyPlan | None:
    """Returns the plan, still encrypted; None if there is none."""
    return await session.get(SafetyPlan, chat.id)


def owner(chat_id: ChatId) -> Owner:
    """Returns what the plan of this chat is bound to."""
    return Owner(EncryptedKind.SAFETY_PLAN, chat_id)


def decrypt(row: SafetyPlan, cipher: Cipher) -> Plan:
    """Returns the plan. Raises DecryptionError when no key decrypts it."""
    return Plan.from_stored(cipher.decrypt(row.encrypted, owner(row.chat_id)))


async def save_part(session: AsyncSession, chat: Chat, cipher: Cipher, part: str, text: str, now: datetime) -> Plan:
    """Saves one part in place of what it said, and returns the whole plan. An empty text takes the part out.

    Raises DecryptionError, and saves nothing, if no key decrypts the plan as it stands.
    """
    # Of two saves at once the second waits here, and sees the first. Writes to rows that only refer to the chat do not.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    row = await session.get(SafetyPlan, chat.id, populate_existing=True)
    plan = (decrypt(row, cipher) if row else Plan()).with_part(part, text)
    if plan.parts:
        encrypted = cipher.encrypt(plan.to_json(), owner(chat.id))
        await session.merge(SafetyPlan(chat_id=chat.id, encrypted=encrypted, updated_at=now))
    else:
        await remove(session, chat)
    return plan


async def renew(session: AsyncSession, plan: SafetyPlan, cipher: Cipher) -> None:
    """Encrypts the plan with the first key, unless another was saved since it was read (a conditional update).

    Raises DecryptionError when no key decrypts it.
    """
    to = owner(plan.chat_id)
    renewed = cipher.encrypt(cipher.decrypt(plan.encrypted, to), to)
    await session.execute(
        update(SafetyPlan)
        .where(SafetyPlan.chat_id == plan.chat_id, SafetyPlan.encrypted == plan.encrypted)
        .values(encrypted=renewed)
    )


async def remove(session: AsyncSession, chat: Chat) -> None:
    """Deletes the plan. Safe to call again."""
    session.info[ERASES] = True
    await session.execute(delete(SafetyPlan).where(SafetyPlan.chat_id == chat.id))
