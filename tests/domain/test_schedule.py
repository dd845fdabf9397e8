"""Rules on known nights, with the moments in UTC computed by hand; test_schedule_zones tests every zone."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import (
    EVERY_DAY,
    Daily,
    Once,
    QuietHours,
    Rule,
    Spread,
    is_quiet,
    next_due,
    quiet_ends_at,
    quiet_starts_at,
    read_rule,
    write_rule,
)
from tests.domain.occurrences import occurrences_on

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(22), time(7))
DAYTIME = Spread(times=4, start=time(9), end=time(21), apart=90)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def clock(text: str) -> time:
    return time.fromisoformat(text)


def daily_on(day: str, at: str, *, zone: str, quiet: QuietHours | None = None) -> tuple[datetime, ...]:
    return occurrences_on(Daily(at=clock(at)), date.fromisoformat(day), zone=ZoneInfo(zone), quiet=quiet, seed=0)


def spread_on(
    day: str, rule: Spread, *, zone: ZoneInfo = BERLIN, quiet: QuietHours | None = None, seed: int = 7
) -> tuple[datetime, ...]:
    return occurrences_on(rule, date.fromisoformat(day), zone=zone, quiet=quiet, seed=seed)


def gaps(moments: tuple[datetime, ...]) -> list[int]:
    return [(later - earlier) // timedelta(minutes=1) for earlier, later in pairwise(moments)]


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Berlin", "2026-03-28", "08:30", "2026-03-28T07:30"),
        ("Europe/Berlin", "2026-03-29", "08:30", "2026-03-29T06:30"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30"),  # skipped: 03:30 on the wall
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # twice: the first
        ("Europe/Berlin", "2026-10-25", "23:59", "2026-10-25T22:59"),
        ("Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T02:00"),
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"),
        ("America/New_York", "2026-11-01", "02:00", "2026-11-01T07:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45"),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
        ("America/Santiago", "2026-09-06", "00:30", "2026-09-06T04:30"),  # the day begins at 01:00
        ("America/Santiago", "2026-04-04", "23:30", "2026-04-05T02:30"),  # the day ends with 23:00 twice
        ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00"),
        ("Africa/Cairo", "2026-10-29", "23:30", "2026-10-29T20:30"),
        ("America/Havana", "2026-03-08", "00:00", "2026-03-08T05:00"),
        ("America/Havana", "2026-11-01", "00:30", "2026-11-01T04:30"),  # midnight twice, one day
        ("Asia/Beirut", "2026-03-29", "00:00", "2026-03-28T22:00"),
        ("Antarctica/Troll", "2026-03-29", "01:30", "2026-03-29T01:30"),  # two hours are skipped
        ("Antarctica/Troll", "2026-10-25", "02:30", "2026-10-25T00:30"),
        ("Europe/Dublin", "2026-03-29", "01:30", "2026-03-29T01:30"),  # winter time is the exception there
        ("Europe/Dublin", "2026-10-25", "01:30", "2026-10-25T00:30"),
        ("Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T01:30"),  # Ramadan
        ("Africa/Casablanca", "2026-03-22", "02:30", "2026-03-22T02:30"),
        ("America/Nuuk", "2026-03-28", "23:30", "2026-03-29T00:59"),  # its last hour is skipped: 22:59
        ("America/Toronto", "1919-03-30", "23:45", "1919-03-31T04:29"),  # a skipped hour around midnight
        ("Asia/Kathmandu", "2026-03-29", "08:30", "2026-03-29T02:45"),
    ],
)
def test_daily_on_a_known_day(zone: str, day: str, at: str, expected: str) -> None:
    assert daily_on(day, at, zone=zone) == (utc(expected),)


@pytest.mark.parametrize(
    ("quiet", "day", "at", "expected"),
    [
        (("22:00", "07:00"), "2026-06-01", "03:00", "07:00"),
        (("22:00", "07:00"), "2026-06-01", "06:59", "07:00"),
        (("22:00", "07:00"), "2026-06-01", "07:00", "07:00"),
        (("22:00", "07:00"), "2026-06-01", "21:59", "21:59"),
        (("22:00", "07:00"), "2026-06-01", "22:00", "21:59"),
        (("22:00", "07:00"), "2026-06-01", "23:59", "21:59"),
        (("00:00", "07:00"), "2026-06-01", "00:00", "07:00"),
        (("22:00", "00:00"), "2026-06-01", "23:00", "21:59"),
        (("13:00", "15:00"), "2026-06-01", "13:20", "12:59"),
        (("13:00", "15:00"), "2026-06-01", "14:20", "15:00"),
        (("13:00", "15:01"), "2026-06-01", "14:00", "15:01"),  # of two that are as near, the later one
        (("22:00", "02:30"), "2026-03-29", "01:00", "03:00"),  # the quiet end is in the skipped hour
        (("02:00", "07:00"), "2026-03-29", "02:30", "01:59"),  # 03:30 is nearer to 01:59, 31 minutes away
        (("03:00", "07:00"), "2026-03-29", "02:30", "01:59"),  # not quiet itself, but 03:30 is
    ],
)
def test_daily_in_quiet_hours_moves_to_the_nearest_waking_minute(
    quiet: tuple[str, str], day: str, at: str, expected: str
) -> None:
    hours = QuietHours(clock(quiet[0]), clock(quiet[1]))

    (moved,) = daily_on(day, at, zone="Europe/Berlin", quiet=hours)

    assert moved.astimezone(BERLIN).replace(tzinfo=None) == datetime.combine(date.fromisoformat(day), clock(expected))


def test_daily_on_chosen_weekdays_skips_the_others() -> None:
    rule = Daily(at=time(8, 30), weekdays=(4, 0))  # Monday and Friday

    first = next_due(rule, zone=BERLIN, quiet=None, after=utc("2026-06-01T06:30"), seed=0)
    assert first == utc("2026-06-05T06:30")
    assert next_due(rule, zone=BERLIN, quiet=None, after=first, seed=0) == utc("2026-06-08T06:30")
    assert occurrences_on(rule, date(2026, 6, 2), zone=BERLIN, quiet=None, seed=0) == ()


def test_next_due_is_later_than_after_by_any_amount() -> None:
    rule = Daily(at=time(8, 30))

    just_before = next_due(rule, zone=BERLIN, quiet=NIGHT, after=utc("2026-06-01T06:29:59.999999"), seed=0)
    at_it = next_due(rule, zone=BERLIN, quiet=NIGHT, after=utc("2026-06-01T06:30"), seed=0)

    assert (just_before, at_it) == (utc("2026-06-01T06:30"), utc("2026-06-02T06:30"))


def test_next_due_takes_after_in_any_zone() -> None:
    after = datetime(2026, 6, 1, 15, 29, tzinfo=ZoneInfo("Asia/Tokyo"))

    assert next_due(Daily(at=time(8, 30)), zone=BERLIN, quiet=None, after=after, seed=0) == utc("2026-06-01T06:30")


def test_once_is_due_once() -> None:
    rule = Once(at=datetime(2026, 12, 24, 18))  # noqa: DTZ001 - local

    assert next_due(rule, zone=BERLIN, quiet=NIGHT, after=utc("2026-11-01T00:00"), seed=0) == utc("2026-12-24T17:00")
    assert next_due(rule, zone=BERLIN, quiet=NIGHT, after=utc("2026-12-24T17:00"), seed=0) is None


def test_once_is_due_on_no_other_day() -> None:
    rule = Once(at=datetime(2026, 12, 24, 18))  # noqa: DTZ001 - local

    assert occurrences_on(rule, date(2026, 12, 25), zone=BERLIN, quiet=NIGHT, seed=0) == ()


def test_once_in_quiet_hours_moves_within_its_day() -> None:
    rule = Once(at=datetime(2026, 12, 24, 23))  # noqa: DTZ001 - local

    assert next_due(rule, zone=BERLIN, quiet=NIGHT, after=utc("2026-11-01T00:00"), seed=0) == utc("2026-12-24T20:59")


def test_a_day_that_its_zone_skipped_has_no_occurrence() -> None:
    apia = ZoneInfo("Pacific/Apia")  # went from 29 to 31 December 2011

    assert daily_on("2011-12-30", "09:00", zone="Pacific/Apia") == ()
    assert spread_on("2011-12-30", DAYTIME, zone=apia) == ()
    assert next_due(Daily(at=time(9)), zone=apia, quiet=None, after=utc("2011-12-29T20:00"), seed=0) == utc(
        "2011-12-30T19:00"
    )


def test_spread_is_the_same_if_computed_again() -> None:
    # fixed values: no other process, machine or release may move the times that people were told
    assert [f"{at:%H:%M}" for at in spread_on("2026-06-01", DAYTIME)] == ["07:54", "10:13", "12:58", "15:56"]


def test_spread_varies_by_day_and_by_seed() -> None:
    days = {tuple(f"{at:%H:%M}" for at in spread_on(f"2026-06-{day:02}", DAYTIME)) for day in range(1, 31)}
    seeds = {spread_on("2026-06-01", DAYTIME, seed=seed) for seed in range(30)}

    assert (len(days), len(seeds)) == (30, 30)


def test_spread_reaches_its_whole_window() -> None:
    rule = Spread(times=1, start=time(9), end=time(9, 3), apart=0)

    moments = {at for seed in range(2000) for at in spread_on("2026-06-01", rule, seed=seed)}

    assert moments == {utc("2026-06-01T07:00") + timedelta(seconds=second) for second in range(180)}


def test_many_in_one_window_are_as_evenly_spread_as_chance_allows() -> None:
    """Though half an hour holds more of them than a limit of 30 a second: nothing is moved to where there is room."""
    rule, count = Spread(times=1, start=time(7, 45), end=time(8, 15), apart=0), 54_000

    moments = Counter(
        next_due(rule, zone=BERLIN, quiet=NIGHT, after=utc("2026-06-01T00:00"), seed=seed) for seed in range(count)
    )

    assert min(filter(None, moments)) == utc("2026-06-01T05:45")
    assert max(filter(None, moments)) == utc("2026-06-01T06:14:59")
    assert len(moments) == 1800  # 30 each
    assert 8 < min(moments.values()) < max(moments.values()) < 60


def test_a_chat_moves_through_its_window_from_day_to_day_and_keeps_each_days_moment() -> None:
    rule = Spread(times=1, start=time(7, 45), end=time(8, 15), apart=0)

    walked = [utc("2026-06-01T00:00")]
    for _ in range(100):
        at = next_due(rule, zone=BERLIN, quiet=None, after=walked[-1], seed=5)
        assert at is not None
        assert next_due(rule, zone=BERLIN, quiet=None, after=at - timedelta(microseconds=1), seed=5) == at
        walked.append(at)

    minutes = [(at - utc("2026-06-01T05:45")) % timedelta(days=1) / timedelta(minutes=1) for at in walked[1:]]
    assert [at.date() for at in walked[1:]] == [utc("2026-06-01").date() + timedelta(days=n) for n in range(100)]
    assert 12 < sum(minutes) / len(minutes) < 18  # no chat is always early, or always late
    assert len(set(minutes)) > 85


def test_once_in_a_window_that_is_quiet_comes_in_the_nearest_waking_part() -> None:
    early, late = (
        Spread(times=1, start=time(6), end=time(6, 30), apart=0),
        Spread(times=1, start=time(22, 15), end=time(22, 45), apart=0),
    )

    first = {spread_on("2026-06-01", early, quiet=NIGHT, seed=seed)[0] for seed in range(300)}
    last = {spread_on("2026-06-01", late, quiet=NIGHT, seed=seed)[0] for seed in range(300)}

    assert utc("2026-06-01T05:00") <= min(first) < max(first) < utc("2026-06-01T05:30")
    assert utc("2026-06-01T19:29") <= min(last) < max(last) < utc("2026-06-01T20:00")


@pytest.mark.parametrize("apart", [0, 1])
def test_spread_may_come_in_one_minute_and_the_next(apart: int) -> None:
    rule = Spread(times=2, start=time(9), end=time(9, 3), apart=apart)

    assert {gap for seed in range(200) for gap in gaps(spread_on("2026-06-01", rule, seed=seed))} == {1, 2, 3}


def test_spread_without_slack_is_a_ladder() -> None:
    rule = Spread(times=3, start=time(9), end=time(11), apart=60)

    assert spread_on("2026-06-01", rule) == tuple(utc(f"2026-06-01T{hour:02}:00") for hour in (7, 8, 9))


def test_spread_goes_around_quiet_hours_in_its_window() -> None:
    rule = Spread(times=2, start=time(12), end=time(16), apart=180)
    nap = QuietHours(time(12, 30), time(15, 30))

    for seed in range(50):
        first, second = spread_on("2026-06-01", rule, quiet=nap, seed=seed)
        assert utc("2026-06-01T10:00") <= first < utc("2026-06-01T10:30")
        assert utc("2026-06-01T13:30") <= second <= utc("2026-06-01T14:00")
        assert second - first >= timedelta(hours=3)


def test_spread_with_less_room_than_asked_is_spaced_as_wide_as_fits() -> None:
    rule = Spread(times=5, start=time(6), end=time(10), apart=60)

    got = spread_on("2026-06-01", rule, quiet=QuietHours(time(22), time(9)))

    assert got == tuple(utc(f"2026-06-01T{at}") for at in ("07:00", "07:15", "07:30", "07:45", "08:00"))


def test_spread_without_waking_room_in_its_window_has_the_waking_day() -> None:
    rule = Spread(times=3, start=time(1), end=time(5), apart=60)

    got = spread_on("2026-06-01", rule, quiet=NIGHT)

    assert len(got) == 3
    assert min(gaps(got)) >= 60
    assert utc("2026-06-01T05:00") <= got[0] < got[-1] < utc("2026-06-01T20:00")


def test_spread_counts_real_minutes_when_the_clocks_change() -> None:
    rule = Spread(times=4, start=time(0), end=time(6), apart=120)

    assert gaps(spread_on("2026-03-29", rule)) == [100, 100, 100]  # five hours: as wide as fits
    assert min(gaps(spread_on("2026-10-25", rule))) >= 120  # seven hours


@pytest.mark.parametrize(
    ("now", "starts", "ends"),
    [
        ("2026-06-01T10:00:30", "2026-06-01T20:00", "2026-06-01T10:00:30"),
        ("2026-06-01T20:00", "2026-06-01T20:00", "2026-06-02T05:00"),
        ("2026-06-01T23:30:15", "2026-06-01T23:30:15", "2026-06-02T05:00"),
        ("2026-06-02T05:00", "2026-06-02T20:00", "2026-06-02T05:00"),
        ("2026-03-28T22:00", "2026-03-28T22:00", "2026-03-29T05:00"),  # a short night
        ("2026-10-24T22:00", "2026-10-24T22:00", "2026-10-25T06:00"),  # a long one
    ],
)
def test_quiet_hours_edges(now: str, starts: str, ends: str) -> None:
    assert quiet_starts_at(utc(now), zone=BERLIN, quiet=NIGHT) == utc(starts)
    assert quiet_ends_at(utc(now), zone=BERLIN, quiet=NIGHT) == utc(ends)
    assert is_quiet(utc(now), zone=BERLIN, quiet=NIGHT) == (starts == now)


def test_quiet_hours_begin_at_midnight_where_the_hour_before_is_skipped() -> None:
    nuuk = ZoneInfo("America/Nuuk")  # after 22:59 on 28 March 2026 comes midnight
    starts = quiet_starts_at(utc("2026-03-28T22:00"), zone=nuuk, quiet=QuietHours(time(23), time(7)))
    assert starts == utc("2026-03-29T01:00")


def test_without_quiet_hours_every_moment_is_waking() -> None:
    now = utc("2026-06-01T01:00")

    assert not is_quiet(now, zone=BERLIN, quiet=None)
    assert quiet_starts_at(now, zone=BERLIN, quiet=None) is None
    assert quiet_ends_at(now, zone=BERLIN, quiet=None) == now


@pytest.mark.parametrize(
    ("quiet", "inside", "outside"),
    [
        (NIGHT, ("22:00", "23:59:59", "00:00", "06:59:59"), ("07:00", "12:00", "21:59:59")),
        (QuietHours(time(13), time(15)), ("13:00", "14:59:59"), ("12:59", "15:00", "00:00", "23:59")),
        (QuietHours(time(22), time(0)), ("22:00", "23:59"), ("00:00", "21:59")),
    ],
)
def test_quiet_hours_contain(quiet: QuietHours, inside: tuple[str, ...], outside: tuple[str, ...]) -> None:
    assert all(quiet.contains(clock(at)) for at in inside)
    assert not any(quiet.contains(clock(at)) for at in outside)


@pytest.mark.parametrize(
    ("start", "end", "error"),
    [
        ("22:00", "22:00", "start and end at the same time"),
        ("22:00", "21:00", "must leave 240 minutes of the day, not 60"),
        ("22:00:30", "07:00", "whole minutes"),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused(start: str, end: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        QuietHours(clock(start), clock(end))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"kind":"daily","at":"08:30","weekdays":[0,1,2,3,4,5,6]}', Daily(at=time(8, 30))),
        ('{"kind":"daily","at":"08:30","weekdays":[0,4]}', Daily(at=time(8, 30), weekdays=(4, 0, 4))),
        (
            '{"kind":"spread","times":4,"start":"09:00","end":"21:00","apart":90,"weekdays":[0,1,2,3,4,5,6]}',
            DAYTIME,
        ),
        ('{"kind":"once","at":"2026-12-24T18:00"}', Once(at=datetime(2026, 12, 24, 18))),  # noqa: DTZ001 - local
    ],
)
def test_rules_are_written_and_read(text: str, rule: Rule) -> None:
    assert write_rule(rule) == text
    assert read_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"kind":"daily","at":"08:30:10"}', "whole minutes"),
        ('{"kind":"daily","at":"08:30Z"}', "whole minutes"),
        ('{"kind":"daily","at":"08:30","weekdays":[]}', "at least one weekday"),
        ('{"kind":"daily","at":"08:30","weekdays":[7]}', "less than or equal to 6"),
        ('{"kind":"daily","at":"08:30","every":2}', "Extra inputs are not permitted"),
        ('{"kind":"hourly"}', "does not match any of the expected tags"),
        ('{"kind":"once","at":"2026-12-24T18:00:00+01:00"}', "local date and time"),
        ('{"kind":"once","at":"1926-12-24T18:00"}', "a year from 2000 to 2199"),
        ('{"kind":"spread","times":13,"start":"09:00","end":"21:00","apart":0}', "less than or equal to 12"),
        ('{"kind":"spread","times":2,"start":"21:00","end":"09:00","apart":0}', "start must be before end"),
        (
            '{"kind":"spread","times":4,"start":"09:00","end":"12:00","apart":90}',
            "4 times at least 90 minutes apart need 270 minutes, but start to end is 180",
        ),
        ("8:30", "Invalid JSON"),
    ],
)
def test_rules_that_cannot_be_are_refused(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        read_rule(text)


def test_a_rule_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        DAYTIME.times = 3  # type: ignore[misc]  # a rule must not be changed


@given(
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    weekdays=st.sets(st.sampled_from(EVERY_DAY), min_size=1),
)
def test_any_daily_survives_writing(at: time, weekdays: set[int]) -> None:
    rule = Daily(at=at, weekdays=tuple(weekdays))

    assert read_rule(write_rule(rule)) == rule
