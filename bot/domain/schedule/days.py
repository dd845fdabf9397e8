"""A local day as intervals of elapsed minutes. Called by `due` and `scatter`.

Minutes count from the day's midnight read as UTC, so that all days without a clock change look the same. A clock change
only changes the intervals; everything else is arithmetic on them.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.schedule.rules import DAY, QuietHours, minute_of

MIDNIGHT = time(tzinfo=UTC)
MINUTE = timedelta(minutes=1)

Intervals: TypeAlias = tuple[tuple[int, int], ...]  # minutes, sorted; ends are excluded; on the wall some may be empty


def moment(day: date, minute: int) -> datetime:
    """Returns the moment in UTC of a minute of a day."""
    return datetime.combine(day, MIDNIGHT) + minute * MINUTE


def real_minute(day: date, at: time, zone: ZoneInfo) -> int:
    """Returns the minute of a local time, by RFC 5545, 3.3.5.

    A time that does not exist takes the offset before the gap; a time that occurs twice means the first. So a time in a
    gap at the end of the day gives a minute of the next day.
    """
    return minute_of(at) - _offset(datetime.combine(day, at, zone))


def quiet_wall(quiet: QuietHours) -> Intervals:
    """Returns the quiet minutes of a day on the wall clock."""
    start, end = minute_of(quiet.start), minute_of(quiet.end)
    if start < end:
        return ((start, end),)
    return ((0, end), (start, DAY))


def waking_wall(quiet: QuietHours | None) -> Intervals:
    """Returns the waking minutes of a day on the wall clock."""
    if quiet is None:
        return ((0, DAY),)
    start, end = minute_of(quiet.start), minute_of(quiet.end)
    if start > end:
        return ((end, start),)
    return ((0, start), (end, DAY))


@lru_cache(maxsize=8192)
def real_intervals(day: date, zone: ZoneInfo, wall: Intervals) -> Intervals:
    """Returns the elapsed minutes of the local day during which the wall clock is inside `wall`."""
    pieces = (
        (max(start, wall_start - offset), min(end, wall_end - offset))
        for start, end, offset in _stretches(day, zone)
        for wall_start, wall_end in wall
    )
    return tuple((start, end) for start, end in pieces if start < end)


@lru_cache(maxsize=4096)
def _stretches(day: date, zone: ZoneInfo) -> tuple[tuple[int, int, int], ...]:
    """Returns the day's parts between clock changes: start, end, UTC offset in minutes. Empty for a skipped day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    midnights = (midnight, midnight + timedelta(days=1))
    offsets = {_offset(at.replace(fold=fold)) for at in midnights for fold in (0, 1)}
    if len(offsets) == 1:
        offset = offsets.pop()
        return ((-offset, DAY - offset, offset),)
    first, last = -max(offsets), DAY - min(offsets)
    change = _change(day, zone, first, last)
    parts = [(start, end, _offset_at(day, zone, start)) for start, end in ((first, change), (change, last))]
    stretches = [(max(start, -offset), min(end, DAY - offset), offset) for start, end, offset in parts]
    return tuple(stretch for stretch in stretches if stretch[0] < stretch[1])


def _change(day: date, zone: ZoneInfo, first: int, last: int) -> int:
    """Returns the minute of the clock change, at most `last`. No zone changes its clocks twice in one day."""
    before = _offset_at(day, zone, first)
    minutes = range(first, last)
    return first + bisect_left(minutes, True, key=lambda minute: _offset_at(day, zone, minute) != before)


def _offset_at(day: date, zone: ZoneInfo, minute: int) -> int:
    return _offset(moment(day, minute).astimezone(zone))


def _offset(local: datetime) -> int:
    offset = local.utcoffset() or timedelta()
    return (offset.days * 86400 + offset.seconds) // 60
