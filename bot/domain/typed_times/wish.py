"""Puts the pieces of a typed wish together, with what must be asked back. Pure. Called by `typed_times`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TypeVar

from bot.domain.typed_times.clocks import (
    PARTS,
    HalfSaid,
    Part,
    Times,
    Window,
    is_open,
    minutes_between,
    time_of,
    with_half,
)
from bot.domain.typed_times.dates import Day, Moment, TodayPart, later_day, next_weekday
from bot.domain.typed_times.doubts import FAR, Doubt
from bot.domain.typed_times.half_of_day import MORNING_BEGINS, add_doubts, decided, is_in, still_ahead
from bot.domain.typed_times.limits import From, Length, Until, UntilTime, last_day_of
from bot.domain.typed_times.reading import Piece
from bot.domain.typed_times.rhythms import Rhythm
from bot.domain.typed_times.weekdays import EVERY_DAY, Days

Date = date  # in `Wish` a field has the name
LONG_WINDOW = 12 * 60  # minutes
DAY = 24 * 60
NOON = time(12)
SYMBOLS = (
    *(
        "times",
        "window",
        "days",
        "date",
        "rhythm",
        "every_part",
        "today_part",
        "part",
        "moment",
        "from",
        "until",
        "for",
    ),
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a text says about when something should come; all that it does not say is empty.

    `weekdays` alone may be meant for each week or for the next such day: who asks decides. `doubts` say why it must be
    asked back; each value then is the likeliest, or what was literally said.
    """

    times: tuple[time, ...] = ()
    part: Part | None = None  # a part of the day without an hour
    weekdays: tuple[int, ...] = ()  # Monday is 0
    times_a_day: int | None = None
    window: tuple[time, time] | None = None  # over midnight when the end is the earlier
    every_days: int | None = None
    every_weeks: int | None = None
    days_of_month: tuple[int, ...] = ()  # 31 is the last day of any month
    nth_weekday: tuple[int, int] | None = None  # 1 to 4, or -1 for the last; and the weekday
    date: Date | None = None
    first_day: Date | None = None
    last_day: Date | None = None  # included
    is_daily: bool = False
    is_once: bool = False
    doubts: frozenset[Doubt] = frozenset()


def value_of(pieces: Sequence[Piece], kind: type[Value]) -> Value | None:
    """Returns the value of this kind, if a piece has it."""
    return next((piece.value for piece in pieces if isinstance(piece.value, kind)), None)


def wish_of(pieces: Sequence[Piece], now: datetime) -> Wish | None:
    """Returns the wish that these pieces make; None if they contradict each other, or say nothing."""
    doubts: set[Doubt] = set()
    part, on = _part(pieces), _date(pieces, now, doubts)
    hours = _hours(pieces, part, on, now, doubts)
    rhythm = _rhythm(pieces, on)
    limits = _first_and_last(pieces, now, doubts)
    if hours is None or rhythm is None or limits is None:
        return None
    times, window = hours
    if rhythm.times_a_day and times and len(times) != rhythm.times_a_day:
        return None
    if rhythm.is_once and len(rhythm.weekdays) == 1:
        (weekday,) = rhythm.weekdays
        on, rhythm = next_weekday(now.date(), weekday), replace(rhythm, weekdays=frozenset())
    if on and times:
        on = _over_midnight(pieces, part, on, times, now, doubts)
    if on and (datetime.combine(on, times[0]) <= now if times else on < now.date()):
        doubts.add("past")
    if any(day and day - now.date() > FAR for day in (on, *limits)):
        doubts.add("far")
    if rhythm.is_choice or (rhythm.weekdays and rhythm.times_a_day == len(rhythm.weekdays)):  # mon wed fri 3x
        doubts.add("several")
    doubts.update(["rough"] if rhythm.is_rough else [])
    said = Wish(
        times=times,
        part=None if times or window else part,
        weekdays=tuple(sorted(rhythm.weekdays)),
        times_a_day=rhythm.times_a_day,
        window=window,
        every_days=rhythm.every_days,
        every_weeks=rhythm.every_weeks,
        days_of_month=rhythm.days_of_month,
        nth_weekday=rhythm.nth_weekday,
        date=on,
        first_day=limits[0],
        last_day=limits[1],
        is_daily=rhythm.is_daily,
        is_once=rhythm.is_once,
        doubts=frozenset(doubts),
    )
    return None if said == Wish(doubts=said.doubts) else said


