"""Saves the outcome of claimed messages, and what it means for their chats. Called by the outbox."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, and_, bindparam, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage
from bot.database.prepared import Prepared, one_of
from bot.database.troubles import is_away
from bot.database.values import FailedWork, MessageKind, MessageState, Notice, OffReason
from bot.delivery.outcomes import (
    Broken,
    ChatLost,
    Moved,
    Outcome,
    Refused,
    RetryLater,
    Sent,
    Skipped,
    TopicClosed,
)
from bot.domain.backoff import backoff
from bot.usecases import failures, refusals
from bot.usecases.chats import move
from bot.usecases.claims import ERROR_TOO_LATE, Claimed
from bot.usecases.groups import chat_lost, notify_once

log = logging.getLogger(__name__)

FIRST_RETRY_SECONDS = 2.0  # a message's first wait when Telegram cannot be reached; doubles with each attempt
LONGEST_RETRY_SECONDS = 300.0
HELD_SECONDS = 900.0  # until a closed topic is tried again, if Telegram has not said that it is open


# SQLite may give the number of a row that was erased to a new one: that one was never claimed, or is so otherwise.
# What another process has claimed since, after this one hung, is that one's to mark.
IS_OURS = and_(
    QueuedMessage.attempts > 0,
    or_(QueuedMessage.claimed_until.is_(None), QueuedMessage.claimed_until == bindparam("_claimed_until")),
)
MARKING_SENT = Prepared(
    lambda database: (
        update(QueuedMessage)
        .where(one_of(database, QueuedMessage.id, "_ids"), IS_OURS)
        .values(state=MessageState.SENT, sent_at=bindparam("_sent_at"), claimed_until=None)
    )
)


async def mark(database: Database, done: Sequence[tuple[Claimed, Outcome]], now: datetime) -> None:
    """Marks all of them in one transaction. One that cannot be marked is set aside, and stops no other.

    Raises DATABASE_ERRORS when the database cannot be used; then nothing is marked.
    """
    if all(isinstance(outcome, Sent) and not _changes_chat(message) for message, outcome in done):
        await database.write_at_once(partial(_mark_sent, database=database, done=done, now=now))
        return
    async with database.write() as session:
        connection = await session.connection()
        await connection.run_sync(_mark_sent, database, done, now)
        await _mark_others(session, done, now)


def _changes_chat(message: Claimed) -> bool:
    """Whether it changes its chat's row that this message was sent."""
    return message.last_notice is not None or message.refusals > 0


def _mark_sent(
    connection: Connection, database: Database, done: Sequence[tuple[Claimed, Outcome]], now: datetime
) -> None:
    sent: dict[datetime, list[int]] = {}  # by the end of the claim: of one claim or two
    for message, outcome in done:
        if isinstance(outcome, Sent):
            sent.setdefault(message.claimed_until, []).append(message.id)
    for claimed_until, ids in sent.items():
        MARKING_SENT.run(connection, database, _ids=ids, _claimed_until=claimed_until, _sent_at=now)


async def _mark_others(session: AsyncSession, done: Sequence[tuple[Claimed, Outcome]], now: datetime) -> None:
    if notified := [message.chat_id for message, outcome in done if message.last_notice and isinstance(outcome, Sent)]:
        await session.execute(update(Chat).where(Chat.id.in_(notified)).values(last_notice=None))
    if taken := [message.chat_id for message, outcome in done if message.refusals and isinstance(outcome, Sent)]:
        await refusals.forget(session, taken)
    for message, outcome in done:
        if not isinstance(outcome, Sent):
            await _mark_in_savepoint(session, message, outcome, now)


async def _mark_in_savepoint(session: AsyncSession, message: Claimed, outcome: Outcome, now: datetime) -> None:
    """An error of this one, or of the rows that it changes, must not keep the rest from being marked."""
    try:
        async with session.begin_nested():
            await _mark_one(session, message, outcome, now)
    except Exception as error:
        if is_away(error):
            raise
        await _mark_one(session, message, Broken(error), now)


async def _mark_one(session: AsyncSession, message: Claimed, outcome: Outcome, now: datetime) -> None:
    values: dict[str, object] = {"claimed_until": None}
    match outcome:
        case RetryLater(seconds, is_asked, text):
            wait = seconds if is_asked else backoff(FIRST_RETRY_SECONDS, message.attempts, LONGEST_RETRY_SECONDS)
            values |= {"state": MessageState.QUEUED, "send_after": now + timedelta(seconds=wait), "error": text}
        case Moved(telegram_id):
            await move(session, message.telegram_id, telegram_id, now)
            values |= {"state": MessageState.QUEUED, "send_after": now}
        case ChatLost(reason, text):
            thread_id = message.thread_id if reason == OffReason.TOPIC_GONE else None
            await chat_lost(session, message.telegram_id, reason, now, thread_id=thread_id)
            values |= {"state": MessageState.FAILED, "error": text}
            log.info("chat switched off", extra={"chat": message.chat_id, "reason": reason, "error": text})
        case TopicClosed(text):
            again = now + timedelta(seconds=HELD_SECONDS)
            values |= {"state": MessageState.QUEUED, "send_after": again, "error": text}
            await _tell_of_closed_topic(session, message, now)
            if again >= message.send_before:  # it will be too late
                await refusals.count(session, message, text, now)
        case Refused():
            values |= {"state": MessageState.FAILED, "error": outcome.error}
            await refusals.take(session, message, outcome, now)
        case Broken(error):
            is_set_aside = await failures.record(session, FailedWork.MESSAGE, message.id, error, now)
            again = now + failures.TRY_AGAIN
            values |= {"error": type(error).__name__}
            values |= (
                {"state": MessageState.FAILED} if is_set_aside else {"state": MessageState.QUEUED, "send_after": again}
            )
        case Skipped(is_late):
            values |= {"state": MessageState.SKIPPED, "error": ERROR_TOO_LATE if is_late else None}
        case Sent():
            values |= {"state": MessageState.SENT, "sent_at": now}
    # What another process has sent is done.
    is_open = QueuedMessage.state.in_((MessageState.QUEUED, MessageState.SENDING))
    statement = update(QueuedMessage).where(QueuedMessage.id == message.id, is_open, IS_OURS).values(values)
    await session.execute(statement, {"_claimed_until": message.claimed_until})


async def _tell_of_closed_topic(session: AsyncSession, message: Claimed, now: datetime) -> None:
    if message.kind != MessageKind.NOTICE:
        await notify_once(session, message.telegram_id, Notice.TOPIC_CLOSED, now, thread_id=message.thread_id)
