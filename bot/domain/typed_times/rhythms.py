"""How often: rhythms as they are said, and the days on which they begin and end. Pure. Called by `languages`."""

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.typed_times.clocks import Clock, Half, HalfSaid, Part
from bot.domain.typed_times.dates import (
    DAYS_OF,
    Day,
    Month,
    TodayPart,
    Unit,
    UnitName,
    later_day,
    month_start,
    next_monday,
    next_weekday,
)
from bot.domain.typed_times.grammar import Match, Meaning
from bot.domain.typed_times.numbers import Amount, Number, Ordinal
from bot.domain.typed_times.weekdays import Days, Weekday

LAST_DAY = 31
MOST_TIMES_A_DAY = 24
MOST_APART = 366  # days, or weeks
EVENLY = {  # on which weekdays so many times a week are
    2: frozenset({0, 3}),
    3: frozenset({0, 2, 4}),
    4: frozenset({0, 2, 4, 6}),
    5: frozenset(range(5)),
    6: frozenset(range(6)),
    7: frozenset(range(7)),
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a rhythm says; a field that it does not say is empty."""

    is_daily: bool = False
    is_once: bool = False
    part: Part | None = None
    times_a_day: int | None = None
    every_days: int | None = None
    every_weeks: int | None = None
    weekdays: frozenset[int] = frozenset()
    is_choice: bool = False
    is_rough: bool = False  # on which days was not said: those given are for a person to confirm
    days_of_month: tuple[int, ...] = ()
    nth_weekday: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class From:
    """The day on which something begins."""

    day: Day


@dataclass(frozen=True, slots=True)
class Until:
    """The day up to which something goes. `is_included`: "until friday" has Friday in a rhythm; December it has not."""

    day: Day
    is_included: bool = True
    part: Half | None = None


@dataclass(frozen=True, slots=True)
class UntilTime:
    """The hour of today or tomorrow up to which something goes."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class Length:
    """How long something goes on."""

    unit: UnitName
    number: int


def daily(_match: Match) -> Rhythm:
    """Every day."""
    return Rhythm(is_daily=True)


def every_part(part: Part) -> Meaning:
    """Returns what "every morning" means for this part of the day."""
    return lambda _match: Rhythm(is_daily=True, part=part)


def once(_match: Match) -> Rhythm:
    """Just once."""
    return Rhythm(is_once=True)


def once_a_day(_match: Match) -> Rhythm:
    """Once a day."""
    return Rhythm(is_daily=True, times_a_day=1)


def twice_a_day(_match: Match) -> Rhythm:
    """Twice a day."""
    return Rhythm(times_a_day=2)


def times_a_day(match: Match) -> Rhythm | None:
    """3 times a day."""
    number = match.one(Number).value
    if number == 1:
        return once_a_day(match)
    return Rhythm(times_a_day=number) if 2 <= number <= MOST_TIMES_A_DAY else None


def every_other_day(_match: Match) -> Rhythm:
    """Every other day."""
    return Rhythm(every_days=2)


def every_n_days(match: Match) -> Rhythm | None:
    """Every 3 days, every third day."""
    number = _number(match)
    if number == 1:
        return Rhythm(is_daily=True)
    return Rhythm(every_days=number) if 2 <= number <= MOST_APART else None


def weekly(_match: Match) -> Rhythm:
    """Every week."""
    return Rhythm(every_weeks=1)


def times_a_week(match: Match) -> Rhythm | None:
    """Twice a week: on days evenly apart, for a person to confirm."""
    number = match.one(Amount).value
    if number == 1:
        return Rhythm(every_weeks=1, is_rough=True)
    return Rhythm(weekdays=EVENLY[number], is_rough=number < 7) if number in EVENLY else None


def every_two_weeks(_match: Match) -> Rhythm:
    """Every other week."""
    return Rhythm(every_weeks=2)


def every_n_weeks(match: Match) -> Rhythm | None:
    """Every 3 weeks, every third week."""
    number = _number(match)
    return Rhythm(every_weeks=number) if 1 <= number <= MOST_APART else None


def every_other_weekday(match: Match) -> Rhythm:
    """Every other Tuesday, and every second one."""
    days = match.one(Days)
    return Rhythm(every_weeks=2, weekdays=days.weekdays, is_choice=days.is_choice)


def every_nth_week_weekday(match: Match) -> Rhythm | None:
    """Every second Tuesday, which is every two weeks."""
    days, found = match.one(Days), every_n_weeks(match)
    return replace(found, weekdays=days.weekdays, is_choice=days.is_choice) if found else None


def days_of_month(match: Match) -> Rhythm | None:
    """The 1st, the 1st and 15th; -1 is the last."""
    numbers = [*(number.value for number in match.all(Number)), *(found.value for found in match.all(Ordinal))]
    days = {LAST_DAY if number == -1 else number for number in numbers}
    return Rhythm(days_of_month=tuple(sorted(days))) if all(1 <= day <= LAST_DAY for day in days) else None


def last_day_of_month(_match: Match) -> Rhythm:
    """The last day of the month."""
    return Rhythm(days_of_month=(LAST_DAY,))


def nth_weekday(match: Match) -> Rhythm | None:
    """The first Monday of the month; None for a fifth, which not every month has."""
    nth = match.one(Ordinal).value
    return Rhythm(nth_weekday=(nth, match.one(Weekday).index)) if nth in (1, 2, 3, 4, -1) else None


def _number(match: Match) -> int:
    found = match.first(Ordinal) or match.first(Number)
    return found.value if found else 0


# The days on which something begins and ends.


def from_day(match: Match) -> From | None:
    """From Monday, from 1 December."""
    day = match.first(Day) or _coming(match)
    return From(day) if day else None


def from_next_week(match: Match) -> From | None:
    """From next week: its Monday."""
    monday = next_monday(match.now.date())
    return From(Day(monday)) if monday else None


def until_day(match: Match) -> Until | None:
    """Until Friday, until 24 December, until tomorrow morning."""
    day, said = match.first(Day) or _coming(match), match.first(HalfSaid)
    return Until(day, part=said.half if said else None) if day else None


def until_month(match: Match) -> Until | None:
    """Until January: its first day, not included."""
    return _before(month_start(match.now.date(), match.one(Month).number))


def until_next_week(match: Match) -> Until | None:
    """Until next week: its Monday, not included."""
    return _before(next_monday(match.now.date()))


def until_next_month(match: Match) -> Until | None:
    """Until next month: its first day, not included."""
    return _before(month_start(match.now.date(), match.now.month % 12 + 1))


def until_next_year(match: Match) -> Until | None:
    """Until next year: its first day, not included."""
    return _before(later_day(match.now.date().replace(month=1, day=1), "year", 1))


def until_the_weekend(match: Match) -> Until | None:
    """Until the weekend: Saturday, not included."""
    return _before(next_weekday(match.now.date(), 5))


def until_after(match: Match) -> Until | None:
    """Until after Christmas: the day that follows."""
    day = match.first(Day) or _coming(match)
    return _before(later_day(day.date, "day", 1)) if day else None


def until_after_the_weekend(match: Match) -> Until | None:
    """A whole weekend ends on Monday."""
    return _before(next_weekday(match.now.date(), 0))


def next_week_itself(match: Match) -> Until | None:
    """Until next week begins, or until it is over: the longer, to be asked back."""
    monday = next_monday(match.now.date(), 2)
    return Until(Day(monday, "which_week"), is_included=False) if monday else None


def until_part_of_today(match: Match) -> Until:
    """Until tonight."""
    return Until(Day(match.now.date()), part=match.one(TodayPart).said.half)


def until_tomorrow(match: Match) -> Until | None:
    """All of today."""
    return _before(later_day(match.now.date(), "day", 1))


def until_time(match: Match) -> UntilTime:
    """Until 8 pm."""
    return UntilTime(match.one(Clock))


def length(match: Match) -> Length | None:
    """10 days, a week."""
    unit, number = match.one(Unit).name, match.one(Amount).value
    return Length(unit, number) if number else None


def half_an_hour(_match: Match) -> Length:
    """Half an hour."""
    return Length("minute", 30)


def and_a_half(match: Match) -> Length | None:
    """An hour and a half, 2 and a half hours; of hours alone."""
    amount = match.first(Amount)
    is_hours = match.one(Unit).name == "hour"
    return Length("minute", 60 * (amount.value if amount else 1) + 30) if is_hours else None


def last_day_of(length_said: Length, first: date) -> date | None:
    """Returns the last of that many days; None for hours."""
    if length_said.unit not in DAYS_OF and length_said.unit not in ("month", "year"):
        return None
    end = later_day(first, length_said.unit, length_said.number)
    return later_day(end, "day", -1) if end else None


def _coming(match: Match) -> Day | None:
    weekday = match.first(Weekday)
    found = next_weekday(match.now.date(), weekday.index) if weekday else None
    return Day(found) if found else None


def _before(day: date | None) -> Until | None:
    return Until(Day(day), is_included=False) if day else None
