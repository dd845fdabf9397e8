"""Times, days and rules as people say them. The only place, beside `schedule`, where there is local time."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.catalogue.interface import Times
from bot.schedule import EVERY_DAY, Daily, Once, Spread

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


def say_time(value: time | datetime) -> str:
    return f"{value:%H:%M}"


def say_moment(words: Times, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment in the chat's own zone: "today at 08:30", or with the day when it is further away."""
    return say_local(words, at.astimezone(zone).replace(tzinfo=None), now.astimezone(zone).replace(tzinfo=None))


def say_local(words: Times, at: datetime, now: datetime) -> str:
    """Both on the chat's own clock."""
    days = (at.date() - now.date()).days
    if days in (0, 1):
        return (words.today if days == 0 else words.tomorrow).format(time=say_time(at))
    near = timedelta(0) <= at - now < timedelta(days=300)
    values = {
        "day": words.days[at.weekday()],
        "date": at.day,
        "month": words.months[at.month - 1],
        "time": say_time(at),
    }
    return words.on_day.format(**values) if near else words.on_day_of_year.format(year=at.year, **values)


def say_rule(words: Times, rule: Daily | Spread | Once, now_local: datetime, *, is_short: bool = False) -> str:
    """ "every day at 08:30", in the middle of a sentence."""
    match rule:
        case Daily():
            return words.daily.format(days=say_days(words, rule.weekdays, is_short=is_short), time=say_time(rule.at))
        case Spread():
            return words.spread.format(
                times=rule.times,
                days=say_days(words, rule.weekdays, is_short=is_short),
                start=say_time(rule.start),
                end=say_time(rule.end),
            )
        case Once():
            return words.once.format(moment=say_local(words, rule.at, now_local))


def say_days(words: Times, weekdays: Sequence[int], *, is_short: bool = False) -> str:
    if tuple(weekdays) == EVERY_DAY:
        return words.every_day
    if tuple(weekdays) == MONDAY_TO_FRIDAY:
        return words.monday_to_friday
    names = [(words.short_days if is_short else words.days)[day] for day in weekdays]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {words.and_} {names[-1]}"
    return words.some_days.format(days=listed)


def capitalized(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]
