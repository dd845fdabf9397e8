"""Ends pauses whose time has come, and queues the message that says so. Called by `scheduler`."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage
from bot.database.troubles import is_away
from bot.database.values import FailedWork, MessageKind
from bot.usecases import failures
from bot.usecases.reminders.due import DUE_AT_ONCE
from bot.usecases.reminders.edit import GRACE, out_of_quiet_hours


async def queue_returns(database: Database, now: datetime) -> int:
    """Ends one batch of pauses. Returns how many: call again until 0."""
    async with database.write() as session:
        query = (
            select(Chat)
            .where(Chat.paused_until <= now)
            .order_by(Chat.paused_until)
            .limit(DUE_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        chats = (await session.scalars(query)).all()
        for chat in chats:
            await _queue_return_or_set_aside(session, chat, now)
    return len(chats)


async def _queue_return_or_set_aside(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """A chat that fails stops no other. If it is set aside, its pause ends without a message."""
    chat_id = chat.id
    try:
        async with session.begin_nested():
            _queue_return(session, chat, now)
    except Exception as error:
        if is_away(error):
            raise
        is_set_aside = await failures.record(session, FailedWork.RETURN, chat_id, error, now)
        again = None if is_set_aside else now + failures.TRY_AGAIN
        await session.execute(update(Chat).where(Chat.id == chat_id).values(paused_until=again))


def _queue_return(session: AsyncSession, chat: Chat, now: datetime) -> None:
    send_after = max(now, chat.hushed_until or now, chat.quiet_until or now)
    if chat.zone:
        send_after = out_of_quiet_hours(chat, send_after)
    session.add(
        QueuedMessage(
            chat_id=chat.id,
            kind=MessageKind.BACK,
            occurrence_at=chat.paused_until,
            send_after=send_after,
            send_before=send_after + GRACE,
        )
    )
    chat.paused_until = None
    chat.caught_up_at = now
    chat.last_seen_at = now  # until now they were away by their own choice: the silence begins here
