"""Plans of sessions for the property tests: rhythms, zones, quiet hours, changes, as hypothesis draws them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.appointments import Appointment, Appointments, Holiday, Prompt
from bot.domain.appointments.plan import Moved
from bot.domain.schedule import Daily, Once, QuietHours
from bot.domain.schedule.rules import LEAST_WAKING, minute_of

# Both hemispheres, offsets of half hours, clock changes at midnight and of half an hour, none at all.
ZONES = (
    *("Europe/London", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago"),
    *("Asia/Kolkata", "Pacific/Kiritimati", "Africa/Cairo", "Pacific/Honolulu"),
)
FIRST, DAYS = date(2026, 1, 1), 365
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

zones = st.sampled_from(ZONES)
days = st.integers(0, DAYS).map(lambda number: FIRST + timedelta(days=number))
times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
moments = st.integers(0, DAYS * 24).map(lambda hours: BEGIN + timedelta(hours=hours))
weekdays = st.lists(st.integers(0, 6), min_size=1, max_size=3).map(tuple)
rules = st.one_of(
    st.builds(lambda at, on: Daily(at=at, weekdays=on), times, weekdays),
    st.builds(
        lambda at, on, weeks, first: Daily(at=at, weekdays=on, every_weeks=weeks, first=first),
        times,
        weekdays,
        st.integers(2, 4),
        days,
    ),
    st.builds(
        lambda at, on, nth: Daily(at=at, weekdays=(on,), nth=nth),
        times,
        st.integers(0, 6),
        st.sampled_from((1, 2, 3, 4, -1)),
    ),
    st.builds(lambda day, at: Once(at=datetime.combine(day, at)), days, times),
)


def _leaves_room(hours: tuple[time, time]) -> bool:
    return hours[0] != hours[1] and (minute_of(hours[0]) - minute_of(hours[1])) % 1440 >= LEAST_WAKING


quiet_hours = st.one_of(
    st.none(),
    st.just(QuietHours(time(22), time(7))),
    st.tuples(times, times).filter(_leaves_room).map(lambda hours: QuietHours(*hours)),
)
appointments = st.builds(
    lambda rule, zone, minutes, skipped, moved: Appointment(
        rule=rule, zone=zone, minutes=minutes, skipped=tuple(skipped), moved=tuple(moved)
    ),
    rules,
    zones,
    st.sampled_from((30, 50, 90)),
    st.lists(days, max_size=3),
    st.lists(
        st.builds(
            lambda day, at, by: Moved(day=day, to=datetime.combine(day + by, at)),
            days,
            times,
            st.integers(-6, 6).map(lambda number: timedelta(days=number)),
        ),
        max_size=2,
    ),
)
holidays = st.builds(
    lambda first, length: Holiday(first=first, back=first + timedelta(days=length)), days, st.integers(1, 30)
)
plans = st.builds(
    lambda each, off, prompts, ends_on: Appointments(
        appointments=tuple(each), holidays=tuple(off), prompts=tuple(prompts), ends_on=ends_on
    ),
    st.lists(appointments, min_size=1, max_size=2),
    st.lists(holidays, max_size=1),
    st.one_of(st.just([prompt for prompt in Prompt if prompt is not Prompt.ENDING])),
    st.one_of(st.none(), days),
)
persons = st.tuples(zones.map(ZoneInfo), quiet_hours)
