"""Times, days and rules in words, by CLDR (Babel). Besides `schedule`, the only module with local times."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Literal, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list

from bot.content.texts import Form
from bot.content.times import TimeTexts
from bot.domain.schedule import EVERY_DAY, MONDAY_TO_FRIDAY, Daily, Once, Spread


def time_text(texts: TimeTexts, value: time | datetime) -> str:
    """The time of day in the language's own format."""
    return _time(texts.time, texts.locale, value.hour, value.minute)


@lru_cache(maxsize=4096)
def _time(pattern: str, locale: str, hour: int, minute: int) -> str:
    return format_time(time(hour, minute), pattern, locale=locale)


def count_text(texts: TimeTexts, forms: Mapping[Form, str], number: int, **values: object) -> str:
    """Returns the plural form for this number in the language, with `values` filled in."""
    form = cast("Form", Locale.parse(texts.locale).plural_form(number))  # CLDR's names; Babel says only `str`
    return forms.get(form, forms["other"]).format(**values)


def moment_text(texts: TimeTexts, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The moment in the chat's time zone: "today at 08:30", or with the date if it is further away."""
    return local_text(texts, at.astimezone(zone).replace(tzinfo=None), now.astimezone(zone).replace(tzinfo=None))


def local_text(texts: TimeTexts, at: datetime, now: datetime) -> str:
    """The same for two naive datetimes in the chat's time zone."""
    days = (at.date() - now.date()).days
    if days in (0, 1):
        return (texts.today if days == 0 else texts.tomorrow).format(time=time_text(texts, at))
    near = timedelta(0) <= at - now < timedelta(days=300)
    day = format_date(at.date(), texts.day if near else texts.day_of_year, locale=texts.locale)
    return texts.on_day.format(day=day, time=time_text(texts, at))


def rule_text(texts: TimeTexts, rule: Daily | Spread | Once, now_local: datetime, *, is_short: bool = False) -> str:
    """The rule as part of a sentence: "every day at 08:30"."""
    match rule:
        case Daily():
            return texts.daily.format(
                days=days_text(texts, rule.weekdays, is_short=is_short), time=time_text(texts, rule.at)
            )
        case Spread():
            return count_text(
                texts,
                texts.spread,
                rule.times,
                times=rule.times,
                days=days_text(texts, rule.weekdays, is_short=is_short),
                start=time_text(texts, rule.start),
                end=time_text(texts, rule.end),
            )
        case Once():
            return texts.once.format(moment=local_text(texts, rule.at, now_local))


def days_text(texts: TimeTexts, weekdays: Sequence[int], *, is_short: bool = False) -> str:
    """The weekdays (Monday is 0) as a list in words, or "every day", or "Monday to Friday"."""
    if tuple(weekdays) == EVERY_DAY:
        return texts.every_day
    if tuple(weekdays) == MONDAY_TO_FRIDAY:
        return texts.monday_to_friday
    names = [day_name(texts, day, is_short=is_short) for day in weekdays]
    return texts.some_days.format(days=format_list(names, "standard", locale=texts.locale))


def day_name(texts: TimeTexts, weekday: int, *, is_short: bool = False) -> str:
    """The name of a weekday; Monday is 0."""
    width: Literal["abbreviated", "wide"] = "abbreviated" if is_short else "wide"
    return str(get_day_names(width, "stand-alone", locale=texts.locale)[weekday])


def language_name(code: str) -> str:
    """The language's name in that language."""
    return capitalized(str(Locale.parse(code).get_display_name(code) or code))


def capitalized(text: str) -> str:
    """Returns the text with a capital first letter; the rest does not change."""
    return text[:1].upper() + text[1:]
