"""Messages that Telegram refuses in a row, whatever it says: the third one lets the chat rest. Called by `marks`.

A chat at rest is told apart from one that blocked the bot: it is not erased by itself, because nobody is known to have
left it. It comes back when its person writes, when the bot's rights in it change, or when a facilitator turns it on.
"""

import logging
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat
from bot.database.values import OffReason
from bot.delivery.outcomes import Refused
from bot.domain.ids import ChatId
from bot.usecases.claims import Claimed
from bot.usecases.groups import chat_lost

log = logging.getLogger(__name__)

MOST_REFUSALS = 3  # in a row


class Refusals(NamedTuple):
    """How many chats rest because of refusals, and how many more were refused since Telegram last took a message."""

    resting: int
    refused: int


async def take(session: AsyncSession, message: Claimed, refused: Refused, now: datetime) -> None:
    """Logs that Telegram refused this message, and counts it unless it was about the message itself."""
    log.error("message refused", extra={"queued_message": message.id, "error": refused.error})
    if not refused.is_about_message:
        await count(session, message, refused.error, now)


async def count(session: AsyncSession, message: Claimed, error: str, now: datetime) -> None:
    """Counts a refusal of this message's chat; from the third in a row it rests, and its facilitators are told once.

    The database adds, so that two at once count as two.
    """
    counted = update(Chat).where(Chat.id == message.chat_id).values(refusals=Chat.refusals + 1)
    refusals = await session.scalar(counted.returning(Chat.refusals).execution_options(synchronize_session=False))
    if refusals is None or refusals < MOST_REFUSALS:
        return
    await chat_lost(session, message.telegram_id, OffReason.REFUSED, now, thread_id=message.thread_id)
    log.warning("a chat rests: Telegram refuses it", extra={"chat": message.chat_id, "error": error})


async def forget(session: AsyncSession, chat_ids: list[ChatId]) -> None:
    """Begins to count anew: Telegram has taken a message."""
    await session.execute(update(Chat).where(Chat.id.in_(chat_ids)).values(refusals=0))


async def count_chats(session: AsyncSession) -> Refusals:
    """Returns how many chats are refused; for `doctor`."""
    resting = await session.scalar(select(func.count()).where(Chat.off_reason == OffReason.REFUSED))
    refused = await session.scalar(select(func.count()).where(Chat.refusals > 0, Chat.off_reason.is_(None)))
    return Refusals(resting or 0, refused or 0)