def _hours(
    pieces: Sequence[Piece], part: Part | None, on: date | None, now: datetime, doubts: set[Doubt]
) -> tuple[tuple[time, ...], tuple[time, time] | None] | None:
    """Returns the times and the window; None if there are both, or the part of the day contradicts them."""
    times, window = _times(pieces, part, on, now, doubts), _window(pieces, part, doubts)
    has_window = value_of(pieces, Window) is not None
    if times is None or has_window != (window is not None) or (window and times):
        return None
    step = next((rhythm.every_hours for rhythm in _rhythms(pieces) if rhythm.every_hours), None)
    return _every_hours(step, times, window) if step else (times, window)


def _every_hours(
    number: int, times: tuple[time, ...], window: tuple[time, time] | None
) -> tuple[tuple[time, ...], None] | None:
    """Returns the times of one day from the first hour on; None if it is not said when they begin.

    They end with the window, or before they would come round to the first again.
    """
    start = window[0] if window else times[0] if len(times) == 1 else None
    if window and window[1] <= window[0] and window[1] < NOON:  # hourly, 9 to 5
        window = window[0], window[1].replace(hour=window[1].hour + 12)
    if start is None or (window and window[0] >= window[1]):
        return None
    first = start.hour * 60 + start.minute
    last = window[1].hour * 60 + window[1].minute if window else first + DAY - 1
    minutes = sorted(minute % DAY for minute in range(first, last + 1, number * 60))
    return tuple(time(minute // 60, minute % 60) for minute in minutes), None


def _date(pieces: Sequence[Piece], now: datetime, doubts: set[Doubt]) -> date | None:
    if moment := value_of(pieces, Moment):
        return moment.at.date()
    if value_of(pieces, TodayPart):
        return now.date()
    day = value_of(pieces, Day)
    if day and day.doubt:
        doubts.add(day.doubt)
    return day.date if day else None


def _part(pieces: Sequence[Piece]) -> Part | None:
    rhythm = next((piece.value for piece in pieces if piece.symbol == "every_part"), None)
    today, said = value_of(pieces, TodayPart), value_of(pieces, HalfSaid)
    half = today.said.half if today else said.half if said else rhythm.part if isinstance(rhythm, Rhythm) else None
    return next((part for part in PARTS if part == half), None)


def _times(
    pieces: Sequence[Piece], part: Part | None, on: date | None, now: datetime, doubts: set[Doubt]
) -> tuple[time, ...] | None:
    """Returns the times that were said, in order; None if the part of the day contradicts them."""
    if moment := value_of(pieces, Moment):
        return None if value_of(pieces, Times) or part else (moment.at.time(),)
    piece = next((piece for piece in pieces if isinstance(piece.value, Times)), None)
    if piece is None or not isinstance(piece.value, Times):
        return ()
    clocks = decided(piece.value.clocks, part)
    if on == now.date():
        clocks = tuple(still_ahead(clock, now) for clock in clocks)
    if part and not all(is_in(clock, part) for clock in clocks):
        return None
    add_doubts(clocks, doubts)
    if piece.value.is_choice or ("window" in piece.is_also and any(clock.half is None for clock in clocks)):
        doubts.add("several")
    if len(clocks) == 2 and clocks[0] == clocks[1] and is_open(clocks[0]):  # twice a day, 10 and 10
        clocks = with_half(clocks[0], "am"), with_half(clocks[1], "pm")
    found = [at for clock in clocks if (at := time_of(clock)) is not None]
    return tuple(sorted(set(found))) if len(found) == len(clocks) else None


def _window(pieces: Sequence[Piece], part: Part | None, doubts: set[Doubt]) -> tuple[time, time] | None:
    said = value_of(pieces, Window)
    if not said:
        return None
    start, end = (with_half(clock, part) if part else clock for clock in (said.start, said.end))
    first, last = time_of(start), time_of(end)
    if first is None or last is None or (part and not (is_in(start, part) and is_in(end, part))):
        return None
    if is_open(start) and is_open(end):
        doubts.add("half_of_day")
    if minutes_between(start, end) > LONG_WINDOW:
        doubts.add("long_window")
    add_doubts([replace(clock, is_bare=False, is_sure=True) for clock in (start, end)], doubts)
    return first, last


def _rhythms(pieces: Sequence[Piece]) -> list[Rhythm]:
    return [piece.value for piece in pieces if isinstance(piece.value, Rhythm)]


def _rhythm(pieces: Sequence[Piece], on: date | None) -> Rhythm | None:
    """Returns the rhythm with the days of the week; None if two rules of days contradict each other."""
    both = Rhythm()
    for rhythm in _rhythms(pieces):
        changes = {name: value for name in RHYTHM_FIELDS if (value := getattr(rhythm, name))}
        if any(getattr(both, name) for name in changes.keys() - {"is_daily"}):
            return None
        both = replace(both, **changes)
    if days := value_of(pieces, Days):
        if both.is_rough and len(days.weekdays) in (len(both.weekdays), 1 if both.every_weeks else 0):
            both = replace(both, weekdays=frozenset(), is_rough=False)  # three times a week, mon wed fri
        if both.weekdays:
            return None
        if on is None or days.weekdays != {on.weekday()}:  # a date may name its weekday
            both = replace(both, weekdays=days.weekdays, is_choice=days.is_choice)
    if both.weekdays and both.every_weeks == 1:
        both = replace(both, every_weeks=None)
    if both.weekdays == EVERY_DAY and not both.every_weeks:
        both = replace(both, is_daily=True, weekdays=frozenset())
    rules = [
        both.is_daily,
        bool(both.weekdays) or both.every_weeks,
        both.every_days,
        both.days_of_month,
        both.nth_weekday,
        on,
    ]
    if both.every_hours and not any(rules):
        both = replace(both, is_daily=True)
    is_once_and_more = both.is_once and any(rules[:5]) and len(both.weekdays) != 1
    return None if sum(map(bool, rules)) > 1 or is_once_and_more else both


def is_complete(wish: Wish) -> bool:
    """Whether it says on which days and at what hour, of which neither is one of several."""
    return bool(wish.times) and says(wish, GROUPS[1]) and "several" not in wish.doubts


def says(wish: Wish, group: Sequence[str]) -> bool:
    """Whether any field of this group is set."""
    return any(getattr(wish, name) for name in group)


GROUPS = (
    ("times", "part", "times_a_day", "window"),
    ("weekdays", "every_days", "every_weeks", "days_of_month", "nth_weekday", "date", "is_daily", "is_once"),
    ("first_day", "last_day"),
)
RHYTHM_FIELDS = tuple(Rhythm.__dataclass_fields__)


def _first_and_last(
    pieces: Sequence[Piece], now: datetime, doubts: set[Doubt]
) -> tuple[date | None, date | None] | None:
    """Returns the days on which it begins and ends; None for an hour of the end, or an end before the beginning."""
    begins, ends, length = value_of(pieces, From), value_of(pieces, Until), value_of(pieces, Length)
    doubts.update(said.day.doubt for said in (begins, ends) if said and said.day.doubt)
    first = begins.day.date if begins else None
    last = ends.day.date if ends else last_day_of(length, first or now.date()) if length else None
    if ends and last and not ends.is_included:
        last = later_day(last, "day", -1)
    has_hour = value_of(pieces, UntilTime) is not None or (ends is not None and ends.part is not None)
    is_backwards = first is not None and last is not None and last < first
    return None if has_hour or is_backwards or (length and last is None) else (first, last)


def _over_midnight(
    pieces: Sequence[Piece],
    part: Part | None,
    on: date,
    times: tuple[time, ...],
    now: datetime,
    doubts: set[Doubt],
) -> date:
    """Tonight at 12 is tomorrow's first minute; 12 at night on another day may be either of two."""
    is_today = value_of(pieces, TodayPart) is not None
    if times[0] >= MORNING_BEGINS or (is_today and datetime.combine(on, times[0]) > now):
        return on
    if is_today:
        return later_day(on, "day", 1) or on
    said = value_of(pieces, Times)
    if times[0] == time(0) or part == "night" or (said and any(clock.half == "night" for clock in said.clocks)):
        doubts.add("night")
    return on
