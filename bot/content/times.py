"""The texts and patterns for times and days. Part of `interface`."""

from datetime import datetime
from typing import Annotated, Literal, Self, get_args

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_datetime, parse_pattern, tokenize_pattern
from pydantic import AfterValidator, Field, model_validator

from bot.content.texts import Counted, Text, Texts, counted, holds

# Fields that every language can format (https://unicode.org/reports/tr35/tr35-dates.html); others are tried.
USUAL_FIELDS = frozenset("yMLdEHhKkmsa")
# Babel reads its data, 4 MB in memory, when it first formats something: that is not done only to check what is usual.


def _known_locale(value: str) -> str:
    try:
        if not localedata.exists(value):
            Locale.parse(value)
    except (ValueError, UnknownLocaleError):
        raise ValueError(f"names no locale that CLDR knows: {value}; write it like en or es_MX") from None
    return value


def _readable(value: str) -> str:
    """Checks that Babel can format a moment with the pattern."""
    try:
        if all(kind == "chars" or token[0] in USUAL_FIELDS for kind, token in tokenize_pattern(value)):
            parse_pattern(value)
            return value
        # Never in "root": Babel then keeps its names of days for every language that is loaded later.
        format_datetime(datetime(2000, 1, 2, 3, 4), value, locale="en")  # noqa: DTZ001 - any moment will do
    except (KeyError, ValueError, AttributeError):
        raise ValueError('is no pattern for a time or a day; write it like "HH:mm" or "EEEE, d MMMM"') from None
    return value


Pattern = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_readable)]


Nth = Literal["first", "second", "third", "fourth", "last"]  # which weekday of a month


class TimeTexts(Texts):
    """The texts for moments, days and rules. Names of days and months, and lists, come from CLDR by `locale`.

    `time` (of 24 hours), `time_12`, `day` and `day_of_year` are CLDR patterns (Unicode Technical Standard 35, part 4).
    """

    locale: Annotated[str, AfterValidator(_known_locale)]
    time: Pattern
    time_12: Pattern
    day: Pattern
    day_of_year: Pattern
    today: Annotated[str, holds("time")]
    tomorrow: Annotated[str, holds("time")]
    on_day: Annotated[str, holds("day", "time")]
    every_day: Text
    monday_to_friday: Text
    some_days: Annotated[str, holds("days")]
    every_other_day: Text
    every_days: Annotated[Counted, counted("number")]
    every_other_week: Annotated[str, holds("days")]
    every_weeks: Annotated[Counted, counted("number", "days")]
    day_of_month: Annotated[str, holds("days")]
    last_of_month: Text
    weekday_of_month: Annotated[str, holds("nth", "days")]
    nth: dict[Nth, Text]
    daily: Annotated[str, holds("days", "time")]
    spread: Annotated[Counted, counted("times", "days", "start", "end")]
    once: Annotated[str, holds("moment")]
    from_day: Annotated[str, holds("rule", "first")]
    to_day: Annotated[str, holds("rule", "last")]
    from_to: Annotated[str, holds("rule", "first", "last")]

    @model_validator(mode="after")
    def _every_nth_is_there(self) -> Self:
        if missing := [name for name in get_args(Nth) if name not in self.nth]:
            raise ValueError(f"nth has no {missing[0]}; write the word for it")
        return self
