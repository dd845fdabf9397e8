"""Dates as they are said, seen from today. Pure. Called by `languages`, `rhythms`, `wish` and `duration`."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.domain.typed_times.clocks import HalfSaid
from bot.domain.typed_times.grammar import Chart, Match
from bot.domain.typed_times.numbers import Amount, Number, Ordinal
from bot.domain.typed_times.weekdays import Weekday

ONE_DAY = timedelta(days=1)
LAST_HOUR = 24
JUST_PAST = timedelta(days=31)  # who names such a day of last month hardly means next year's

DateDoubt = Literal["which_week", "order_of_date", "past"]
UnitName = Literal["minute", "hour", "day", "week", "fortnight", "month", "year"]
DAYS_OF: dict[UnitName, int] = {"day": 1, "week": 7, "fortnight": 14}
MONTHS_OF: dict[UnitName, int] = {"month": 1, "year": 12}
MINUTES_OF: dict[UnitName, int] = {"minute": 1, "hour": 60}


@dataclass(frozen=True, slots=True)
class Day:
    """A date, with what is unclear about it."""

    date: date
    doubt: DateDoubt | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A local moment, as "in 2 hours" names it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of time."""

    name: UnitName


@dataclass(frozen=True, slots=True)
class Month:
    """January is 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of every year."""

    month: int
    day: int


def later_day(start: date, unit: UnitName, number: int) -> date | None:
    """Returns the date that many units later; None for minutes and hours, and beyond the calendar."""
    try:
        if unit in DAYS_OF:
            return start + number * DAYS_OF[unit] * ONE_DAY
        if unit not in MONTHS_OF:
            return None
        years, month = divmod(start.month - 1 + number * MONTHS_OF[unit], 12)
        year, month = start.year + years, month + 1
        return date(year, month, min(start.day, monthrange(year, month)[1]))
    except (ValueError, OverflowError, IndexError):
        return None


def next_weekday(today: date, weekday: int) -> date | None:
    """Returns the next such day after today."""
    return later_day(today, "day", (weekday - today.weekday() - 1) % 7 + 1)


def next_monday(today: date, weeks: int = 1) -> date | None:
    """Returns the Monday that begins the next week, or one after it."""
    return later_day(today, "day", 7 * weeks - today.weekday())


def month_start(today: date, month: int) -> date | None:
    """Returns the next first day of this month, after today."""
    return _real(today.year + (month <= today.month), month, 1)


# What productions mean.


def today(match: Match) -> Day:
    """Today."""
    return Day(match.now.date())


def tomorrow(match: Match) -> Day | None:
    """Tomorrow."""
    return _day(later_day(match.now.date(), "day", 1))


def in_two_days(match: Match) -> Day | None:
    """The day after tomorrow."""
    return _day(later_day(match.now.date(), "day", 2))


def in_a_week(match: Match) -> Day | None:
    """A week from today."""
    return _day(later_day(match.now.date(), "week", 1))


def in_two_weeks(match: Match) -> Day | None:
    """Two weeks from today."""
    return _day(later_day(match.now.date(), "week", 2))


def coming_weekday(match: Match) -> Day | None:
    """This Friday: the next one after today."""
    return _day(next_weekday(match.now.date(), match.one(Weekday).index))


def next_or_coming_weekday(match: Match) -> Day | None:
    """Next friday, said on a Wednesday, is this week's or that of the week after."""
    found = coming_weekday(match)
    monday = next_monday(match.now.date())
    return replace(found, doubt="which_week") if found and monday and found.date < monday else found


def weekday_of_next_week(match: Match) -> Day | None:
    """Friday of the week that begins next Monday."""
    monday = next_monday(match.now.date())
    return _day(later_day(monday, "day", match.one(Weekday).index)) if monday else None


def weekday_in_a_week(match: Match) -> Day | None:
    """Friday week: seven days after the coming Friday."""
    found = coming_weekday(match)
    return _day(later_day(found.date, "day", 7)) if found else None


def ahead(match: Match) -> Day | None:
    """In 3 days, in two weeks."""
    return _day(later_day(match.now.date(), match.one(Unit).name, match.one(Amount).value))


def next_unit(match: Match) -> Day | None:
    """In a week from today; for who means the week that begins on Monday, in doubt."""
    found = _day(later_day(match.now.date(), match.one(Unit).name, 1))
    return replace(found, doubt="which_week") if found else None


