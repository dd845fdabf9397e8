"""Zones by what a clock says: names such as CET, offsets such as UTC+2, the local time. Called through `zones`."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.zones.table import inhabitants, known_names, living_zones, suggested

_OFFSET = re.compile(r"(?:utc|gmt|z)?\s*([+\-−–])\s*([0-9]{1,2})(?:[:.h]?([0-9]{2}))?\s*(?:h|hrs|hours|horas)?")
_SAMPLES = tuple(timedelta(days=days) for days in range(0, 371, 10))  # in a year every change of a clock shows


def typed_offset(text: str) -> int | None:
    """Returns the minutes east of UTC of a text such as UTC+2, GMT-3:30 or +5:30; None for any other text."""
    found = _OFFSET.fullmatch(text.strip().casefold())
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    return (int(hours) * 60 + int(minutes or 0)) * (1 if sign == "+" else -1)


def fixed_zone(east: int) -> str | None:
    """Returns the zone that is always so many minutes east of UTC, if tzdata has it."""
    if east == 0:
        return "Etc/UTC"
    name = f"Etc/GMT{-east // 60:+d}"  # POSIX counts westward
    return name if east % 60 == 0 and name in known_names() else None


def zones_at(east: int, now: datetime, language_code: str | None = None) -> tuple[str, ...]:
    """Returns the zones that are so many minutes east of UTC now: the likely ones, then those with most people."""
    here = [zone for zone in by_inhabitants() if minutes_east(zone, now) == east]
    likely = [zone for zone in suggested(language_code) if zone in here]
    return tuple(dict.fromkeys((*likely, *here)))


def offsets_now(now: datetime) -> tuple[int, ...]:
    """Returns all minutes east of UTC at which clocks stand now, from west to east."""
    return tuple(sorted({minutes_east(zone, now) for zone in living_zones()}))


def minutes_east(zone: str, now: datetime) -> int:
    """Returns how many minutes a zone's clock is ahead of UTC."""
    ahead = now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int(ahead.total_seconds() // 60)


def clock(zone: str, now: datetime) -> tuple[int, ...]:
    """Returns what a zone's clock does in the year from now: equal for zones that cannot be told apart by it."""
    return _clock(zone, now.date().isoformat())


@lru_cache(maxsize=1024)
def _clock(zone: str, day: str) -> tuple[int, ...]:
    start = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    return tuple(minutes_east(zone, start + after) for after in _SAMPLES)


def different_clocks(zones: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Returns of these zones the first with each clock."""
    first: dict[tuple[int, ...], str] = {}
    for zone in zones:
        first.setdefault(clock(zone, now), zone)
    return tuple(first.values())


@lru_cache(maxsize=1)
def by_inhabitants() -> tuple[str, ...]:
    """Returns all zones that people live in, those with most people first."""
    counted = (zone for zone in inhabitants() if zone in living_zones())
    return tuple(dict.fromkeys((*counted, *sorted(living_zones()))))
