"""What decides the half of the day of an hour such as 8. Pure. Called by `wish` and `duration`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.domain.typed_times.clocks import Clock, Half, Part, is_open, time_of, with_half
from bot.domain.typed_times.doubts import Doubt

MORNING_BEGINS = time(5)


def decided(clocks: Sequence[Clock], half: Half | None) -> tuple[Clock, ...]:
    """Returns the hours with what decides the half of the day: a part of it, the last hour's, or an hour of 24."""
    if half:
        return tuple(with_half(clock, half) for clock in clocks)
    last = clocks[-1].half
    if last and any(is_open(clock) for clock in clocks):
        alike = tuple(with_half(clock, last) if is_open(clock) else clock for clock in clocks)
        times = [time_of(clock) or time(0) for clock in alike]
        if times == sorted(set(times)):
            return alike
    if any(clock.hour > 12 for clock in clocks):
        return tuple(replace(clock, is_bare=False) for clock in clocks)
    return tuple(clocks)


def add_doubts(clocks: Sequence[Clock], doubts: set[Doubt]) -> None:
    """Adds what is unclear about hours."""
    if any(is_open(clock) or (clock.hour == 12 and clock.half == "morning") for clock in clocks):
        doubts.add("half_of_day")
    if any(not clock.is_sure and (time_of(clock) or MORNING_BEGINS) < MORNING_BEGINS for clock in clocks):
        doubts.add("night")
    if any(clock.is_rough for clock in clocks):
        doubts.add("rough")
    if any(clock.is_around for clock in clocks):
        doubts.add("around")
    if any(clock.has_two_readings for clock in clocks):
        doubts.add("several")


def still_ahead(clock: Clock, now: datetime) -> Clock:
    """Returns an open hour of today as the half of the day that is still to come, if only one is."""
    morning, evening = time_of(with_half(clock, "am")), time_of(with_half(clock, "pm"))
    if is_open(clock) and morning and evening and morning <= now.time() < evening:
        return with_half(clock, "pm")
    return clock


_HOURS: dict[Part, tuple[int, int]] = {
    "morning": (3, 12),
    "noon": (11, 15),
    "afternoon": (12, 20),
    "evening": (16, 24),
    "night": (18, 30),
}


def is_in(clock: Clock, part: Part) -> bool:
    """Whether the hour may be called by this part of the day."""
    at = time_of(clock)
    first, last = _HOURS[part]
    return at is not None and any(first <= hour <= last for hour in (at.hour, at.hour + 24))
