"""Who looks after groups and channels, and what they are told of them: once, in private where possible.

Called by `handlers` and the outbox. Whether someone may change something is asked of Telegram, not of this table.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, Facilitator, QueuedMessage
from bot.database.values import MessageKind, MessageState, Notice, OffReason
from bot.database.writes import changed
from bot.domain.ids import NOBODY, ChatId, TelegramId
from bot.usecases.chats import find_chat, get_or_create_chat, list_chats_of, resume, switch_off

# A notice that could not be delivered for so long is no news any more.
NEWS = timedelta(days=2)
# What can be told in the group itself, where nobody is known in private.
TOLD_IN_GENERAL = (Notice.TOPIC_CLOSED, Notice.TOPIC_GONE)


async def add_facilitator(session: AsyncSession, chat: Chat, person_id: TelegramId, now: datetime) -> None:
    """From now on this person is told when something is wrong there. Safe to call again."""
    if person_id and await session.get(Facilitator, (chat.id, person_id)) is None:
        with suppress(IntegrityError):  # unique on both: the same person's other tap was quicker
            async with session.begin_nested():
                session.add(Facilitator(chat_id=chat.id, person_id=person_id, since=now))


async def list_facilitated(session: AsyncSession, person_id: TelegramId) -> Sequence[Chat]:
    """In the order in which they were set up."""
    query = select(Chat).join(Facilitator).where(Facilitator.person_id == person_id)
    return (await session.scalars(query.order_by(Chat.id))).all()


async def remove_facilitator(session: AsyncSession, person_id: TelegramId, chat: Chat | None = None) -> None:
    """Look after this chat no more, or after none."""
    query = delete(Facilitator).where(Facilitator.person_id == person_id)
    await session.execute(query if chat is None else query.where(Facilitator.chat_id == chat.id))


async def chat_lost(
    session: AsyncSession,
    telegram_id: TelegramId,
    reason: OffReason,
    now: datetime,
    *,
    thread_id: int | None = None,
    by: TelegramId = NOBODY,
) -> list[ChatId]:
    """Nothing can be posted there: it is switched off and told once; returns the rows. `by` is who did it, and knows.

    With `thread_id` only that topic is meant.
    """
    rows = [each for each in await list_chats_of(session, telegram_id) if thread_id in (None, each.thread_id)]
    for each in rows:
        await switch_off(session, each.id, reason, now)
    if telegram_id < 0:
        await notify_once(session, telegram_id, Notice(reason), now, thread_id=thread_id, by=by)
    return [each.id for each in rows]


async def chat_regained(session: AsyncSession, telegram_id: TelegramId, now: datetime) -> list[ChatId]:
    """The bot may post there again: what had stopped for that alone goes on by itself; returns the rows."""
    rows = [each for each in await list_chats_of(session, telegram_id) if each.off_reason == OffReason.NO_RIGHTS]
    for each in rows:
        await resume(session, each, now)
    return [each.id for each in rows]


async def list_without_rights(session: AsyncSession) -> Sequence[TelegramId]:
    """Telegram's numbers of the groups where the bot may not write."""
    query = select(Chat.telegram_id).where(Chat.off_reason == OffReason.NO_RIGHTS, Chat.telegram_id < 0)
    return (await session.scalars(query.distinct())).all()


async def reopen(session: AsyncSession, telegram_id: TelegramId, thread_id: int, now: datetime) -> None:
    """A topic was opened again: what has waited goes now."""
    chat = await find_chat(session, telegram_id, thread_id)
    if chat is None:
        return
    chat.last_notice = None
    await session.execute(
        update(QueuedMessage)
        .where(
            QueuedMessage.chat_id == chat.id, QueuedMessage.state == MessageState.QUEUED, QueuedMessage.send_after > now
        )
        .values(send_after=now)
    )


async def notify_once(
    session: AsyncSession,
    telegram_id: TelegramId,
    notice: Notice,
    now: datetime,
    *,
    thread_id: int | None = None,
    by: TelegramId = NOBODY,
) -> bool:
    """Tell those who look after it, unless it was told and is not over; returns whether anyone was told.

    A conditional update on what was told last: of two at once one tells.
    """
    here = [Chat.telegram_id == telegram_id, *([] if thread_id is None else [Chat.thread_id == thread_id])]
    news = update(Chat).where(*here, func.coalesce(Chat.last_notice, "") != notice).values(last_notice=notice)
    if not await changed(session, news):
        return False
    about = (await session.scalars(select(Chat).where(*here).order_by(Chat.thread_id))).all()
    recipients = await _reachable(session, [each.id for each in about])
    for person_id, chat_id, about_id in recipients:
        if person_id != by:
            session.add(_notice(chat_id, notice, about_id, now))
    if recipients or notice not in TOLD_IN_GENERAL:
        return bool(recipients)
    general = await get_or_create_chat(session, telegram_id, about[0].kind, now)
    if general.id == about[0].id or general.off_reason is not None:
        return False
    session.add(_notice(general.id, notice, about[0].id, now))
    return True


async def notify(session: AsyncSession, person_id: TelegramId, notice: Notice, about: Chat, now: datetime) -> bool:
    """Tell one person in private, where that is possible: returns whether it is."""
    chat = await find_chat(session, person_id)
    if chat is None or not await is_reachable(session, person_id):
        return False
    session.add(_notice(chat.id, notice, about.id, now))
    return True


async def is_reachable(session: AsyncSession, person_id: TelegramId) -> bool:
    """Whether this person has opened a private chat, and not blocked the bot since."""
    chat = await find_chat(session, person_id)
    return chat is not None and chat.off_reason in (None, OffReason.STOPPED)


async def _reachable(session: AsyncSession, about: list[ChatId]) -> list[tuple[TelegramId, ChatId, ChatId]]:
    """Person, private chat and the first chat that it is about; each person once."""
    is_open = or_(Chat.off_reason.is_(None), Chat.off_reason == OffReason.STOPPED)
    query = (
        select(Facilitator.person_id, Chat.id, func.min(Facilitator.chat_id))
        .join(Chat, Chat.telegram_id == Facilitator.person_id)
        .where(Facilitator.chat_id.in_(about), is_open)
        .group_by(Facilitator.person_id, Chat.id)
    )
    return [(person_id, chat_id, about_id) for person_id, chat_id, about_id in await session.execute(query)]


def _notice(chat_id: ChatId, notice: Notice, about_id: ChatId, now: datetime) -> QueuedMessage:
    return QueuedMessage(
        chat_id=chat_id,
        kind=MessageKind.NOTICE,
        notice_ref=f"{notice}:{about_id}",
        occurrence_at=now,
        send_after=now,
        send_before=now + NEWS,
    )
