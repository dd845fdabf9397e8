"""The occurrences of a rule, and the edges of quiet hours, as moments in UTC. Called through `schedule`."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.schedule.days import MINUTE, Intervals, moment, quiet_wall, real_intervals, real_minute, waking_wall
from bot.domain.schedule.rules import Daily, Once, QuietHours, Rule, Spread, minute_of
from bot.domain.schedule.scatter import scatter, second_of


def next_due(rule: Rule, *, zone: ZoneInfo, quiet: QuietHours | None, after: datetime, seed: int) -> datetime | None:
    """Returns the first occurrence later than `after`; None for a Once that is past, or an end.

    It is in whole minutes, but for a Spread: that has a second of its own on each day, so that no minute begins with a
    rush.
    """
    for day in _days_of(rule, after.astimezone(zone).date()):
        if minutes := minutes_on(rule, day, zone, quiet, seed):
            shift = seconds_into(minutes, rule, day, zone, quiet, seed)
            passed = (after - shift - moment(day, 0)) // MINUTE
            for minute in minutes:
                if minute > passed:
                    return moment(day, minute) + shift
    return None


def minutes_on(rule: Rule, day: date, zone: ZoneInfo, quiet: QuietHours | None, seed: int) -> tuple[int, ...]:
    """Returns the minutes of a local day at which the rule is due, sorted; `days` says how they are counted.

    That is one minute for each time, or a Spread's `times`; none on a day that the rule does not fall on. An occurrence
    in quiet hours, or one that a skipped hour moves to another day, moves to the nearest waking minute of the day. A
    Spread with too few waking minutes in its window uses the whole waking day, or the nearest part if it comes once.
    """
    if isinstance(rule, Once):
        return _single(day, rule.at.time(), zone, quiet) if rule.at.date() == day else ()
    if not rule.falls_on(day):
        return ()
    if isinstance(rule, Daily):
        if not rule.also:
            return _single(day, rule.at, zone, quiet)
        return tuple(sorted({minute for at in rule.times for minute in _single(day, at, zone, quiet)}))
    return _spread(rule, day, zone, quiet, seed)


def seconds_into(
    minutes: tuple[int, ...], rule: Rule, day: date, zone: ZoneInfo, quiet: QuietHours | None, seed: int
) -> timedelta:
    """Returns how far into these minutes of `minutes_on` the rule is due: less than a minute, 0 for exact times.

    And 0 where the last of them is the last of the window, which ends with its beginning.
    """
    if not isinstance(rule, Spread) or minutes[-1] == _room(rule, day, zone, quiet).last:
        return timedelta(0)
    return timedelta(seconds=second_of(seed, day))


def is_quiet(now: datetime, *, zone: ZoneInfo, quiet: QuietHours | None) -> bool:
    """Returns whether `now` is in quiet hours."""
    return quiet is not None and quiet.contains(now.astimezone(zone).time())


def quiet_starts_at(now: datetime, *, zone: ZoneInfo, quiet: QuietHours | None) -> datetime | None:
    """Returns when quiet hours start next: `now` itself inside quiet hours, None without quiet hours."""
    if quiet is None:
        return None
    if is_quiet(now, zone=zone, quiet=quiet):
        return now
    return _first_start(now, zone, quiet_wall(quiet))


def quiet_ends_at(now: datetime, *, zone: ZoneInfo, quiet: QuietHours | None) -> datetime:
    """Returns the first waking moment: `now` itself outside quiet hours."""
    if not is_quiet(now, zone=zone, quiet=quiet):
        return now
    return _first_start(now, zone, waking_wall(quiet))


@lru_cache(maxsize=8192)  # in one minute of the morning most chats ask for the same values
def _single(day: date, at: time, zone: ZoneInfo, quiet: QuietHours | None) -> tuple[int, ...]:
    wanted = real_minute(day, at, zone)
    waking = real_intervals(day, zone, waking_wall(quiet))
    if any(start <= wanted < end for start, end in waking):
        return (wanted,)
    edges = [edge for start, end in waking for edge in (start, end - 1)]
    return (min(edges, key=lambda edge: (abs(edge - wanted), -edge)),) if edges else ()


def _spread(rule: Spread, day: date, zone: ZoneInfo, quiet: QuietHours | None, seed: int) -> tuple[int, ...]:
    room = _room(rule, day, zone, quiet).minutes
    if _length(room) < rule.times:
        return ()  # only on a day that a zone skips, as Samoa did in December 2011
    return scatter(room, times=rule.times, apart=rule.apart, seed=seed, day=day)


class _Room(NamedTuple):
    """The minutes that a Spread may take on a day. Of `last` only the beginning is in its window."""

    minutes: Intervals
    last: int | None = None


@lru_cache(maxsize=8192)
def _room(rule: Spread, day: date, zone: ZoneInfo, quiet: QuietHours | None) -> _Room:
    waking, start, end = waking_wall(quiet), minute_of(rule.start), minute_of(rule.end)
    before_end = real_intervals(day, zone, _clipped(waking, start, end))
    if rule.times == 1 and before_end:
        return _Room(before_end)
    window = real_intervals(day, zone, _clipped(waking, start, end + 1))
    if _length(window) >= rule.times:
        return _Room(window, last=window[-1][1] - 1)
    whole_day = real_intervals(day, zone, waking)
    if rule.times > 1 or not whole_day:
        return _Room(whole_day)
    (nearest,) = _single(day, rule.start, zone, quiet)
    first, last = nearest - (end - start), nearest + (end - start)
    near = tuple((max(first, begins), min(last, ends)) for begins, ends in whole_day)
    return _Room(tuple((begins, ends) for begins, ends in near if begins < ends))


def _clipped(wall: Intervals, first: int, last: int) -> Intervals:
    return tuple((max(start, first), min(end, last)) for start, end in wall)


def _length(intervals: Intervals) -> int:
    return sum(end - start for start, end in intervals)


def _first_start(now: datetime, zone: ZoneInfo, wall: Intervals) -> datetime:
    starts = (
        moment(day, start)
        for day in _days_from(now.astimezone(zone).date())
        for start, _ in real_intervals(day, zone, wall)
    )
    return next(start for start in starts if start > now)


def _days_of(rule: Rule, today: date) -> Iterator[date]:
    """Yields the days from today on, or from the rule's first day to its last."""
    if isinstance(rule, Once):
        return iter((rule.at.date(),))
    days = _days_from(max(today, rule.first or today))
    return takewhile(partial(_is_not_after, rule.last), days) if rule.last else days


def _is_not_after(last: date, day: date) -> bool:
    return day <= last


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)
