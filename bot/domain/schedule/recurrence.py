"""On which days a repeating rule falls: the part of RFC 5545's recurrence rules that people ask for. Called by `rules`.

One pattern at a time: weekdays (BYDAY), every n days or n weeks (INTERVAL), days of the month (BYMONTHDAY), or the nth
weekday of the month (BYDAY with a number); each with an optional first and last day. Weeks begin on Monday.
"""

from calendar import monthrange
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)  # Monday is 0
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
LAST = -1  # the last weekday of its name in a month
LAST_DAY = 31  # of every month, and so is every day that a month does not have
MOST_DAYS, MOST_WEEKS = 366, 52  # between two occurrences
FIRST_YEAR, LAST_YEAR = 2000, 2199


def _week(value: tuple[int, ...]) -> tuple[int, ...]:
    if not value:
        raise ValueError("name at least one weekday: 0 is Monday, 6 is Sunday")
    return tuple(sorted(set(value)))


def _in_these_centuries(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"give a year from {FIRST_YEAR} to {LAST_YEAR}")
    return value


Weekdays = Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], AfterValidator(_week)]
MonthDays = Annotated[
    tuple[Annotated[int, Field(ge=1, le=LAST_DAY)], ...], AfterValidator(lambda days: tuple(sorted(set(days))))
]
Day = Annotated[date, AfterValidator(_in_these_centuries)]


class Recurring(BaseModel):
    """The days of a repeating rule. `first` is the first day that counts, and what every n days or weeks count from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekdays: Weekdays = EVERY_DAY
    every_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 1
    every_weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] = 1
    month_days: MonthDays = ()
    nth: Annotated[int, Field(ge=LAST, le=4)] | None = None  # of `weekdays`, in each month
    first: Day | None = None
    last: Day | None = None

    @model_validator(mode="after")
    def _one_pattern(self) -> Self:
        patterns = (self.every_days > 1, self.every_weeks > 1, bool(self.month_days), self.nth is not None)
        if sum(patterns) > 1:
            raise ValueError("every n days, every n weeks, days of the month and the nth weekday: only one of them")
        if (self.every_days > 1 or self.month_days) and self.weekdays != EVERY_DAY:
            raise ValueError("every n days and days of the month fall on any weekday: leave weekdays out")
        if self.nth is not None and (self.nth == 0 or self.weekdays == EVERY_DAY):
            raise ValueError("the nth weekday of a month needs weekdays, and 1 to 4, or -1 for the last")
        if (self.every_days > 1 or self.every_weeks > 1) and self.first is None:
            raise ValueError("every n days and every n weeks count from a first day: give first")
        if self.first and self.last and self.last < self.first:
            raise ValueError("the last day must not be before the first")
        return self

    @property
    def falls_by_weekday(self) -> bool:
        """Whether nothing but weekdays says on which days of a week it falls, so that they can be chosen freely."""
        return self.every_days == 1 and not self.month_days and self.nth is None

    def falls_on(self, day: date) -> bool:
        """Returns whether the rule is due on this local day."""
        if day.weekday() not in self.weekdays or (self.first and day < self.first) or (self.last and day > self.last):
            return False
        if self.month_days:
            length = monthrange(day.year, day.month)[1]
            return day.day in self.month_days or (day.day == length and self.month_days[-1] > length)
        if self.nth is not None:
            return _is_nth(day, self.nth)
        if self.first is None:
            return True
        days = (day - self.first).days
        weeks = (days + self.first.weekday()) // 7  # from the Monday before `first`
        return days % self.every_days == 0 and weeks % self.every_weeks == 0


def _is_nth(day: date, nth: int) -> bool:
    if nth == LAST:
        return day.day + 7 > monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 + 1 == nth