def hours_ahead(match: Match) -> Moment | None:
    """In 2 hours, in 10 minutes."""
    return _moment(match.now, MINUTES_OF.get(match.one(Unit).name, 0) * match.one(Amount).value)


def half_an_hour_ahead(match: Match) -> Moment | None:
    """In half an hour."""
    return _moment(match.now, 30)


def hours_and_a_half_ahead(match: Match) -> Moment | None:
    """In an hour and a half; of hours alone."""
    amount = match.first(Amount)
    is_hours = match.one(Unit).name == "hour"
    return _moment(match.now, 60 * (amount.value if amount else 1) + 30) if is_hours else None


def day_and_month(match: Match) -> Day | None:
    """24 December, December 24, either with a year."""
    day, *years = (number.value for number in match.all(Number))
    return dated(match.now.date(), day, match.one(Month).number, years[0] if years else None)


def holiday(match: Match) -> Day | None:
    """The next such day."""
    found = match.one(Holiday)
    return dated(match.now.date(), found.day, found.month, None)


def day_of_month(match: Match) -> Day | None:
    """On the 5th: of this month, or of the first one after it that has such a day."""
    said = match.first(Number) or match.one(Ordinal)
    today, day = match.now.date(), said.value
    months = (later_day(today.replace(day=1), "month", ahead) for ahead in range(3))
    found = (_real(month.year, month.month, day) for month in months if month)
    return _day(next((real for real in found if real and real >= today), None))


def weekday_and_day(match: Match) -> Day | None:
    """Monday the 7th; None if the next 7th is no Monday."""
    found = day_of_month(match)
    return found if found and found.date.weekday() == match.one(Weekday).index else None


def given_date(match: Match) -> Day:
    """A date in digits."""
    return match.one(Day)


def dated(today: date, day: int, month: int, year: int | None) -> Day | None:
    """Returns this date, without a year the next such one, today included; None for one that does not exist."""
    if year is not None:
        return _day(_real(year, month, day))
    coming = (_real(today.year + years, month, day) for years in range(9))  # 29 February can be eight years away
    found = next((real for real in coming if real and real >= today), None)
    last = _real(today.year, month, day)
    is_just_past = last is not None and timedelta(0) < today - last <= JUST_PAST
    return Day(found, "past" if is_just_past else None) if found else None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(found: date | None) -> Day | None:
    return Day(found) if found else None


def _moment(now: datetime, minutes: int) -> Moment | None:
    try:
        return Moment(now.replace(second=0, microsecond=0) + timedelta(minutes=minutes)) if minutes else None
    except OverflowError:
        return None


def read_written_date(chart: Chart, start: int) -> Iterator[tuple[int, Day]]:
    """A date in digits: 2026-12-24, 24.12., 24/12, 24-12-2026; with a doubt where day and month may be either."""
    token, today = chart.tokens[start], chart.now.date()
    numbers = [int(part) for part in "".join(sign if sign.isdigit() else " " for sign in token.text).split()]
    found = None
    if token.kind == "iso":
        found = dated(today, numbers[2], numbers[1], numbers[0])
    elif token.kind in ("dotted", "clock") and ":" not in token.text and "." in token.text:
        day, month, *rest = numbers
        found = dated(today, day, month, _whole_year(rest))
    elif token.kind == "number" and numbers[0] > LAST_HOUR:
        yield from _dashed(chart, start)
    elif token.kind in ("slashed", "dashed"):
        first, second, *rest = numbers
        day, month = (second, first) if second > 12 else (first, second)
        found = dated(today, day, month, _whole_year(rest))
        if found and first <= 12 and second <= 12 and first != second:
            found = replace(found, doubt="order_of_date")
    if found:
        yield start + 1, found


def _dashed(chart: Chart, start: int) -> Iterator[tuple[int, Day]]:
    """25-12, whose first number can be no hour."""
    texts = [token.text for token in chart.tokens[start : start + 3]]
    if len(texts) == 3 and texts[1] == "-" and texts[2].isdecimal() and len(texts[2]) <= 2:
        found = dated(chart.now.date(), int(texts[0]), int(texts[2]), None)
        if found:
            yield start + 3, found


def _whole_year(rest: list[int]) -> int | None:
    return rest[0] + (2000 if rest[0] < 100 else 0) if rest else None


@dataclass(frozen=True, slots=True)
class TodayPart:
    """A part of today, as in tonight."""

    said: HalfSaid
