"""Claims on queued messages: one process holds a message for a while, gives it back, or another takes it over."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, or_, select, text, update

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage
from bot.database.prepared import Prepared
from bot.database.values import MessageKind, MessageState, OffReason
from bot.database.writes import changed
from bot.domain.backoff import backoff
from bot.domain.ids import ChatId, TelegramId

# A claim ends by itself after this, so that another process takes up what a dead one held.
LEASE = timedelta(seconds=90)
# Seconds, doubled with each claim, until what was claimed again and again, and never marked, is sent again.
FIRST_AFTER_KILL, LONGEST_AFTER_KILL = 1.0, 300.0
# As the indexes of what waits say it: that of the deadlines, and that of the times from which messages may go. Not the
# same: SQLite, which keeps no figures of its tables, would rather take the second, and sort all that is due for each
# claim. In the text of a statement, as no database takes such an index for a parameter that may be anything.
IS_QUEUED = text("queued_messages.state || '' = 'queued'")
WAITS = text("queued_messages.state = 'queued'")
# The second condition names the index of what is claimed.
IS_CLAIMED = and_(QueuedMessage.state == MessageState.SENDING, QueuedMessage.claimed_until.is_not(None))
ERROR_TOO_LATE = "too late"  # in `error`; if the clock was wrong then, `moved_clock` brings it back
KEEP_SENT = timedelta(days=3)  # sent rows are for looking into troubles, then they go


class Claimed(NamedTuple):
    """One claimed message with what is needed to send it."""

    id: int
    chat_id: ChatId
    telegram_id: TelegramId
    thread_id: int
    is_silent: bool
    language: str | None
    practice: str | None  # the practice whose words were chosen
    shows_pictures: bool
    kind: MessageKind
    affirmation_id: str | None
    reminder_id: int | None
    notice_ref: str | None
    last_notice: str | None
    send_before: datetime
    attempts: int
    refusals: int  # of its chat, in a row
    send_after: datetime
    occurrence_at: datetime
    claimed_until: datetime

    def seconds_late(self, now: datetime) -> float:
        """Returns for how long it has been due; what is tried again counts from its reminder's time."""
        is_again = self.attempts > 0 and self.kind in (MessageKind.AFFIRMATION, MessageKind.OWN_TEXT)
        return (now - (self.occurrence_at if is_again else self.send_after)).total_seconds()


# As the fields of Claimed, in order, but for the last.
CLAIMED_COLUMNS = (
    QueuedMessage.id,
    QueuedMessage.chat_id,
    Chat.telegram_id,
    Chat.thread_id,
    Chat.is_silent,
    Chat.language,
    Chat.practice,
    Chat.shows_pictures,
    QueuedMessage.kind,
    QueuedMessage.affirmation_id,
    QueuedMessage.reminder_id,
    QueuedMessage.notice_ref,
    Chat.last_notice,
    QueuedMessage.send_before,
    QueuedMessage.attempts,
    Chat.refusals,
    QueuedMessage.send_after,
    QueuedMessage.occurrence_at,
)


WAITING = Prepared(
    lambda _: (
        select(QueuedMessage.id)
        .where(WAITS, QueuedMessage.send_after <= bindparam("_now"))
        # The order names the index: any row would do, but PostgreSQL may look for it among a million that were sent.
        .order_by(QueuedMessage.send_after)
        .limit(1)
    )
)


async def claim(database: Database, now: datetime, size: int) -> list[Claimed]:
    """Claims up to `size` messages that are due, in the order of `due_first`: an update of rows that are locked."""
    query = due_first(now, size)
    until = now + LEASE
    async with database.write() as session:
        connection = await session.connection()
        rows = (await connection.execute(query)).all()
        if rows:
            await connection.execute(
                update(QueuedMessage)
                .where(QueuedMessage.id.in_([row.id for row in rows]))
                .values(state=MessageState.SENDING, claimed_until=until, attempts=QueuedMessage.attempts + 1)
            )
    return [Claimed._make((*row, until)) for row in rows]


