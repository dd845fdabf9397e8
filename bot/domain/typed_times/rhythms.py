"""How often: rhythms as they are said. Pure. Called by `languages`."""

from dataclasses import dataclass, replace

from bot.domain.typed_times.clocks import Part
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
    every_hours: int | None = None  # of one day
    every_days: int | None = None
    every_weeks: int | None = None
    weekdays: frozenset[int] = frozenset()
    is_choice: bool = False
    is_rough: bool = False  # on which days was not said: those given are for a person to confirm
    days_of_month: tuple[int, ...] = ()
    nth_weekday: tuple[int, int] | None = None


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


def every_hour(_match: Match) -> Rhythm:
    """Every hour."""
    return Rhythm(every_hours=1)


def every_n_hours(match: Match) -> Rhythm | None:
    """Every 2 hours."""
    number = _number(match)
    return Rhythm(every_hours=number) if 1 <= number <= 12 else None


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
