"""Who is still there: when people were last seen, one kind question after months, and rest without an answer.

Only private chats. `handlers.presence` says who was seen, `scheduler` asks and lets rest.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import BACK_WHEN_SEEN, FailedWork, MessageKind, MessageState, OffReason
from bot.database.writes import changed
from bot.domain.ids import NO_CHAT, TelegramId
from bot.usecases import failures
from bot.usecases.chats import find_chat, resume, switch_off, zone_of
from bot.usecases.reminders.again import allowed, times_of
from bot.usecases.reminders.due import DUE_AT_ONCE

log = logging.getLogger(__name__)

SEEN_AGAIN = timedelta(days=1)  # a person costs one write a day
MONTH = timedelta(days=30)
REST_AFTER = timedelta(weeks=3)  # without an answer

IS_ASKING = text("queued_messages.kind = 'asking'")  # as their index says it, in the text of the statement (`claims`)

OneChat = Callable[[AsyncSession, Chat, datetime], Awaitable[None]]


async def see(database: Database, telegram_id: TelegramId, now: datetime) -> bool:
    """Records on which day a person tapped or typed. Returns whether that ended the rest of their chat.

    Writes where the day is another than the last time, or somebody was asked or rests; strangers get no row. Of two
    processes one ends the rest: conditional on its reason.
    """
    async with database.read() as session:
        chat = await find_chat(session, telegram_id)
        if chat is None or not _is_news(chat, now):
            return False
    async with database.write() as session:
        chat = await find_chat(session, telegram_id)
        if chat is None:
            return False
        chat.last_seen_at, chat.asked_at = _day_of(chat, now), None
        await session.flush()
        asking = QueuedMessage.chat_id == chat.id, IS_ASKING
        waits = QueuedMessage.state == MessageState.QUEUED
        await session.execute(update(QueuedMessage).where(*asking, waits).values(state=MessageState.SKIPPED))
        if chat.off_reason == OffReason.REFUSED:  # the account is there after all
            await resume(session, chat, now)
        rests = Chat.id == chat.id, Chat.off_reason == OffReason.RESTING
        is_back = await changed(session, update(Chat).where(*rests).values(off_reason=None)) > 0
        if is_back:
            await session.refresh(chat)
            await resume(session, chat, now)
    return is_back


async def look_for_silence(database: Database, months: int, now: datetime, *, is_sure: bool = True) -> None:
    """Asks whoever was not seen for so many months (0: nobody), and lets chats rest that did not answer.

    Neither while the clock is not sure (`domain.steady_clock`).
    """
    async with database.write() as session:
        unknown = Chat.telegram_id > 0, Chat.last_seen_at.is_(None)
        await session.execute(update(Chat).where(*unknown).values(last_seen_at=now))
        await _forget_what_was_not_asked(session, now)
    if not is_sure:
        return
    if months:
        await _for_each(database, _may_be_asked(now, months), _ask, now)
    await _for_each(database, _did_not_answer(now), _let_rest, now)


def _day_of(chat: Chat, now: datetime) -> datetime:
    """Returns when the chat's local day began: at what hour somebody was there is not stored, as /privacy says."""
    zone = zone_of(chat)
    return datetime.combine(now.astimezone(zone), time(0), zone).astimezone(UTC)


def _is_news(chat: Chat, now: datetime) -> bool:
    is_known = chat.last_seen_at is not None and now - chat.last_seen_at < SEEN_AGAIN
    return not is_known or chat.asked_at is not None or chat.off_reason in BACK_WHEN_SEEN


async def _forget_what_was_not_asked(session: AsyncSession, now: datetime) -> None:
    """A question that never came was not asked: its chat must not rest for want of an answer."""
    is_late = and_(QueuedMessage.state == MessageState.QUEUED, QueuedMessage.send_before <= now)
    is_lost = QueuedMessage.state.in_([MessageState.SKIPPED, MessageState.FAILED])
    lost = and_(IS_ASKING, or_(is_late, is_lost))
    chat_ids = select(QueuedMessage.chat_id).where(lost).scalar_subquery()
    statement = update(Chat).where(Chat.id.in_(chat_ids)).values(asked_at=None)
    await session.execute(statement.execution_options(synchronize_session=False))
    await session.execute(delete(QueuedMessage).where(lost).execution_options(synchronize_session=False))


def _may_be_asked(now: datetime, months: int) -> ColumnElement[bool]:
    return and_(
        Chat.telegram_id > 0,
        Chat.is_asked,
        Chat.asked_at.is_(None),
        Chat.last_seen_at < now - months * MONTH,
        Chat.off_reason.is_(None),
        Chat.paused_until.is_(None),
        exists().where(Reminder.chat_id == Chat.id, Reminder.due_at.is_not(None)),
    )


def _did_not_answer(now: datetime) -> ColumnElement[bool]:
    return and_(Chat.telegram_id > 0, Chat.asked_at < now - REST_AFTER, Chat.off_reason.is_(None))


async def _for_each(database: Database, fits: ColumnElement[bool], work: OneChat, now: datetime) -> None:
    """Does the work for each chat that fits, one batch in a transaction; one that fails stops no other."""
    last = NO_CHAT
    while True:
        async with database.write() as session:
            query = select(Chat).where(fits, Chat.id > last).order_by(Chat.id).limit(DUE_AT_ONCE)
            chats = (await session.scalars(query)).all()
            if not chats:
                return
            last = chats[-1].id
            for chat in chats:
                await failures.guarded(session, FailedWork.SILENCE, chat.id, partial(work, session, chat, now), now)


async def _ask(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """Queues the question for a waking hour, once: conditional on that nobody has, and on when they were last seen."""
    unasked = Chat.id == chat.id, Chat.asked_at.is_(None), Chat.last_seen_at == chat.last_seen_at
    if not await changed(session, update(Chat).where(*unasked).values(asked_at=now)):
        return
    times = times_of(chat, allowed(chat, now))
    session.add(QueuedMessage(chat_id=chat.id, kind=MessageKind.ASKING, occurrence_at=now, **times))
    log.info("somebody is asked whether it should go on", extra={"chat": chat.id})


async def _let_rest(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """Conditional on the question: whoever is seen in the meantime takes it back."""
    unanswered = Chat.id == chat.id, Chat.asked_at == chat.asked_at, Chat.off_reason.is_(None)
    if await changed(session, update(Chat).where(*unanswered).values(asked_at=None)):
        await switch_off(session, chat.id, OffReason.RESTING, now)
        log.info("a chat rests", extra={"chat": chat.id})
