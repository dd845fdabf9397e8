"""Inserts the occurrences of reminders: for any process to claim, or claimed by this one already. Called by `due`."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.many_rows import ManyRows, next_ids
from bot.database.models import QueuedMessage
from bot.database.values import MessageKind, MessageState
from bot.usecases.claims import LEASE, Claimed, waits
from bot.usecases.reminders.rows import Due

COLUMNS = (
    "id",
    "chat_id",
    "reminder_id",
    "kind",
    "affirmation_id",
    "notice_ref",
    "occurrence_at",
    "send_after",
    "send_before",
    "state",
    "claimed_until",
    "attempts",
)
INSERTING = ManyRows(lambda database: database.insert_new(QueuedMessage), COLUMNS)


class Occurrence(NamedTuple):
    """What a reminder says this time, and until when."""

    of: Due
    kind: MessageKind
    affirmation_id: str | None
    notice_ref: str | None
    at: datetime
    send_before: datetime


async def insert(
    database: Database, session: AsyncSession, occurrences: Sequence[Occurrence], now: datetime, room: int
) -> list[Claimed]:
    """Inserts them, and returns those that this process has claimed with that: `room` at most.

    None are claimed while others that are due wait: those come first. An occurrence that is queued already (unique on
    reminder and occurrence) stays as it is.
    """
    if not occurrences:
        return []
    ids = await next_ids(database, session, QueuedMessage, len(occurrences))
    if room and await waits(session, now):
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
    await INSERTING.run(database, session, rows)
    if not claimed:
        return []
    # All between them, of which a few may be another process's: a list of numbers would be compiled anew each time.
    between = QueuedMessage.id.between(min(numbers), max(numbers))
    inserted = set(await session.scalars(select(QueuedMessage.id).where(between)))
    return [message for message in claimed if message.id in inserted]


def _row(number: int, occurrence: Occurrence, is_claimed: bool, now: datetime) -> tuple[object, ...]:
    row = occurrence.of
    return (
        number,
        row.chat_id,
        row.id,
        occurrence.kind,
        occurrence.affirmation_id,
        occurrence.notice_ref,
        occurrence.at,
        occurrence.at,
        occurrence.send_before,
        MessageState.SENDING if is_claimed else MessageState.QUEUED,
        now + LEASE if is_claimed else None,
        int(is_claimed),
    )


def _claimed(number: int, occurrence: Occurrence, now: datetime) -> Claimed:
    row = occurrence.of
    return Claimed(
        id=number,
        chat_id=row.chat_id,
        telegram_id=row.telegram_id,
        thread_id=row.thread_id,
        is_silent=row.is_silent,
        language=row.language,
        practice=row.practice,
        shows_pictures=row.shows_pictures,
        kind=occurrence.kind,
        affirmation_id=occurrence.affirmation_id,
        reminder_id=row.id,
        notice_ref=occurrence.notice_ref,
        last_notice=row.last_notice,
        send_before=occurrence.send_before,
        attempts=0,
        refusals=row.refusals,
        send_after=occurrence.at,
        occurrence_at=occurrence.at,
        claimed_until=now + LEASE,
    )
