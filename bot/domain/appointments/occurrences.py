"""The sessions that take place: the days of the rules, without what is skipped, with what is moved. For `prompts`.

A session is at its local time in the zone in which it was agreed, whatever the clocks there do (RFC 5545: a time that
does not exist takes the offset before the gap, one that occurs twice means the first).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.appointments.plan import Appointment, Appointments
from bot.domain.schedule import Once

HORIZON = timedelta(days=732)  # what is later is not looked for
NEAR = timedelta(days=16)  # the next session mostly is
SOON = timedelta(days=60)
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One session, in UTC. `index` is its appointment's, `day` the one on which the rule has it."""

    starts_at: datetime
    ends_at: datetime
    index: int
    day: date


def local_in(zone: str, at: datetime) -> datetime:
    """Returns the moment as a naive local time in this zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def list_occurrences(plan: Appointments, since: datetime, until: datetime) -> list[Occurrence]:
    """Returns the sessions that begin from `since` to before `until`, in order; of two that begin at once the first."""
    found: dict[datetime, Occurrence] = {}
    for index, appointment in enumerate(plan.appointments):
        for day, local in _locals(plan, appointment, since.date() - DAY, until.date() + DAY):
            starts_at = local.replace(tzinfo=ZoneInfo(appointment.zone)).astimezone(UTC)
            if since <= starts_at < until:
                ends_at = starts_at + timedelta(minutes=appointment.minutes)
                found.setdefault(starts_at, Occurrence(starts_at, ends_at, index, day))
    return sorted(found.values())


def next_occurrence(plan: Appointments, after: datetime) -> Occurrence | None:
    """Returns the first session that begins later than `after`; None if there is none before the horizon."""
    soon, last = after + INSTANT, after + HORIZON
    near = list_occurrences(plan, soon, after + NEAR)
    return next(iter(near or list_occurrences(plan, soon, last)), None)


def list_skipped(plan: Appointments, since: datetime) -> list[Occurrence]:
    """Returns the skipped sessions that would begin later than `since`, and not too far ahead, in order."""
    found = []
    for index, appointment in enumerate(plan.appointments):
        for day in appointment.skipped:
            as_it_was = plan.brought_back(index, day)
            found += [
                other
                for other in list_occurrences(as_it_was, since + INSTANT, since + SOON)
                if (other.index, other.day) == (index, day)
            ]
    return sorted(found)


def _locals(plan: Appointments, appointment: Appointment, first: date, last: date) -> Iterator[tuple[date, datetime]]:
    """Yields the sessions of one appointment: the day on which the rule has them, and when they are, local."""
    moved = {move.day: move.to for move in appointment.moved}
    for day in _days(appointment, first, last):
        if day in moved or day in appointment.skipped or plan.is_holiday(day) or _is_over(plan, day):
            continue
        yield day, datetime.combine(day, _at(appointment))
    for day, local in moved.items():
        is_on = day not in appointment.skipped and not _is_over(plan, local.date())
        if is_on and first <= local.date() <= last:
            yield day, local


def _days(appointment: Appointment, first: date, last: date) -> Iterator[date]:
    if isinstance(appointment.rule, Once):
        if first <= appointment.rule.at.date() <= last:
            yield appointment.rule.at.date()
        return
    first = max(first, appointment.rule.first or first)
    last = min(last, appointment.rule.last or last)
    for number in range((last - first).days + 1):
        if appointment.rule.falls_on(day := first + number * DAY):
            yield day


def _at(appointment: Appointment) -> time:
    rule = appointment.rule
    return rule.at.time() if isinstance(rule, Once) else rule.at


def _is_over(plan: Appointments, day: date) -> bool:
    return plan.ends_on is not None and day > plan.ends_on
