"""A wall clock is believed only after it has gone on with the monotonic one for a while."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.steady_clock import LEAP_SECONDS, NEAR, SETTLES_SECONDS, STEADY_SECONDS, SteadyClock

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
LEAP = timedelta(seconds=LEAP_SECONDS)
YEAR = timedelta(days=365)


class Clocks:
    """A wall clock and a monotonic one."""

    def __init__(self) -> None:
        self.now, self.seconds = NOW, 77.0
        self.steady = SteadyClock(lambda: self.now, lambda: self.seconds)

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


def test_a_clock_is_sure_after_it_was_steady_for_a_while() -> None:
    clocks = Clocks()
    assert not clocks.steady.is_sure()
    clocks.pass_by(STEADY_SECONDS - 1)
    assert not clocks.steady.is_sure()
    clocks.pass_by(1)
    assert clocks.steady.is_sure()


@pytest.mark.parametrize("leap", [YEAR, -YEAR, LEAP, -LEAP, timedelta(days=1)])
def test_a_leap_is_noticed_at_the_next_question_whenever_it_was(leap: timedelta) -> None:
    clocks = Clocks()
    clocks.pass_by(2 * STEADY_SECONDS)
    assert clocks.steady.is_sure()
    clocks.now += leap
    clocks.pass_by(STEADY_SECONDS)  # nobody has asked meanwhile
    assert not clocks.steady.is_sure()
    clocks.pass_by(STEADY_SECONDS - 1)
    assert not clocks.steady.is_sure()
    clocks.now -= leap  # and back
    clocks.pass_by(1)
    assert not clocks.steady.is_sure()
    clocks.pass_by(STEADY_SECONDS)
    assert clocks.steady.is_sure()


def test_a_correction_of_seconds_is_no_leap() -> None:
    clocks = Clocks()
    clocks.now += timedelta(seconds=30)
    clocks.pass_by(STEADY_SECONDS)
    assert clocks.steady.is_sure()


@pytest.mark.parametrize(
    ("since_it_was_sure", "is_sure"),
    [
        (timedelta(0), True),
        (NEAR, True),
        (NEAR + timedelta(seconds=1), False),
        (YEAR, False),  # was it off for a year, or is the clock wrong? nobody knows
        (-timedelta(seconds=1), False),
    ],
)
def test_a_start_soon_after_a_sure_time_is_sure(since_it_was_sure: timedelta, is_sure: bool) -> None:
    clocks = Clocks()
    clocks.steady.recall(NOW - since_it_was_sure)
    assert clocks.steady.is_sure() is is_sure
    clocks.now += LEAP
    assert not clocks.steady.is_sure()


def test_without_a_sure_time_a_start_is_not() -> None:
    clocks = Clocks()
    clocks.steady.recall(None)
    assert not clocks.steady.is_sure()


def test_after_a_leap_forth_nothing_is_sent_for_a_minute() -> None:
    clocks = Clocks()
    assert clocks.steady.is_settled()
    clocks.now += LEAP
    assert not clocks.steady.is_settled()
    clocks.pass_by(SETTLES_SECONDS - 1)
    assert not clocks.steady.is_settled()
    clocks.pass_by(1)
    assert clocks.steady.is_settled()


def test_a_clock_that_is_put_back_is_settled_at_once_and_so_is_one_that_was_back_for_a_moment() -> None:
    clocks = Clocks()
    for leap in (YEAR, -YEAR, -LEAP, LEAP):
        clocks.now += leap
        clocks.pass_by(8)
        assert clocks.steady.is_settled() is (leap != YEAR)
    clocks.now -= YEAR
    assert clocks.steady.is_settled()
    clocks.pass_by(SETTLES_SECONDS)
    assert clocks.steady.is_settled()
    clocks.now += YEAR
    assert not clocks.steady.is_settled(), "the clock has been so long behind that this is a leap forth again"
