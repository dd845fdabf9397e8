"""What may come around a session, and when: each prompt by its own rule, in the zone where the person is now.

What holds for all of them: none comes in quiet hours, none during a session or in the two hours after one, and each
says when it is too late for it. docs/between-sessions.md tells the rules to therapists.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.appointments.occurrences import HORIZON, Occurrence, list_occurrences
from bot.domain.appointments.plan import Appointments, Prompt
from bot.domain.schedule import Daily, QuietHours, quiet_ends_at, quiet_starts_at
from bot.domain.schedule.days import moment, real_intervals, real_minute, waking_wall
from bot.domain.schedule.due import minutes_on

DAY_BEFORE_AT, EVENING_AT, MIDWEEK_AT = time(18), time(19), time(12, 30)
SETTLING = timedelta(minutes=30)  # before a session
LEAST_SETTLING = timedelta(minutes=10)  # where quiet hours end shortly before it
QUIET_AFTER = timedelta(hours=3)  # ordinary messages wait so long after a session
REST = timedelta(hours=2)  # nothing at all comes so soon after one
APART = timedelta(days=1)  # the least between a session and a line in the middle of the week
MOST_BETWEEN = timedelta(days=36)  # the longest time between two sessions that has a middle: once a month
GRACE_OF_PROMPT = timedelta(hours=4)  # how late what is said around a session may come
GRACE_OF_ENDING = timedelta(days=1)  # it comes once, and never again
WINDOWS = (timedelta(days=16), timedelta(days=100), HORIZON)
FAR = timedelta(days=3)  # nothing that belongs to one session is further from it, but what lies between two
LOOK_AROUND = timedelta(days=40)  # more than MOST_BETWEEN


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """What is due at `at`, in UTC, about the session that begins at `starts_at`.

    A message is too late at `before`; QUIET lasts until then.
    """

    at: datetime
    prompt: Prompt
    starts_at: datetime
    before: datetime


@dataclass(frozen=True, slots=True)
class _Person:
    """Where somebody is, when they want quiet, and their sessions around the moments in question."""

    zone: ZoneInfo
    quiet: QuietHours | None
    sessions: Sequence[Occurrence]
    days: Sequence[date]  # of the sessions, in the same order

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def minute(self, day: date, at: time) -> int:
        return real_minute(day, at, self.zone)

    def waking(self, day: date) -> list[range]:
        """The waking minutes of a local day, counted as `schedule.days` does."""
        return [range(*piece) for piece in real_intervals(day, self.zone, waking_wall(self.quiet))]

    def grace(self, at: datetime) -> datetime:
        """When a message that is due at `at` is too late: some hours, but the same day, and before quiet hours."""
        midnight = moment(
            self.day_of(at) + timedelta(days=1), self.minute(self.day_of(at) + timedelta(days=1), time(0))
        )
        quiet_at = quiet_starts_at(at, zone=self.zone, quiet=self.quiet) or midnight
        return min(at + GRACE_OF_PROMPT, midnight, quiet_at)


def list_events(
    plan: Appointments, zone: ZoneInfo, quiet: QuietHours | None, since: datetime, until: datetime
) -> list[Event]:
    """Returns what is due later than `since`, up to `until`, in order."""
    sessions = list_occurrences(plan, since - LOOK_AROUND, until + LOOK_AROUND)
    person = _Person(zone, quiet, sessions, [session.starts_at.astimezone(zone).date() for session in sessions])
    return sorted(event for event in _events(plan, person, since, until) if since < event.at <= until)


def next_event(plan: Appointments, zone: ZoneInfo, quiet: QuietHours | None, after: datetime) -> Event | None:
    """Returns the first that is due later than `after`; None if nothing is before the horizon."""
    for window in WINDOWS:
        if found := list_events(plan, zone, quiet, after, after + window):
            return found[0]
    return None


def quiet_window(plan: Appointments, at: datetime) -> datetime | None:
    """Returns until when ordinary messages wait, if `at` is in a session or in the hours after it."""
    if Prompt.QUIET not in plan.prompts:
        return None
    around = list_occurrences(plan, at - timedelta(days=1), at + timedelta(seconds=1))
    ends = [session.ends_at + QUIET_AFTER for session in around if session.starts_at <= at]
    return max((end for end in ends if end > at), default=None)


def _events(plan: Appointments, person: _Person, since: datetime, until: datetime) -> Iterator[Event]:
    """Yields all events of this time, and perhaps others."""
    last = _last(plan, person.sessions)
    for place, session in enumerate(person.sessions):
        following = person.sessions[place + 1] if place + 1 < len(person.sessions) else None
        ends = following.starts_at if following else session.ends_at
        if session.starts_at - FAR > until or ends + FAR < since:
            continue
        if Prompt.QUIET in plan.prompts:
            yield Event(session.starts_at, Prompt.QUIET, session.starts_at, session.ends_at + QUIET_AFTER)
        if session == last:
            yield _ending(person, session)
        for prompt, at in _said(plan, person, place, following):
            is_replaced = prompt is Prompt.EVENING and session == last
            if is_replaced or not since < at <= until:
                continue
            is_free = not any(other.starts_at <= at < other.ends_at + REST for other in person.sessions)
            before = person.grace(at) if prompt is not Prompt.SHORTLY else _begins_soon(person, session, at)
            if is_free and at < before:
                yield Event(at, prompt, session.starts_at, before)


def _said(
    plan: Appointments, person: _Person, place: int, following: Occurrence | None
) -> Iterator[tuple[Prompt, datetime]]:
    """Yields the chosen prompts that have room around the session in this place, and when each comes."""
    session = person.sessions[place]
    if Prompt.DAY_BEFORE in plan.prompts and (at := _day_before(person, place)):
        yield Prompt.DAY_BEFORE, at
    if Prompt.SHORTLY in plan.prompts and (at := _shortly(person, session)):
        yield Prompt.SHORTLY, at
    if Prompt.EVENING in plan.prompts and (at := _evening(person, session, following)):
        yield Prompt.EVENING, at
    if Prompt.MIDWEEK in plan.prompts and following and (at := _midweek(plan, person, session, following)):
        yield Prompt.MIDWEEK, at


def _begins_soon(person: _Person, session: Occurrence, at: datetime) -> datetime:
    """When it is too late for a settling minute: some minutes before the session, and before quiet hours."""
    too_late = session.starts_at - LEAST_SETTLING / 2
    return min(quiet_starts_at(at, zone=person.zone, quiet=person.quiet) or too_late, too_late)


def _day_before(person: _Person, place: int) -> datetime | None:
    """The evening before, about six; in quiet hours the last waking minute before them, or else the first after.

    None on a day that has a session of its own, whose evening is enough; of two sessions in a day the first has it.
    """
    day = person.days[place] - timedelta(days=1)
    if place and person.days[place - 1] >= day:
        return None
    wanted, waking = person.minute(day, DAY_BEFORE_AT), person.waking(day)
    earlier = [min(piece[-1], wanted) for piece in waking if piece and piece[0] <= wanted]
    later = [piece[0] for piece in waking if piece and piece[0] > wanted]
    minute = max(earlier, default=min(later, default=None))
    return None if minute is None else moment(day, minute)


def _shortly(person: _Person, session: Occurrence) -> datetime | None:
    """Half an hour before; where quiet hours end after that, at their end, if some minutes are left.

    Of two sessions that follow closely, the first has it.
    """
    if any(other.starts_at < session.starts_at < other.starts_at + REST for other in person.sessions):
        return None
    at = quiet_ends_at(session.starts_at - SETTLING, zone=person.zone, quiet=person.quiet)
    return at if at <= session.starts_at - LEAST_SETTLING else None


def _evening(person: _Person, session: Occurrence, following: Occurrence | None) -> datetime | None:
    """About seven, or two hours after the session, whichever is later; earlier where quiet hours begin before that.

    None if the day has no room for it, or has another session, or if one follows soon after midnight.
    """
    day = person.day_of(session.starts_at)
    if following and person.day_of(following.starts_at) == day:
        return None
    least = -((moment(day, 0) - session.ends_at - REST) // timedelta(minutes=1))
    wanted = max(least, person.minute(day, EVENING_AT))
    minutes = [min(piece[-1], wanted) for piece in person.waking(day) if piece and piece[0] <= wanted]
    minute = max(minutes, default=least - 1)
    at = moment(day, minute)
    is_close = following is not None and following.starts_at - at < REST
    return None if minute < least or is_close else at


def _midweek(plan: Appointments, person: _Person, session: Occurrence, following: Occurrence) -> datetime | None:
    """About noon on the day halfway between two sessions.

    None within a day of any session, in a holiday, or on a day that a skipped session would have had.
    """
    between = following.starts_at - session.ends_at
    if between > MOST_BETWEEN:
        return None
    day = person.day_of(session.ends_at + between / 2)
    minutes = minutes_on(Daily(at=MIDWEEK_AT), day, person.zone, person.quiet, 0)
    is_skipped = any(day in appointment.skipped for appointment in plan.appointments)
    if not minutes or is_skipped or plan.is_holiday(day):
        return None
    at = moment(day, minutes[0])
    is_near = any(
        abs((its_day - day).days) < 2 or other.starts_at - APART < at < other.ends_at + APART
        for other, its_day in zip(person.sessions, person.days, strict=True)
    )
    return None if is_near else at


def _ending(person: _Person, session: Occurrence) -> Event:
    """After the last session of all: that evening, or where it has no room the next day at noon."""
    day = person.day_of(session.starts_at) + timedelta(days=1)
    at = _evening(person, session, None)
    if at is None:
        at = quiet_ends_at(moment(day, person.minute(day, MIDWEEK_AT)), zone=person.zone, quiet=person.quiet)
    return Event(at, Prompt.ENDING, session.starts_at, at + GRACE_OF_ENDING)


def _last(plan: Appointments, sessions: Sequence[Occurrence]) -> Occurrence | None:
    """Returns the last session of all, if therapy has an end and it is among these."""
    if plan.ends_on is None or not sessions:
        return None
    after = sessions[-1].starts_at + timedelta(microseconds=1)
    return None if list_occurrences(plan, after, after + HORIZON) else sessions[-1]
