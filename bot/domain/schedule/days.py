"""A local day as intervals of real minutes, for the other modules here.

Minutes count from the day's own midnight read as UTC, so that a plain day always looks the same. What the
clocks do in a night only changes the intervals; all else is arithmetic on them.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.schedule.rules import DAY, QuietHours, minute_of

MIDNIGHT = time(tzinfo=UTC)
MINUTE = timedelta(minutes=1)

Intervals: TypeAlias = tuple[tuple[int, int], ...]  # in order, ends excluded


def moment(day: date, minute: int) -> datetime:
    return datetime.combine(day, MIDNIGHT) + minute * MINUTE


def real_minute(day: date, at: time, zone: ZoneInfo) -> int:
    """RFC 5545, 3.3.5: a local time that does not exist takes the offset before the gap, one that occurs
    twice is the first. A gap at the day's end thus gives a minute of the next day.
    """
    return minute_of(at) - _offset(datetime.combine(day, at, zone))


def quiet_wall(quiet: QuietHours) -> Intervals:
    start, end = minute_of(quiet.start), minute_of(quiet.end)
    if start < end:
        return ((start, end),)
    return ((0, end), (start, DAY)) if end else ((start, DAY),)


def waking_wall(quiet: QuietHours | None) -> Intervals:
    if quiet is None:
        return ((0, DAY),)
    start, end = minute_of(quiet.start), minute_of(quiet.end)
    if start > end:
        return ((end, start),)
    return ((0, start), (end, DAY)) if start else ((end, DAY),)


@lru_cache(maxsize=8192)
def real_intervals(day: date, zone: ZoneInfo, wall: Intervals) -> Intervals:
    """When, on that local day, the clock on the wall is inside `wall`."""
    pieces = (
        (max(start, wall_start - offset), min(end, wall_end - offset))
        for start, end, offset in _stretches(day, zone)
        for wall_start, wall_end in wall
    )
    return tuple((start, end) for start, end in pieces if start < end)


@lru_cache(maxsize=4096)
def _stretches(day: date, zone: ZoneInfo) -> tuple[tuple[int, int, int], ...]:
    """The day's parts between changes of the clock: start, end, offset from UTC. None on a skipped day."""
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
    """The minute from which the offset is another, at most `last`; no zone changes it twice in one day."""
    before = _offset_at(day, zone, first)
    minutes = range(first, last)
    return first + bisect_left(minutes, True, key=lambda minute: _offset_at(day, zone, minute) != before)


def _offset_at(day: date, zone: ZoneInfo, minute: int) -> int:
    return _offset(moment(day, minute).astimezone(zone))


def _offset(local: datetime) -> int:
    offset = local.utcoffset() or timedelta()
    return (offset.days * 86400 + offset.seconds) // 60
