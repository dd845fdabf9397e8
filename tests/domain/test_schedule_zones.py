"""Compares every zone of zoneinfo, 2024 to 2037, with a slow and simple implementation of the same rules."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.schedule import (
    EVERY_DAY,
    LEAST_WAKING,
    MOST_TIMES,
    Daily,
    Once,
    QuietHours,
    Rule,
    Spread,
    is_quiet,
    next_due,
    quiet_ends_at,
    quiet_starts_at,
)
from tests.domain.occurrences import occurrences_on

FIRST, LAST = date(2024, 1, 1), date(2037, 12, 31)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 1440
STEPS = [datetime(2023, 12, 20, tzinfo=UTC) + timedelta(days=14 * n) for n in range(368)]  # Ramadan is longer
CHUNKS = 8


class Clocks(NamedTuple):
    """All zones with the same clock in these years, described by the changes of their offset."""

    names: tuple[str, ...]
    changes: tuple[datetime, ...]


class Case(NamedTuple):
    zone: ZoneInfo
    day: date
    rule: Rule
    quiet: QuietHours | None
    seed: int


# the expected values, from each minute of a day; minutes count from 1970 in UTC


@lru_cache(maxsize=16)
def minutes_of(zone: ZoneInfo, day: date) -> list[tuple[int, int]]:
    """Returns each minute of the local day, and what the wall clock shows."""
    midnight = (day - EPOCH.date()).days * DAY
    blocks = (block_of(zone, start) for start in range(midnight - 15 * 60, midnight + DAY + 15 * 60, 15))
    return [(at, local - midnight) for block in blocks for at, local in block if 0 <= local - midnight < DAY]


def block_of(zone: ZoneInfo, start: int) -> list[tuple[int, int]]:
    """Returns a quarter of an hour with what the wall clock shows; minute by minute only where the clocks change."""
    first, last = offset_at(zone, start), offset_at(zone, start + 15)
    if first == last:
        return [(at, at + first) for at in range(start, start + 15)]
    return [(at, at + offset_at(zone, at)) for at in range(start, start + 15)]


def offset_at(zone: ZoneInfo, at: int) -> int:
    offset = (EPOCH + at * MINUTE).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // MINUTE


@lru_cache(maxsize=4)
def waking_of(zone: ZoneInfo, day: date, quiet: QuietHours | None) -> list[tuple[int, int]]:
    silent = {wall for wall in range(DAY) if quiet and quiet.contains(clock_of(wall))}
    return [(at, wall) for at, wall in minutes_of(zone, day) if wall not in silent]


def expected_single(case: Case, at: time) -> datetime:
    wanted = minute_in_utc(datetime.combine(case.day, at, case.zone))  # fold=0 is RFC 5545's choice
    waking = [minute for minute, _ in waking_of(case.zone, case.day, case.quiet)]
    return EPOCH + MINUTE * min(waking, key=lambda minute: (abs(minute - wanted), -minute))


def room_of(case: Case, rule: Spread) -> list[int]:
    waking = waking_of(case.zone, case.day, case.quiet)
    first, last = minute_at(rule.start), minute_at(rule.end)
    window = [at for at, wall in waking if first <= wall <= last]
    return window if len(window) >= rule.times else [at for at, _ in waking]


def allow(room: list[int], times: int, apart: int) -> bool:
    found, free_from = 0, room[0]
    for at in room:
        if at >= free_from:
            found, free_from = found + 1, at + apart
    return found >= times


def minute_in_utc(at: datetime) -> int:
    return (at.astimezone(UTC) - EPOCH) // MINUTE


# the cases that are tried


@lru_cache(maxsize=1)
def all_clocks() -> tuple[Clocks, ...]:
    groups: dict[tuple[tuple[datetime, ...], tuple[timedelta | None, ...]], list[str]] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        changes = tuple(changes_of(zone))
        offsets = tuple(at.astimezone(zone).utcoffset() for at in (datetime(2024, 1, 1, tzinfo=UTC), *changes))
        groups.setdefault((changes, offsets), []).append(name)
    return tuple(Clocks(tuple(names), changes) for (changes, _), names in groups.items())


def changes_of(zone: ZoneInfo) -> Iterator[datetime]:
    offsets = [at.astimezone(zone).utcoffset() for at in STEPS]
    for (start, before), (end, after) in pairwise(zip(STEPS, offsets, strict=True)):
        if before == after:
            continue
        low, high = start, end
        while high - low > MINUTE:
            middle = low + (high - low) // MINUTE // 2 * MINUTE
            low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
        yield high


def clock_of(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def minute_at(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def a_time(chance: random.Random, near: int) -> time:
    """Draws a time anywhere in the day, or within two hours of a clock change."""
    return clock_of(chance.choice((chance.randrange(DAY), near + chance.randrange(-120, 121))) % DAY)


def a_quiet(chance: random.Random, near: int) -> QuietHours | None:
    start, end = a_time(chance, near), a_time(chance, near)
    if (minute_at(start) - minute_at(end)) % DAY < LEAST_WAKING:
        return None
    return QuietHours(start, end)


def a_spread(chance: random.Random, near: int) -> Spread:
    start, end = sorted((a_time(chance, near), a_time(chance, near)))
    if minute_at(end) - minute_at(start) < MOST_TIMES:
        start, end = time(9), time(21)
    times = chance.randint(1, MOST_TIMES)
    most = (minute_at(end) - minute_at(start)) // max(times - 1, 1)
    return Spread(times=times, start=start, end=end, apart=chance.choice((0, most, chance.randint(0, most))))


def a_pattern(chance: random.Random, day: date) -> dict[str, Any]:  # Any: fields of different types
    """Draws which days a rule falls on; `day` is one of them."""
    patterns: list[dict[str, Any]] = [
        {"every_days": chance.randint(2, 5), "first": day},
        {"every_weeks": 2, "weekdays": (day.weekday(),), "first": day - timedelta(days=14)},
        {"month_days": (day.day,)},
        {"nth": (day.day - 1) // 7 + 1 if day.day <= 28 else -1, "weekdays": (day.weekday(),)},
        {"first": day, "last": day},
    ]
    return chance.choice(patterns)


# the promises that are checked


def check(case: Case) -> None:
    if isinstance(case.rule, Spread):
        check_spread(case, case.rule)
    else:
        walls = case.rule.times if isinstance(case.rule, Daily) else (case.rule.at.time(),)
        assert occurrences(case, case.day) == tuple(sorted({expected_single(case, wall) for wall in walls})), case


def check_spread(case: Case, rule: Spread) -> None:
    got, room = [minute_in_utc(at) for at in occurrences(case, case.day)], room_of(case, rule)
    assert len(got) == rule.times, case
    assert set(got) <= set(room), case
    gaps = [later - earlier for earlier, later in pairwise(got)]
    assert all(gap > 0 for gap in gaps), case
    if gaps and min(gaps) < rule.apart:
        assert not allow(room, rule.times, min(gaps) + 1), case


def check_walk(case: Case) -> None:
    """Checks that `next_due`, from any start, gives exactly the occurrences of the days, in order."""
    days = [case.day + timedelta(days=n) for n in (-1, 0, 1)]
    known = [at for day in days for at in occurrences(case, day)]
    after = datetime.combine(days[0], time(), case.zone).astimezone(UTC) - timedelta(seconds=1)
    walked = []
    for expected in known:
        just_before = expected - timedelta(microseconds=1)
        assert due(case, after=just_before) == expected, case
        found = due(case, after=after)
        assert found is not None, case
        walked.append(found)
        after = found
    assert walked == known == sorted(set(known)), case


def check_quiet_edges(zone: ZoneInfo, quiet: QuietHours, now: datetime) -> None:
    whole = (now.replace(second=0, microsecond=0) + n * MINUTE for n in range(1, 3 * DAY))
    inside = is_quiet(now, zone=zone, quiet=quiet)
    other = next(at for at in whole if quiet.contains(at.astimezone(zone).time()) != inside)
    expected = (now, other) if inside else (other, now)
    assert (quiet_starts_at(now, zone=zone, quiet=quiet), quiet_ends_at(now, zone=zone, quiet=quiet)) == expected


def occurrences(case: Case, day: date) -> tuple[datetime, ...]:
    return occurrences_on(case.rule, day, zone=case.zone, quiet=case.quiet, seed=case.seed)


def due(case: Case, *, after: datetime) -> datetime | None:
    return next_due(case.rule, zone=case.zone, quiet=case.quiet, after=after, seed=case.seed)


def rules(chance: random.Random, day: date, near: int) -> Iterator[Rule]:
    yield Daily(at=a_time(chance, near), weekdays=chance.choice((EVERY_DAY, (day.weekday(),))))
    yield Daily(at=a_time(chance, near), also=(a_time(chance, near),), **a_pattern(chance, day))
    yield Once(at=datetime.combine(day, a_time(chance, near)))
    yield a_spread(chance, near)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_day_near_every_change_of_the_clocks(chunk: int) -> None:
    for clocks in all_clocks()[chunk::CHUNKS]:
        zone = ZoneInfo(clocks.names[0])
        for change in clocks.changes:
            local = change.astimezone(zone)
            chance = random.Random(f"{zone.key} {change}")  # noqa: S311 - chance keeps no secret here
            for day in (local.date() + timedelta(days=n) for n in (-1, 0, 1)):
                quiet = a_quiet(chance, minute_at(local.time()))
                for rule in rules(chance, day, minute_at(local.time())):
                    check(Case(zone, day, rule, quiet, seed=chance.randrange(2**63)))


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_ordinary_days_of_every_zone(chunk: int) -> None:
    for clocks in all_clocks()[chunk::CHUNKS]:
        zone = ZoneInfo(clocks.names[0])
        chance = random.Random(zone.key)  # noqa: S311 - chance keeps no secret here
        for _ in range(6):
            day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
            for rule in rules(chance, day, near=0):
                case = Case(zone, day, rule, a_quiet(chance, near=0), seed=chance.randrange(2**63))
                check(case)
                if not isinstance(rule, Once):
                    check_walk(case)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_each_local_day_of_fourteen_years_is_named_once(chunk: int) -> None:
    for clocks in all_clocks()[chunk::CHUNKS]:
        last = LAST if clocks.changes else FIRST + timedelta(days=400)
        every_day = [FIRST + timedelta(days=n) for n in range((last - FIRST).days + 1)]
        zone = ZoneInfo(clocks.names[0])
        rule, quiet = Daily(at=time(2, 30)), QuietHours(time(23), time(1, 15))
        at: datetime | None = datetime.combine(FIRST, time(), zone).astimezone(UTC)
        days = []
        for _ in every_day:
            assert at is not None
            at = next_due(rule, zone=zone, quiet=quiet, after=at, seed=0)
            days.append(at and at.astimezone(zone).date())
        assert days == every_day, zone


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_edges_of_quiet_hours_near_every_change(chunk: int) -> None:
    for clocks in all_clocks()[chunk::CHUNKS]:
        zone = ZoneInfo(clocks.names[0])
        for change in clocks.changes:
            chance = random.Random(f"{zone.key} {change}")  # noqa: S311 - chance keeps no secret here
            near = minute_at(change.astimezone(zone).time())
            quiet = a_quiet(chance, near) or QuietHours(time(22), time(7))
            check_quiet_edges(zone, quiet, change + timedelta(seconds=chance.randrange(-86400, 86400)))


def all_quiet() -> st.SearchStrategy[QuietHours | None]:
    wide = st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY - LEAST_WAKING))
    return st.none() | wide.map(lambda pair: QuietHours(clock_of(pair[0]), clock_of(sum(pair))))


@st.composite
def all_spreads(draw: st.DrawFn) -> Spread:
    times = draw(st.integers(1, MOST_TIMES))
    start = draw(st.integers(0, DAY - 1 - MOST_TIMES))
    end = draw(st.integers(start + MOST_TIMES, DAY - 1))
    apart = draw(st.integers(0, (end - start) // max(times - 1, 1)))
    weekdays = tuple(draw(st.sets(st.sampled_from(EVERY_DAY), min_size=1)))
    return Spread(times=times, start=clock_of(start), end=clock_of(end), apart=apart, weekdays=weekdays)


@st.composite
def all_cases(draw: st.DrawFn) -> Case:
    clocks = draw(st.sampled_from(all_clocks()))
    zone = ZoneInfo(draw(st.sampled_from(clocks.names)))
    days = st.dates(FIRST, LAST)
    if clocks.changes:
        days |= st.sampled_from(clocks.changes).map(lambda change: change.astimezone(zone).date())
    day, at = draw(days), st.integers(0, DAY - 1).map(clock_of)
    pattern = st.randoms(use_true_random=False).map(lambda chance: a_pattern(chance, day))
    several = st.builds(lambda at, also, pattern: Daily(at=at, also=also, **pattern), at, st.tuples(at, at), pattern)
    rule: Rule = draw(st.builds(Daily, at=at) | several | all_spreads())
    return Case(zone, day, rule, draw(all_quiet()), seed=draw(st.integers(-(2**63), 2**63 - 1)))


@settings(max_examples=300, deadline=None)
@given(all_cases())
def test_any_rule_in_any_zone_keeps_its_promises(case: Case) -> None:
    assert not isinstance(case.rule, Once)
    if case.rule.falls_on(case.day):
        check(case)
    else:
        assert occurrences(case, case.day) == ()
    check_walk(case)
