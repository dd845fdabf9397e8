"""Times, days and rules in words, by CLDR (Babel). Besides `schedule`, the only module with local times."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_day_names
from babel.languages import get_territory_language_info
from babel.lists import format_list

from bot.content.texts import Form
from bot.content.times import Nth, TimeTexts
from bot.domain.schedule import (
    EVERY_DAY,
    LAST,
    LAST_DAY,
    MONDAY_TO_FRIDAY,
    Daily,
    Once,
    Recurring,
    Rule,
    Spread,
)

NTH: dict[int, Nth] = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
PERIODS = re.compile(r"(\w)\.\s(\w)\.$")  # "a. m." is written "am": after it a sentence would end with two periods
DAYS_WITHOUT_YEAR = 300  # a day further away is said with its year


def time_text(texts: TimeTexts, value: time | datetime) -> str:
    """The time of day in the language's own format."""
    return _time(texts.time, texts.locale, value.hour, value.minute)


@lru_cache(maxsize=4096)
def _time(pattern: str, locale: str, hour: int, minute: int) -> str:
    return PERIODS.sub(r"\1\2", format_time(time(hour, minute), pattern, locale=locale))


@lru_cache(maxsize=512)
def uses_12_hours(country: str) -> bool:
    """Whether people in a country (ISO 3166) read a clock of 12 hours, by CLDR: its most spoken language decides."""
    languages = get_territory_language_info(country)
    spoken = sorted(languages, key=lambda code: float(languages[code]["population_percent"] or 0), reverse=True)
    for code in (f"{language}_{country}" for language in spoken):
        with suppress(ValueError, UnknownLocaleError):
            return "a" in str(Locale.parse(code).time_formats["short"].pattern)
    return False


@lru_cache(maxsize=512)
def first_weekday_in(country: str) -> int:
    """On which day weeks begin in a country (ISO 3166), by CLDR; Monday is 0."""
    with suppress(ValueError, UnknownLocaleError):
        return int(Locale.parse(f"und_{country}").first_week_day)
    return 0


def week_from(first_weekday: int) -> tuple[int, ...]:
    """The seven weekdays, beginning with this one."""
    return tuple((first_weekday + day) % 7 for day in range(7))


def count_text(texts: TimeTexts, forms: Mapping[Form, str], number: int, /, **values: object) -> str:
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
    near = timedelta(0) <= at - now < timedelta(days=DAYS_WITHOUT_YEAR)
    day = format_date(at.date(), texts.day if near else texts.day_of_year, locale=texts.locale)
    return texts.on_day.format(day=day, time=time_text(texts, at))


def dated_text(texts: TimeTexts, at: datetime, zone: ZoneInfo) -> str:
    """The moment in this time zone, with its day and year."""
    local = at.astimezone(zone)
    day = format_date(local.date(), texts.day_of_year, locale=texts.locale)
    return texts.on_day.format(day=day, time=time_text(texts, local))


def day_and_time_text(texts: TimeTexts, at: datetime) -> str:
    """A naive local moment with its day: "Friday, 4 December, at 08:00"."""
    return texts.on_day.format(day=format_date(at.date(), texts.day, locale=texts.locale), time=time_text(texts, at))


def day_text(texts: TimeTexts, day: date) -> str:
    """A day with its year: "27 January 2027"."""
    return format_date(day, texts.day_of_year, locale=texts.locale)


def day_as(texts: TimeTexts, day: date, pattern: str) -> str:
    """A day in a pattern of CLDR, such as "EEE d MMM"."""
    return format_date(day, pattern, locale=texts.locale)


def rule_text(texts: TimeTexts, rule: Rule, now_local: datetime, *, is_short: bool = False) -> str:
    """The rule as part of a sentence: "every day at 08:30"."""
    match rule:
        case Daily():
            times = format_list([time_text(texts, at) for at in rule.times], "standard", locale=texts.locale)
            said = texts.daily.format(days=days_text(texts, rule, is_short=is_short), time=times)
        case Spread():
            said = count_text(
                texts,
                texts.spread,
                rule.times,
                times=rule.times,
                days=days_text(texts, rule, is_short=is_short),
                start=time_text(texts, rule.start),
                end=time_text(texts, rule.end),
            )
        case Once():
            return texts.once.format(moment=local_text(texts, rule.at, now_local))
    return _bounded(texts, said, rule, now_local.date())


def _bounded(texts: TimeTexts, said: str, rule: Recurring, today: date) -> str:
    """Adds the first day while it is ahead, and the last."""
    first = date_text(texts, rule.first, today) if rule.first and rule.first > today else ""
    last = date_text(texts, rule.last, today) if rule.last else ""
    if first and last:
        return texts.from_to.format(rule=said, first=first, last=last)
    if first:
        return texts.from_day.format(rule=said, first=first)
    return texts.to_day.format(rule=said, last=last) if last else said


def date_text(texts: TimeTexts, day: date, today: date) -> str:
    """A day, with its year if it is far away."""
    is_near = abs((day - today).days) < DAYS_WITHOUT_YEAR
    return format_date(day, texts.day if is_near else texts.day_of_year, locale=texts.locale)


def days_text(texts: TimeTexts, rule: Recurring, *, is_short: bool = False) -> str:
    """The days of a rule in words: "every day", "Monday to Friday", "every other week on Tuesday", ..."""
    if rule.every_days == 2:
        return texts.every_other_day
    if rule.every_days > 1:
        return count_text(texts, texts.every_days, rule.every_days, number=rule.every_days)
    if rule.month_days == (LAST_DAY,):
        return texts.last_of_month
    if rule.month_days:
        numbers = format_list([str(day) for day in rule.month_days], "standard", locale=texts.locale)
        return texts.day_of_month.format(days=numbers)
    names = [day_name(texts, day, is_short=is_short) for day in rule.weekdays]
    listed = format_list(names, "standard", locale=texts.locale)
    if rule.nth is not None:
        return texts.weekday_of_month.format(nth=texts.nth[NTH[rule.nth]], days=listed)
    if rule.every_weeks == 2:
        return texts.every_other_week.format(days=listed)
    if rule.every_weeks > 1:
        return count_text(texts, texts.every_weeks, rule.every_weeks, number=rule.every_weeks, days=listed)
    if rule.weekdays == EVERY_DAY:
        return texts.every_day
    return texts.monday_to_friday if rule.weekdays == MONDAY_TO_FRIDAY else texts.some_days.format(days=listed)


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
