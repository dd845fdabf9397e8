"""Facilitators of groups and channels, and the notices to them: each sent once, in private where possible.

Called by `handlers` and the outbox. Who may change a chat is asked of Telegram (`handlers.access`), not of this table.
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

# A notice that could not be delivered within this time is skipped.
NEWS = timedelta(days=2)
# Notices for the group's General if no facilitator can be reached in private.
TOLD_IN_GENERAL = (Notice.TOPIC_CLOSED, Notice.TOPIC_GONE)


async def add_facilitator(session: AsyncSession, chat: Chat, person_id: TelegramId, now: datetime) -> None:
    """Makes this person a facilitator: they get the notices about the chat. Safe to call again."""
    if person_id and await session.get(Facilitator, (chat.id, person_id)) is None:
        with suppress(IntegrityError):  # unique on both: another tap of the same person was quicker
            async with session.begin_nested():
                session.add(Facilitator(chat_id=chat.id, person_id=person_id, since=now))


async def list_facilitated(session: AsyncSession, person_id: TelegramId) -> Sequence[Chat]:
    """Returns the chats of which this person is a facilitator, in the order in which they were set up."""
    query = select(Chat).join(Facilitator).where(Facilitator.person_id == person_id)
    return (await session.scalars(query.order_by(Chat.id))).all()


async def remove_facilitator(session: AsyncSession, person_id: TelegramId, chat: Chat | None = None) -> None:
    """Makes this person no facilitator of the chat any more; of no chat if it is None."""
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
    """Switches off a chat where nothing can be posted, and notifies its facilitators once. Returns its row ids.

    `thread_id`: only this topic. `by`: the person who did it, and needs no notice.
    """
    chats = [chat for chat in await list_chats_of(session, telegram_id) if thread_id in (None, chat.thread_id)]
    for chat in chats:
        await switch_off(session, chat.id, reason, now)
    if telegram_id < 0:
        await notify_once(session, telegram_id, Notice(reason), now, thread_id=thread_id, by=by)
    return [chat.id for chat in chats]


async def chat_regained(session: AsyncSession, telegram_id: TelegramId, now: datetime) -> list[ChatId]:
    """Resumes what was switched off only because nothing could be posted there. Returns the row ids."""
    unheard = (OffReason.NO_RIGHTS, OffReason.REFUSED)
    chats = [chat for chat in await list_chats_of(session, telegram_id) if chat.off_reason in unheard]
    for chat in chats:
        await resume(session, chat, now)
    return [chat.id for chat in chats]


async def list_without_rights(session: AsyncSession) -> Sequence[TelegramId]:
    """Returns the Telegram ids of the groups where the bot may not write."""
    query = select(Chat.telegram_id).where(Chat.off_reason == OffReason.NO_RIGHTS, Chat.telegram_id < 0)
    return (await session.scalars(query.distinct())).all()


async def reopen(session: AsyncSession, telegram_id: TelegramId, thread_id: int, now: datetime) -> None:
    """Sends now what has waited for a closed topic that is open again."""
    chat = await find_chat(session, telegram_id, thread_id)
    if chat is None:
        return
    chat.last_notice, chat.refusals = None, 0
    if chat.off_reason == OffReason.REFUSED:
        await resume(session, chat, now)
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
    """Queues the notice for the chat's facilitators, unless it was the last one and nothing has changed since.

    Returns whether anyone is notified. The conditional update on the last notice lets one of two calls at once do it.
    """
    here = [Chat.telegram_id == telegram_id, *([] if thread_id is None else [Chat.thread_id == thread_id])]
    news = update(Chat).where(*here, func.coalesce(Chat.last_notice, "") != notice).values(last_notice=notice)
    if not await changed(session, news):
        return False
    about = (await session.scalars(select(Chat).where(*here).order_by(Chat.thread_id))).all()
    recipients = await _reachable(session, [chat.id for chat in about])
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
    """Queues a notice for one person. Returns False if they cannot be reached in private."""
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
    """Returns each reachable facilitator once: person, private chat, and the first of the chats it is about."""
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
