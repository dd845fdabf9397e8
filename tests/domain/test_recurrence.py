"""On which days a rule falls, compared with dateutil's implementation of RFC 5545; and which rules there can be."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.schedule import EVERY_DAY, Daily, Recurring, read_rule, write_rule
from bot.domain.schedule.recurrence import LAST, MOST_DAYS, MOST_WEEKS

FIRST, LAST_DAY = date(2024, 1, 1), date(2037, 12, 31)
LONGEST = 800  # days that are compared
WEEK = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)

SOME_DAYS = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda days: tuple(sorted(days)))
NOT_ALL_DAYS = SOME_DAYS.filter(lambda days: days != EVERY_DAY)
PATTERNS: st.SearchStrategy[dict[str, Any]] = st.one_of(  # Any: fields of different types
    st.fixed_dictionaries({"weekdays": SOME_DAYS}),
    st.fixed_dictionaries({"every_days": st.integers(1, 40)}),
    st.fixed_dictionaries({"every_weeks": st.integers(1, 9), "weekdays": SOME_DAYS}),
    st.fixed_dictionaries({"month_days": st.sets(st.integers(1, 31), min_size=1).map(tuple)}),
    st.fixed_dictionaries({"nth": st.sampled_from((1, 2, 3, 4, LAST)), "weekdays": NOT_ALL_DAYS}),
)


@st.composite
def recurrences(draw: st.DrawFn) -> Recurring:
    first = draw(st.dates(FIRST, LAST_DAY))
    last = draw(st.none() | st.integers(0, LONGEST).map(lambda days: first + timedelta(days=days)))
    return Recurring(**draw(PATTERNS), first=first, last=last)


def by_the_book(rule: Recurring, end: date) -> list[date]:
    """The same days by RFC 5545; a day that a month lacks is its last: the last of the days up to it (BYSETPOS)."""
    assert rule.first
    # Any: arguments of different types
    common: dict[str, Any] = {
        "dtstart": datetime.combine(rule.first, time()),
        "until": datetime.combine(end, time()),
        "wkst": rrule.MO,
    }
    days = [WEEK[day] for day in rule.weekdays]
    found = rrule.rruleset()
    if rule.month_days:
        for number in rule.month_days:
            up_to = list(range(1, number + 1))
            found.rrule(rrule.rrule(rrule.MONTHLY, bymonthday=up_to, bysetpos=-1, **common))
    elif rule.nth is not None:
        found.rrule(rrule.rrule(rrule.MONTHLY, byweekday=[day(rule.nth) for day in days], **common))
    elif rule.every_days > 1:
        found.rrule(rrule.rrule(rrule.DAILY, interval=rule.every_days, **common))
    else:
        found.rrule(rrule.rrule(rrule.WEEKLY, interval=rule.every_weeks, byweekday=days, **common))
    return [at.date() for at in found]


@settings(max_examples=400)
@given(recurrences())
def test_a_rule_falls_on_the_days_of_rfc_5545(rule: Recurring) -> None:
    assert rule.first
    end = min(rule.last or LAST_DAY, rule.first + timedelta(days=LONGEST))
    days = [rule.first + timedelta(days=number) for number in range(-30, (end - rule.first).days + 31)]
    fallen = [day for day in days if rule.falls_on(day)]
    assert [day for day in fallen if day <= end] == by_the_book(rule, end)
    if rule.last:
        assert all(day <= rule.last for day in fallen)


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"month_days": (31,)}, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ({"month_days": (1, 30)}, ["2027-01-30", "2027-02-01", "2027-02-28", "2027-03-01", "2027-03-30"]),
        ({"nth": LAST, "weekdays": (4,)}, ["2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30"]),
        ({"nth": 1, "weekdays": (0,)}, ["2027-02-01", "2027-03-01", "2027-04-05"]),
        ({"every_weeks": 2, "weekdays": (1,), "first": date(2027, 1, 20)}, ["2027-02-02", "2027-02-16"]),
        ({"every_days": 2, "first": date(2027, 2, 27)}, ["2027-02-27", "2027-03-01", "2027-03-03"]),
    ],
)
def test_rhythms_that_people_ask_for(fields: dict[str, Any], days: list[str]) -> None:  # Any: as above
    rule = Recurring(**fields)
    start = date(2027, 1, 20)
    fallen = [day for number in range(110) if rule.falls_on(day := start + timedelta(days=number))]
    assert [day.isoformat() for day in fallen][: len(days)] == days


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"every_days": 2, "month_days": (1,), "first": FIRST}, "only one of them"),
        ({"every_days": 2, "weekdays": (1,), "first": FIRST}, "leave weekdays out"),
        ({"month_days": (1,), "weekdays": (1,)}, "leave weekdays out"),
        ({"nth": 1}, "needs weekdays"),
        ({"nth": 0, "weekdays": (1,)}, "1 to 4, or -1"),
        ({"nth": 5, "weekdays": (1,)}, "less than or equal to 4"),
        ({"nth": -2, "weekdays": (1,)}, "greater than or equal to -1"),
        ({"every_days": 2}, "give first"),
        ({"every_weeks": 2}, "give first"),
        ({"every_days": MOST_DAYS + 1, "first": FIRST}, "less than or equal to 366"),
        ({"every_weeks": MOST_WEEKS + 1, "first": FIRST}, "less than or equal to 52"),
        ({"month_days": (32,)}, "less than or equal to 31"),
        ({"month_days": (0,)}, "greater than or equal to 1"),
        ({"first": date(2027, 1, 2), "last": date(2027, 1, 1)}, "must not be before"),
        ({"last": date(2200, 1, 1)}, "from 2000 to 2199"),
    ],
)
def test_a_pattern_that_is_none_says_why(fields: dict[str, Any], said: str) -> None:  # Any: as above
    with pytest.raises(ValidationError, match=said):
        Recurring(**fields)


@given(recurrences(), st.sets(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=5))
def test_a_rule_is_read_as_it_was_written(days: Recurring, times: set[time]) -> None:
    at, *also = sorted(times)
    rule = Daily(at=at, also=tuple(also), **days.model_dump())
    assert read_rule(write_rule(rule)) == rule
    assert rule.times == tuple(sorted(times))
