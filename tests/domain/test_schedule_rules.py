"""What a rule and quiet hours may be: each limit at its last value and one beyond, and what is said of it."""

import re
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import Daily, Once, QuietHours, Spread
from bot.domain.schedule.recurrence import FIRST_YEAR, LAST_YEAR

WHOLE_MINUTES = "give a local time in whole minutes, such as 08:30"
LOCAL_MOMENT = "give a local date and time in whole minutes, such as 2030-12-24T18:00"


EVENING = datetime(2030, 12, 24, 18)  # noqa: DTZ001 - local


def spread(times: int, start: time, end: time, apart: int) -> Spread:
    return Spread(times=times, start=start, end=end, apart=apart)


@pytest.mark.parametrize("at", [time(8, 30, 1), time(8, 30, 0, 1), time(8, 30, tzinfo=UTC)])
def test_a_time_is_local_and_in_whole_minutes(at: time) -> None:
    with pytest.raises(ValueError, match=rf"Value error, {re.escape(WHOLE_MINUTES)} \["):
        Daily(at=at)
    with pytest.raises(ValueError, match=f"^{re.escape(WHOLE_MINUTES)}$"):
        QuietHours(at, time(12))
    with pytest.raises(ValueError, match=f"^{re.escape(WHOLE_MINUTES)}$"):
        QuietHours(time(12), at)


@pytest.mark.parametrize("at", [EVENING.replace(second=1), EVENING.replace(microsecond=1), EVENING.replace(tzinfo=UTC)])
def test_a_moment_is_local_and_in_whole_minutes(at: datetime) -> None:
    with pytest.raises(ValueError, match=rf"Value error, {re.escape(LOCAL_MOMENT)} \["):
        Once(at=at)


def test_a_moment_is_in_these_two_centuries() -> None:
    for year in (FIRST_YEAR, LAST_YEAR):
        assert Once(at=EVENING.replace(year=year)).at.year == year
    for year in (FIRST_YEAR - 1, LAST_YEAR + 1):
        with pytest.raises(ValueError, match=r"Value error, give a year from 2000 to 2199 \["):
            Once(at=EVENING.replace(year=year))


def test_a_rule_names_a_weekday() -> None:
    with pytest.raises(ValueError, match=r"Value error, name at least one weekday: 0 is Monday, 6 is Sunday \["):
        Daily(at=time(8), weekdays=())
    assert Daily(at=time(8), weekdays=(6, 0, 6)).weekdays == (0, 6)


def test_a_spread_fits_into_its_window_to_the_minute() -> None:
    assert spread(1, time(9), time(9, 1), 0).times == 1
    assert spread(3, time(9), time(9, 2), 0).times == 3
    assert spread(3, time(9), time(11), 60).apart == 60
    for end in (time(9), time(8, 59)):
        with pytest.raises(ValueError, match=r"Value error, start must be before end, on the same day \["):
            spread(1, time(9), end, 0)
    for times, apart, needed, window in ((3, 0, 2, 1), (3, 60, 120, 119), (2, 61, 61, 60)):
        said = (
            f"{times} times at least {apart} minutes apart need {needed} minutes, but start to end is {window}: "
            "fewer times, less apart, or a longer window"
        )
        with pytest.raises(ValueError, match=rf"Value error, {re.escape(said)} \["):
            spread(times, time(9), time(9 + window // 60, window % 60), apart)


@pytest.mark.parametrize(("start", "end"), [(time(4), time(0)), (time(22), time(18)), (time(0), time(20))])
def test_quiet_hours_leave_four_hours(start: time, end: time) -> None:
    assert QuietHours(start, end).start == start
    with pytest.raises(ValueError, match=r"^quiet hours must leave 240 minutes of the day, not 239$"):
        QuietHours(start, end.replace(minute=1))


def test_quiet_hours_have_a_length() -> None:
    with pytest.raises(ValueError, match=r"^quiet hours start and end at the same time: for none, use None$"):
        QuietHours(time(22), time(22))


@given(start=st.times(), end=st.times(), wished=st.times())
def test_quiet_hours_make_room_for_a_wish_and_never_grow(start: time, end: time, wished: time) -> None:
    start, end, wished = (moment.replace(second=0, microsecond=0) for moment in (start, end, wished))
    try:
        quiet = QuietHours(start, end)
    except ValueError:
        return
    left = quiet.without(wished)
    assert left is None or not left.contains(wished)
    minutes = [time(*divmod(minute, 60)) for minute in range(0, 1440, 7)]
    assert left is None or all(quiet.contains(minute) for minute in minutes if left.contains(minute))
    if not quiet.contains(wished):
        assert left == quiet
