"""Lists all moments of a local day at which a rule is due; `next_due` has to find them one after the other."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.schedule import QuietHours, Rule
from bot.domain.schedule.days import moment
from bot.domain.schedule.due import minutes_on, seconds_into


def occurrences_on(
    rule: Rule, day: date, *, zone: ZoneInfo, quiet: QuietHours | None, seed: int
) -> tuple[datetime, ...]:
    minutes = minutes_on(rule, day, zone, quiet, seed)
    shift = seconds_into(minutes, rule, day, zone, quiet, seed) if minutes else None
    return tuple(moment(day, minute) + shift for minute in minutes) if shift is not None else ()