def due_first(now: datetime, size: int) -> Select[*tuple[Any, ...]]:  # Any: CLAIMED_COLUMNS
    """Returns the query for what is due, locked: first what will soonest be too late, of those the longest waiting.

    An index holds exactly this order, of queued rows alone.
    """
    return (
        select(*CLAIMED_COLUMNS)
        .join(Chat, Chat.id == QueuedMessage.chat_id)
        # Not `<=`: SQLite would look for that in the index of all messages by time, and sort what it finds.
        .where(IS_QUEUED, (QueuedMessage.send_after > now).is_(False), _is_wanted())
        .order_by(QueuedMessage.send_before, QueuedMessage.send_after, QueuedMessage.id)
        .limit(size)
        .with_for_update(of=QueuedMessage, skip_locked=True)
    )


def waits(connection: Connection, database: Database, now: datetime) -> bool:
    """Whether anything that is due waits to be claimed."""
    return bool(WAITING.rows(connection, database, _now=now))


def _is_wanted() -> ColumnElement[bool]:
    """A person who has stopped their own reminders still gets notices about the groups they look after."""
    is_told = and_(Chat.off_reason == OffReason.STOPPED, QueuedMessage.kind == MessageKind.NOTICE)
    return or_(Chat.off_reason.is_(None), is_told)


async def release(database: Database, unsent: list[Claimed]) -> None:
    """Gives back messages that were claimed and not sent: anyone may claim them. What others claimed since stays."""
    if not unsent:
        return
    async with database.write() as session:
        await session.execute(
            update(QueuedMessage)
            .where(
                QueuedMessage.id.in_([message.id for message in unsent]),
                QueuedMessage.state == MessageState.SENDING,
                QueuedMessage.claimed_until.in_({message.claimed_until for message in unsent}),
            )
            .values(state=MessageState.QUEUED, claimed_until=None, attempts=QueuedMessage.attempts - 1)
        )


async def take_over(database: Database, now: datetime) -> None:
    """Takes back every claim. For a process that has just become the one that sends: the others are gone.

    What was claimed once goes again at once. What was claimed more often waits longer each time, unless it would be too
    late then: a program that is killed again and again does not send the same to the same chats each time.
    """
    async with database.write() as session:
        tries = (await session.scalars(select(QueuedMessage.attempts).where(IS_CLAIMED).distinct())).all()
        for attempts in tries:
            if attempts > 1:
                again = now + timedelta(seconds=backoff(FIRST_AFTER_KILL, attempts, LONGEST_AFTER_KILL))
                is_sooner = QueuedMessage.send_after < again, QueuedMessage.send_before > again
                rows = update(QueuedMessage).where(IS_CLAIMED, QueuedMessage.attempts == attempts, *is_sooner)
                await session.execute(rows.values(send_after=again))
        await session.execute(
            update(QueuedMessage).where(IS_CLAIMED).values(state=MessageState.QUEUED, claimed_until=None)
        )


async def sweep(database: Database, now: datetime, *, may_delete: bool = True) -> int:
    """Takes back claims that have ended, deletes what was done long ago, skips what is too late; returns how many.

    What is skipped now is deleted at the next time at the earliest, should the clock turn out to be wrong.
    `may_delete`: whether the clock is sure (`domain.steady_clock`): the rows are all that says what was sent.
    """
    async with database.write() as session:
        await session.execute(
            update(QueuedMessage)
            .where(IS_CLAIMED, QueuedMessage.claimed_until <= now)
            .values(state=MessageState.QUEUED, claimed_until=None)
        )
        if may_delete:
            await session.execute(
                delete(QueuedMessage).where(
                    QueuedMessage.state.in_([MessageState.SENT, MessageState.SKIPPED, MessageState.FAILED]),
                    QueuedMessage.send_after < now - KEEP_SENT,
                )
            )
        return await changed(
            session,
            update(QueuedMessage)
            .where(IS_QUEUED, QueuedMessage.send_before <= now)
            .values(state=MessageState.SKIPPED, error=ERROR_TOO_LATE),
        )
