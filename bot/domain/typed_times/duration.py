"""Reads how long something is to last: "for 10 days", "until monday". Pure. Called by `typed_times`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.typed_times.clocks import Half, HalfSaid, Times, time_of
from bot.domain.typed_times.dates import MINUTES_OF, Day, later_day, next_weekday
from bot.domain.typed_times.doubts import FAR, Doubt
from bot.domain.typed_times.half_of_day import add_doubts, decided, still_ahead
from bot.domain.typed_times.limits import Length, Until, UntilTime
from bot.domain.typed_times.reading import Piece
from bot.domain.typed_times.weekdays import Days
from bot.domain.typed_times.wish import value_of

STRETCHES = ("stretch",)  # "today" alone is all of today; with an hour it is a date
SYMBOLS = ("until", "length", "for", "date", "days", "times", "part")
# When a part of the day begins, for whoever pauses until then.
BEGINS: dict[Half, time] = {
    "morning": time(7),
    "noon": time(12),
    "afternoon": time(15),
    "evening": time(18),
    "night": time(21),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Until when; local, naive. A date ends it as the date begins, at 0:00, and a number of days at this hour."""

    until: datetime
    doubts: frozenset[Doubt] = frozenset()


def span_of(pieces: Sequence[Piece], now: datetime) -> Span | None:
    """Returns the span that these pieces make; None if they make none, or end before now."""
    doubts: set[Doubt] = set()
    length, until_time = value_of(pieces, Length), value_of(pieces, UntilTime)
    if length or until_time:
        if len(pieces) > 1:
            return None
        until = _after(now, length) if length else None
        if until_time:
            until = _next(now, Times((until_time.clock,)), doubts)
    else:
        until = _on_a_day(pieces, now, doubts)
    if until is None or until <= now:
        return None
    if until - now > FAR:
        doubts.add("far")
    return Span(until, frozenset(doubts))


def _after(now: datetime, length: Length) -> datetime | None:
    if length.unit in MINUTES_OF:
        return _sum(now, timedelta(minutes=MINUTES_OF[length.unit] * length.number))
    day = later_day(now.date(), length.unit, length.number)
    return datetime.combine(day, now.time()) if day else None


def _next(now: datetime, times: Times, doubts: set[Doubt]) -> datetime | None:
    at = _time(times, None, doubts)
    if at is None:
        return None
    either = [datetime.combine(now.date(), at)]
    if "half_of_day" in doubts:
        either.append(either[0] + timedelta(hours=12))
    return next((moment for moment in either if moment > now), _sum(either[0], timedelta(days=1)))


def _time(times: Times, half: Half | None, doubts: set[Doubt], after: datetime | None = None) -> time | None:
    if len(times.clocks) != 1:
        return None
    clocks = decided(times.clocks, half)
    if after:
        clocks = (still_ahead(clocks[0], after),)
    add_doubts(clocks, doubts)
    return time_of(clocks[0])


def _on_a_day(pieces: Sequence[Piece], now: datetime, doubts: set[Doubt]) -> datetime | None:
    day, half = _day(pieces, now, doubts)
    said, times = value_of(pieces, HalfSaid), value_of(pieces, Times)
    half = said.half if said else half
    if day is None:
        return None
    if times:
        at = _time(times, half, doubts, now if day == now.date() else None)
        return None if at is None else datetime.combine(day, at)
    return datetime.combine(day, BEGINS.get(half, time(0)) if half else time(0))


def _day(pieces: Sequence[Piece], now: datetime, doubts: set[Doubt]) -> tuple[date | None, Half | None]:
    """Returns the one day that the pieces name; none if they name two."""
    until, day, days = value_of(pieces, Until), value_of(pieces, Day), value_of(pieces, Days)
    named = until.day if until else day
    if named and named.doubt:
        doubts.add(named.doubt)
    found = named.date if named else None
    if days and len(days.weekdays) == 1:
        (weekday,) = days.weekdays
        if found is None:
            found = next_weekday(now.date(), weekday)
        elif found.weekday() != weekday:
            return None, None
    is_twice = sum(value is not None for value in (until, day)) > 1 or (days and len(days.weekdays) != 1)
    return (None, None) if is_twice else (found, until.part if until else None)


def _sum(start: datetime, by: timedelta) -> datetime | None:
    try:
        return start + by
    except OverflowError:
        return None
