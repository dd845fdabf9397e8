"""When something begins and ends, and how long it goes on, as it is said. Pure. Called by `languages`."""

from dataclasses import dataclass
from datetime import date

from bot.domain.typed_times.clocks import Clock, Half, HalfSaid
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
from bot.domain.typed_times.grammar import Match
from bot.domain.typed_times.numbers import Amount
from bot.domain.typed_times.weekdays import Weekday


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
