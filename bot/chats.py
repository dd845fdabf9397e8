"""A chat's own facts: found or begun, set, paused, stopped, forgotten, moved. Called by handlers and by the outbox."""

import secrets
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.models import Chat, OffReason, QueuedMessage, Reminder, State
from bot.reminders.edit import quiet_hours, reschedule
from bot.schedule import quiet_ends_at

# A new chat's quiet hours: nobody asked to be woken.
QUIET_START, QUIET_END = time(22), time(7)


async def find_chat(session: AsyncSession, telegram_id: int, thread_id: int = 0) -> Chat | None:
    query = select(Chat).where(Chat.telegram_id == telegram_id, Chat.thread_id == thread_id)
    return (await session.scalars(query)).one_or_none()


async def find_language(session: AsyncSession, telegram_id: int) -> str | None:
    """What was chosen, or noted when the chat began."""
    return await session.scalar(select(Chat.language).where(Chat.telegram_id == telegram_id).order_by(Chat.thread_id))


async def open_chat(session: AsyncSession, telegram_id: int, kind: str, now: datetime, *, thread_id: int = 0) -> Chat:
    """The chat, begun if it is new. Safe to call twice at once: unique on Telegram's number."""
    if chat := await find_chat(session, telegram_id, thread_id):
        return chat
    chat = Chat(
        telegram_id=telegram_id,
        thread_id=thread_id,
        kind=kind,
        quiet_start=QUIET_START,
        quiet_end=QUIET_END,
        seed=secrets.randbelow(2**31),
        created_at=now,
    )
    session.add(chat)
    await session.flush()
    return chat


async def set_zone(session: AsyncSession, chat: Chat, zone: str, now: datetime) -> None:
    chat.zone = zone
    await reschedule(session, chat, now)


async def set_quiet_hours(session: AsyncSession, chat: Chat, hours: tuple[time, time] | None, now: datetime) -> None:
    chat.quiet_start, chat.quiet_end = hours or (None, None)
    await reschedule(session, chat, now)


def zone_of(chat: Chat) -> ZoneInfo:
    """The chat's zone; UTC until one was chosen."""
    return ZoneInfo(chat.zone or "UTC")


async def pause(session: AsyncSession, chat: Chat, until: datetime, now: datetime) -> datetime:
    """Nothing comes until then; returns the moment it comes back, moved out of quiet hours."""
    chat.paused_until = quiet_ends_at(until, zone=zone_of(chat), quiet=quiet_hours(chat.quiet_start, chat.quiet_end))
    await withdraw_queued(session, chat.id)
    await reschedule(session, chat, now)
    return chat.paused_until


async def resume(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """End a pause, a stop, or what a block had switched off."""
    chat.paused_until = chat.off_reason = chat.off_at = None
    await reschedule(session, chat, now)


async def switch_off(session: AsyncSession, chat_id: int, reason: OffReason, now: datetime) -> None:
    """Nothing goes to this chat any more; its reminders wait, without a due time, for `resume`.

    A stop is what a person asked for: it stays one, whatever happens to the chat afterwards.
    """
    is_stopped = func.coalesce(Chat.off_reason, "") == OffReason.STOPPED
    await session.execute(
        update(Chat).where(Chat.id == chat_id, ~is_stopped).values(off_reason=reason, off_at=now, paused_until=None)
    )
    await session.execute(update(Reminder).where(Reminder.chat_id == chat_id).values(due_at=None))
    await withdraw_queued(session, chat_id)


async def withdraw_queued(session: AsyncSession, chat_id: int) -> None:
    await session.execute(
        update(QueuedMessage)
        .where(QueuedMessage.chat_id == chat_id, QueuedMessage.state == State.QUEUED)
        .values(state=State.SKIPPED)
    )


async def forget(session: AsyncSession, chat: Chat) -> None:
    """Everything about this chat is gone: the other tables follow by their foreign keys."""
    await session.execute(delete(Chat).where(Chat.id == chat.id))


async def move(session: AsyncSession, chat_id: int, telegram_id: int, now: datetime) -> None:
    """A group became a supergroup. If the new number is known already, what is there stays, and the old one goes."""
    chat = await session.get_one(Chat, chat_id)
    if chat.telegram_id == telegram_id:
        return
    if await find_chat(session, telegram_id, chat.thread_id):
        await switch_off(session, chat_id, OffReason.GONE, now)
        return
    chat.telegram_id, chat.kind = telegram_id, "supergroup"
