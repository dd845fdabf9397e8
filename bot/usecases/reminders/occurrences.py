"""Inserts the occurrences of reminders: for any process to claim, or claimed by this one already. Called by `due`."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from bot.database.engine import Database
from bot.database.models import QueuedMessage
from bot.database.prepared import Prepared, inserting, next_ids
from bot.database.values import MessageKind, MessageState
from bot.usecases.claims import LEASE, Claimed, waits
from bot.usecases.reminders.rows import Due

INSERTING = inserting(
    QueuedMessage.id,
    QueuedMessage.chat_id,
    QueuedMessage.reminder_id,
    QueuedMessage.kind,
    QueuedMessage.affirmation_id,
    QueuedMessage.notice_ref,
    QueuedMessage.occurrence_at,
    QueuedMessage.send_after,
    QueuedMessage.send_before,
    QueuedMessage.state,
    QueuedMessage.claimed_until,
    QueuedMessage.attempts,
)
INSERTED = Prepared(
    lambda _: select(QueuedMessage.id).where(QueuedMessage.id.between(bindparam("_first"), bindparam("_last")))
)
# As text and nothing more: SQLite's driver asks each time what a member of an enum is to become.
QUEUED, SENDING = str(MessageState.QUEUED), str(MessageState.SENDING)


class Occurrence(NamedTuple):
    """What a reminder says this time, and until when."""

    of: Due
    kind: MessageKind
    affirmation_id: str | None
    notice_ref: str | None
    at: datetime
    send_before: datetime


def insert(
    connection: Connection, database: Database, occurrences: Sequence[Occurrence], now: datetime, room: int
) -> list[Claimed]:
    """Inserts them, and returns those that this process has claimed with that: `room` at most.

    None are claimed while others that are due wait: those come first. An occurrence that is queued already (unique on
    reminder and occurrence) stays as it is.
    """
    if not occurrences:
        return []
    ids = next_ids(connection, database, QueuedMessage, len(occurrences))
    if room and waits(connection, database, now):
        room = 0
    claimed = [
        _claimed(number, occurrence, now)
        for number, occurrence in zip(ids[:room], occurrences, strict=False)
        if occurrence.of.off_reason is None  # what is switched off is queued, and dropped later, as it always was
    ]
    numbers = {message.id for message in claimed}
    rows = [
        _row(number, occurrence, number in numbers, now) for number, occurrence in zip(ids, occurrences, strict=True)
    ]
    written = INSERTING.run(connection, database, rows)
    if not claimed or written == len(rows):
        return claimed
    # All between them, of which a few may be another process's.
    between = INSERTED.rows(connection, database, _first=min(numbers), _last=max(numbers))
    inserted = {number for (number,) in between}
    return [message for message in claimed if message.id in inserted]


def _row(number: int, occurrence: Occurrence, is_claimed: bool, now: datetime) -> tuple[object, ...]:
    row = occurrence.of
    return (
        number,
        row.chat_id,
        row.id,
        str(occurrence.kind),
        occurrence.affirmation_id,
        occurrence.notice_ref,
        occurrence.at,
        occurrence.at,
        occurrence.send_before,
        SENDING if is_claimed else QUEUED,
        now + LEASE if is_claimed else None,
        int(is_claimed),
    )


def _claimed(number: int, occurrence: Occurrence, now: datetime) -> Claimed:
    row, at = occurrence.of, occurrence.at
    # In the order of Claimed: with the names it would take three times as long, for each of all at 8 o'clock.
    return Claimed._make(
        (
            number,
            row.chat_id,
            row.telegram_id,
            row.thread_id,
            row.is_silent,
            row.language,
            row.practice,
            row.shows_pictures,
            occurrence.kind,
            occurrence.affirmation_id,
            row.id,
            occurrence.notice_ref,
            row.last_notice,
            occurrence.send_before,
            0,
            row.refusals,
            at,
            at,
            now + LEASE,
        )
    )
