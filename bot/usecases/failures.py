"""Rows whose work failed with an error that nobody expected: logged, counted, and set aside after a few tries.

One bad row never stops the others. Every loop that works for many calls `record`, or `guarded`; `doctor` shows what is
set aside. What is `guarded`, such as sessions, is tried once a day then: when the reason is mended it goes on by
itself. What had its moment, such as a message, is not tried any more.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import AppointmentPlan, Chat, Circle, Conversation, Failure, Post, QueuedMessage, Reminder
from bot.database.troubles import is_away
from bot.database.values import FailedWork
from bot.domain.ids import ChatId

log = logging.getLogger(__name__)

MOST_TRIES = 3
TRY_AGAIN, TRY_RARELY = timedelta(minutes=1), timedelta(days=1)
# Failures further apart than this have nothing to do with each other, unless it was set aside: counting begins anew.
COUNTED_TOGETHER = timedelta(hours=6)
KEEP_FAILURES = timedelta(days=3)
LONGEST_ERROR = 200  # characters
ANY = "failures"  # in a session's `info`: whether there are any

# What a failure's `row_id` is the key of: a table of the chat's, or the chat.
FAILED_ROWS = {
    FailedWork.MESSAGE: (QueuedMessage.id, QueuedMessage.chat_id),
    FailedWork.REMINDER: (Reminder.id, Reminder.chat_id),
    FailedWork.APPOINTMENT: (AppointmentPlan.chat_id, AppointmentPlan.chat_id),
    FailedWork.RETURN: (Chat.id, Chat.id),
    FailedWork.LOOK: (Chat.id, Chat.id),
    FailedWork.HOMECOMING: (Chat.id, Chat.id),
    FailedWork.SILENCE: (Chat.id, Chat.id),
    FailedWork.FLOW: (Conversation.id, Conversation.chat_id),
    FailedWork.CIRCLE: (Circle.chat_id, Circle.chat_id),
    FailedWork.COUNT: (Post.id, Post.chat_id),
}


async def record(session: AsyncSession, work: FailedWork, row_id: int, error: Exception, now: datetime) -> bool:
    """Logs one failure of this row and counts it. Returns True when the row is to be set aside.

    Call it outside of the savepoint in which the work failed. Of a row that was erased meanwhile nothing is stored.
    """
    key, _ = FAILED_ROWS[work]
    if await session.scalar(select(key).where(key == row_id)) is None:
        log.error("failed with an error; its row is gone", exc_info=error, extra={"work": str(work), "row": row_id})
        return True
    session.info[ANY] = True
    failure = await session.get(Failure, (work, row_id))
    if failure is None:
        failure = Failure(work=work, row_id=row_id, tries=0)
        session.add(failure)
    elif not failure.is_set_aside and now - failure.failed_at > COUNTED_TOGETHER:
        failure.tries = 0
    failure.tries += 1
    failure.failed_at = now
    failure.error = _describe(error)
    failure.is_set_aside = failure.tries >= MOST_TRIES
    log.error(
        "failed again and again; doctor shows it"
        if failure.is_set_aside
        else "failed with an error; it is tried again",
        exc_info=error,
        extra={"work": str(work), "row": row_id, "tries": failure.tries},
    )
    return failure.is_set_aside


async def guarded(
    session: AsyncSession, work: FailedWork, row_id: int, do: Callable[[], Awaitable[object]], now: datetime
) -> datetime | None:
    """Does the work of one row in a savepoint. Returns when to try it again if it has failed; None if it has not.

    What goes well is set aside no more. Raises DATABASE_ERRORS when the database cannot be used.
    """
    try:
        async with session.begin_nested():
            await do()
    except Exception as error:
        if is_away(error):
            raise
        return now + (TRY_RARELY if await record(session, work, row_id, error, now) else TRY_AGAIN)
    if await _are_any(session):
        await session.execute(delete(Failure).where(Failure.work == work, Failure.row_id == row_id))
    return None


async def _are_any(session: AsyncSession) -> bool:
    """Whether there are failures at all; asked once in a session, which may work for hundreds of rows."""
    if ANY not in session.info:
        session.info[ANY] = bool(await session.scalar(select(exists().select_from(Failure))))
    return bool(session.info[ANY])


async def list_set_aside(session: AsyncSession) -> Sequence[Failure]:
    """Returns the rows that are set aside, the newest first."""
    query = select(Failure).where(Failure.is_set_aside).order_by(Failure.failed_at.desc())
    return (await session.scalars(query)).all()


async def forget_chat(session: AsyncSession, chat_id: ChatId) -> None:
    """Deletes the failures of a chat's rows, which must still be there."""
    for work, (key, owner) in FAILED_ROWS.items():
        rows = select(key).where(owner == chat_id).scalar_subquery()
        await session.execute(
            delete(Failure)
            .where(Failure.work == work, Failure.row_id.in_(rows))
            .execution_options(synchronize_session=False)
        )


async def clear_old(session: AsyncSession, now: datetime) -> None:
    """Deletes what has not failed for KEEP_FAILURES."""
    await session.execute(delete(Failure).where(Failure.failed_at < now - KEEP_FAILURES))


def _describe(error: Exception) -> str:
    """Returns the error's type and the system's reason, not its text, which may quote what people wrote."""
    reason = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{reason}"[:LONGEST_ERROR]
