"""Times, days and rules as people say them, by CLDR (Babel). Beside `schedule`, the only place with local time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Literal, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list

from bot.content.times import Times
from bot.content.words import Form
from bot.domain.schedule import EVERY_DAY, MONDAY_TO_FRIDAY, Daily, Once, Spread


def say_time(words: Times, value: time | datetime) -> str:
    return _time(words.time, words.locale, value.hour, value.minute)


@lru_cache(maxsize=4096)
def _time(pattern: str, locale: str, hour: int, minute: int) -> str:
    return format_time(time(hour, minute), pattern, locale=locale)


def say_count(words: Times, forms: Mapping[Form, str], number: int, **values: object) -> str:
    """The plural form that the language has for this number."""
    form = cast("Form", Locale.parse(words.locale).plural_form(number))  # CLDR's names; Babel says only `str`
    return forms.get(form, forms["other"]).format(**values)


def say_moment(words: Times, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment in the chat's own zone: "today at 08:30", or with the day when it is further away."""
    return say_local(words, at.astimezone(zone).replace(tzinfo=None), now.astimezone(zone).replace(tzinfo=None))


def say_local(words: Times, at: datetime, now: datetime) -> str:
    """Both on the chat's own clock."""
    days = (at.date() - now.date()).days
    if days in (0, 1):
        return (words.today if days == 0 else words.tomorrow).format(time=say_time(words, at))
    near = timedelta(0) <= at - now < timedelta(days=300)
    day = format_date(at.date(), words.day if near else words.day_of_year, locale=words.locale)
    return words.on_day.format(day=day, time=say_time(words, at))


def say_rule(words: Times, rule: Daily | Spread | Once, now_local: datetime, *, is_short: bool = False) -> str:
    """ "every day at 08:30", in the middle of a sentence."""
    match rule:
        case Daily():
            return words.daily.format(
                days=say_days(words, rule.weekdays, is_short=is_short), time=say_time(words, rule.at)
            )
        case Spread():
            return say_count(
                words,
                words.spread,
                rule.times,
                times=rule.times,
                days=say_days(words, rule.weekdays, is_short=is_short),
                start=say_time(words, rule.start),
                end=say_time(words, rule.end),
            )
        case Once():
            return words.once.format(moment=say_local(words, rule.at, now_local))


def say_days(words: Times, weekdays: Sequence[int], *, is_short: bool = False) -> str:
    if tuple(weekdays) == EVERY_DAY:
        return words.every_day
    if tuple(weekdays) == MONDAY_TO_FRIDAY:
        return words.monday_to_friday
    names = [day_name(words, day, is_short=is_short) for day in weekdays]
    return words.some_days.format(days=format_list(names, "standard", locale=words.locale))


def day_name(words: Times, weekday: int, *, is_short: bool = False) -> str:
    """Monday is 0."""
    width: Literal["abbreviated", "wide"] = "abbreviated" if is_short else "wide"
    return str(get_day_names(width, "stand-alone", locale=words.locale)[weekday])


def language_name(code: str) -> str:
    """What a language calls itself."""
    return capitalized(str(Locale.parse(code).get_display_name(code) or code))


def capitalized(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]
