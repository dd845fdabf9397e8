"""The movable clock: between moves it runs at the speed of real time."""

from datetime import UTC, datetime, timedelta

import pytest

from localtelegram.clock import MovableClock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Real:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_clock_flows_on_from_where_it_was_set() -> None:
    real = Real()
    clock = MovableClock(real=real)
    before = (clock(), clock.is_moved)
    clock.set(NOON + timedelta(days=1))
    real.now += timedelta(seconds=5)
    moved = (clock(), clock.is_moved)
    clock.move(timedelta(hours=1))
    further = clock()
    clock.back_to_real()

    assert before == (NOON, False)
    assert moved == (NOON + timedelta(days=1, seconds=5), True)
    assert further == NOON + timedelta(days=1, hours=1, seconds=5)
    assert (clock(), clock.is_moved) == (real.now, False)


def test_clock_tells_its_listeners() -> None:
    clock = MovableClock(real=lambda: NOON)
    times: list[datetime] = []
    stop = clock.on_change(times.append)
    clock.move(timedelta(hours=1))
    clock.back_to_real()
    stop()
    clock.move(timedelta(hours=2))

    assert times == [NOON + timedelta(hours=1), NOON]


def test_clock_wants_a_time_zone() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        MovableClock().set(datetime(2026, 3, 2, 12, 0))  # noqa: DTZ001 - the mistake under test


def test_real_time_is_aware_and_utc() -> None:
    assert MovableClock()().utcoffset() == timedelta(0)
