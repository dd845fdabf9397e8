"""Queues what is due: chooses an affirmation, inserts the message, sets the next due time. Called by `scheduler`."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Integer, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, Reminder
from bot.database.prepared import Prepared, updating
from bot.database.values import BackFrom, FailedWork, MessageKind
from bot.domain.ids import ChatId
from bot.domain.schedule import Daily, Once, Spread, is_quiet, next_due, quiet_starts_at, read_rule
from bot.usecases import failures
from bot.usecases.claims import Claimed
from bot.usecases.own_sentences import mixtures_in, write_mixtures
from bot.usecases.preferences import hidden_in
from bot.usecases.queued_messages import back_ref, ending_ref
from bot.usecases.reminders.choices import ChoiceOf, Choices
from bot.usecases.reminders.edit import GRACE, quiet_hours
from bot.usecases.reminders.occurrences import Occurrence, insert
from bot.usecases.reminders.rows import DUE_COLUMNS, Due

log = logging.getLogger(__name__)

# Who chose no exact time may get it so much later, so that the exact ones go first when all are due (claims.due_first).
LEEWAY = timedelta(minutes=30)
# An occurrence that is later than this was missed; all that a chat has missed becomes one message.
MISSED_AFTER = timedelta(minutes=10)
# Nothing is made up for if the next message comes within this time anyway, nor twice within it.
COALESCE = timedelta(hours=1)
# After so long a silence of the bot the next message says one line about it, and never what was missed.
LONG_AWAY, PRIVATE = timedelta(days=1), "private"
# A reminder that cannot be read is tried again after this.
PUSH_ON = timedelta(hours=1)
# Rows in a transaction: a few milliseconds, so that a tap never waits long for the database.
DUE_AT_ONCE = 250


TAKING_DUE = Prepared(
    lambda _: (
        select(*DUE_COLUMNS)
        .join(Chat, Chat.id == Reminder.chat_id)
        .where(Reminder.due_at <= bindparam("_now"))
        .order_by(Reminder.due_at)  # and by nothing else: of a million at 8 o'clock none has to be sorted
        .limit(bindparam("_count", type_=Integer))
        # The chats as well, which are written at the end: whoever writes a chat and then its reminders goes first, or
        # waits. Not their keys, so that others may refer to them meanwhile.
        .with_for_update(of=(Reminder, Chat), skip_locked=True, key_share=True)
    )
)
PUTTING_ON = updating(Reminder.id, Reminder.due_at)
BACK_FROM = updating(Chat.id, Chat.back_from)
CAUGHT_UP = updating(Chat.id, Chat.caught_up_at)


@dataclass(slots=True)
class _Changes:
    """What one batch writes to the database."""

    messages: list[Occurrence] = field(default_factory=list)
    due: dict[int, datetime | None] = field(default_factory=dict)  # when each reminder is due next
    caught_up: dict[ChatId, datetime] = field(default_factory=dict)
    back_from: dict[ChatId, BackFrom | None] = field(default_factory=dict)  # what the next message comes after
    failed: dict[int, Exception] = field(default_factory=dict)  # by reminder
    skipped: int = 0  # occurrences that give way to others, or come too late

    def push_on(self, reminder_id: int, error: Exception, now: datetime) -> None:
        """Puts off a reminder that fails. It is never given up: what is wrong may be mended."""
        self.due[reminder_id] = now + PUSH_ON
        self.failed[reminder_id] = error


@dataclass(frozen=True, slots=True)
class _Course:
    """The occurrence of a due reminder that counts now, and the one that follows."""

    occurrence: datetime
    following: datetime | None
    is_missed: bool
    is_quiet: bool
    send_before: datetime
    last_at: datetime | None = None  # local, naive: the following one, if the reminder ends with it


class Queued(NamedTuple):
    """One batch."""

    handled: int  # reminders
    claimed: list[Claimed]  # by this process, at once
    skipped: int  # occurrences that were due and are not queued


async def queue_due(database: Database, choice_of: ChoiceOf, now: datetime, *, room: int = 0) -> Queued:
    """Queues one batch of what is due at `now`; call again until none was handled.

    `room`: so many messages may be claimed at once, where nothing else waits to be sent.
    """
    async with database.write() as session:
        connection = await session.connection()
        rows = await connection.run_sync(_take_due, database, now)
        changes = _Changes()
        courses = list(_read_courses(rows, changes, now))
        comes_anyway = await _next_anyway(session, courses, now)
        hidden = await hidden_in(session, {row.chat_id for row, _ in courses if row.hides_some})
        choices = Choices(
            choice_of, hidden, await mixtures_in(session, {row.chat_id for row, _ in courses if row.mixes})
        )
        for row, course in courses:
            try:
                _handle(row, course, changes, choices, comes_anyway.get(row.chat_id), now)
            except Exception as error:  # of this reminder alone: the others are queued
                changes.push_on(row.id, error, now)
        claimed = await connection.run_sync(_write, database, changes, choices, now, room)
        await write_mixtures(session, choices.mixtures)
        for reminder_id, failed in changes.failed.items():
            await failures.record(session, FailedWork.REMINDER, reminder_id, failed, now)
    if rows:
        figures = {"due": len(rows), "queued": len(changes.messages), "skipped": changes.skipped}
        log.info("reminders queued", extra=figures)
    return Queued(len(rows), claimed, changes.skipped)


def _take_due(connection: Connection, database: Database, now: datetime) -> list[Due]:
    """Returns one batch of due reminders, locked. As values, not as objects of the session, which changes none."""
    return list(map(Due._make, TAKING_DUE.rows(connection, database, _now=now, _count=DUE_AT_ONCE)))


def _read_courses(rows: Sequence[Due], changes: _Changes, now: datetime) -> Iterator[tuple[Due, _Course]]:
    """Yields the reminders with their occurrences; one that cannot be read is put off, and stops no other."""
    for row in rows:
        try:
            yield row, _course(row, now)
        except Exception as error:  # whatever is wrong with this one
            changes.push_on(row.id, error, now)


async def _next_anyway(
    session: AsyncSession, courses: Sequence[tuple[Due, _Course]], now: datetime
) -> dict[ChatId, datetime]:
    """Returns for each chat that has missed something when its next message comes anyway."""
    chat_ids = {row.chat_id for row, course in courses if course.is_missed}
    if not chat_ids:
        return {}
    query = (
        select(Reminder.chat_id, func.min(Reminder.due_at))
        .where(Reminder.chat_id.in_(chat_ids), Reminder.due_at > now)
        .group_by(Reminder.chat_id)
    )
    moments = [(chat_id, at) for chat_id, at in (await session.execute(query)).all() if at]
    for row, course in courses:
        at = course.following if course.is_missed else course.occurrence
        if at and row.chat_id in chat_ids:
            moments.append((row.chat_id, at))
    earliest: dict[ChatId, datetime] = {}
    for chat_id, at in moments:
        earliest[chat_id] = min(at, earliest.get(chat_id, at))
    return earliest


def _handle(
    row: Due,
    course: _Course,
    changes: _Changes,
    choices: Choices,
    comes_anyway: datetime | None,
    now: datetime,
) -> None:
    changes.due[row.id] = course.following
    if course.is_missed and row.kind == PRIVATE and now - row.due_at > LONG_AWAY:
        changes.back_from[row.chat_id] = BackFrom.SILENCE
    if course.occurrence != row.due_at:  # it waited until the next one was due, too
        changes.skipped += 1
    if course.is_quiet or not _is_wanted(row, changes, course, comes_anyway, now):
        changes.skipped += 1
        return
    affirmation_id = None if row.has_own_text else choices.choose(row, course.occurrence)
    if affirmation_id is None and not row.has_own_text:  # the catalogue has changed since they chose
        log.warning("nothing was queued: no affirmation is wanted there", extra={"chat": row.chat_id})
        return
    if course.is_missed and not row.has_own_text:
        changes.caught_up[row.chat_id] = now
    kind = MessageKind.OWN_TEXT if row.has_own_text else MessageKind.AFFIRMATION
    notice_ref = ending_ref(course.last_at) if course.last_at else _take_back_ref(row, changes)
    changes.messages.append(Occurrence(row, kind, affirmation_id, notice_ref, course.occurrence, course.send_before))


def _take_back_ref(row: Due, changes: _Changes) -> str | None:
    """What this message comes after, said once: the next one of the chat comes after nothing."""
    back_from = changes.back_from.get(row.chat_id, row.back_from)
    if back_from is None:
        return None
    changes.back_from[row.chat_id] = None
    return back_ref(back_from)


def _course(row: Due, now: datetime) -> _Course:
    # Most rows of a morning's rush ask for the same (see the cache); only Spread depends on the seed.
    seed = row.seed + row.id if isinstance(_rule_of(row.rule), Spread) else 0
    return _course_of(row.rule, row.zone or "UTC", row.quiet_start, row.quiet_end, row.due_at, seed, now)


@lru_cache(maxsize=512)
def _rule_of(written: str) -> Daily | Spread | Once:
    return read_rule(written)


@lru_cache(maxsize=512)
def _course_of(
    written: str,
    zone_name: str,
    quiet_start: time | None,
    quiet_end: time | None,
    due_at: datetime,
    seed: int,
    now: datetime,
) -> _Course:
    rule, zone, quiet = _rule_of(written), ZoneInfo(zone_name), quiet_hours(quiet_start, quiet_end)
    grace = GRACE + LEEWAY if isinstance(rule, Spread) else GRACE
    # An occurrence has its minute to itself: before a Spread had seconds, it was due at the beginning of that.
    occurrence, following, after = due_at, None, max(due_at.replace(second=59), now - GRACE)
    while (following := next_due(rule, zone=zone, quiet=quiet, after=after, seed=seed)) and following <= now:
        occurrence = after = following
    quiet_at = quiet_starts_at(now, zone=zone, quiet=quiet)
    send_before = min(occurrence + grace, quiet_at) if quiet_at else occurrence + grace
    last_at = None
    if following and not isinstance(rule, Once) and rule.last:
        ends = next_due(rule, zone=zone, quiet=quiet, after=following, seed=seed) is None
        last_at = following.astimezone(zone).replace(tzinfo=None) if ends else None
    is_missed = now - due_at > MISSED_AFTER
    return _Course(occurrence, following, is_missed, is_quiet(now, zone=zone, quiet=quiet), send_before, last_at)


def _is_wanted(row: Due, changes: _Changes, course: _Course, comes_anyway: datetime | None, now: datetime) -> bool:
    """Coalescing: all that a chat has missed becomes at most one message, and none if it is too late.

    An own text is missed for itself: no other message says it.
    """
    if not course.is_missed:
        return True
    if now - course.occurrence > GRACE:
        return False
    if row.has_own_text:
        return True
    if comes_anyway and comes_anyway - now < COALESCE:
        return False
    caught_up_at = changes.caught_up.get(row.chat_id, row.caught_up_at)
    return caught_up_at is None or now - caught_up_at >= COALESCE


def _write(
    connection: Connection, database: Database, changes: _Changes, choices: Choices, now: datetime, room: int
) -> list[Claimed]:
    claimed = insert(connection, database, changes.messages, now, room)
    PUTTING_ON.run(connection, database, list(changes.due.items()))
    BACK_FROM.run(connection, database, list(changes.back_from.items()))
    CAUGHT_UP.run(connection, database, list(changes.caught_up.items()))
    choices.write(connection, database)
    return claimed
