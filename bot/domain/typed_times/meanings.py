"""All symbols of the grammar with their meanings: what a language file may name. Read by `languages`."""

from collections.abc import Mapping

from bot.domain.typed_times import clocks, dates, limits, numbers, rhythms, weekdays
from bot.domain.typed_times.clocks import HALVES, PARTS, HalfSaid
from bot.domain.typed_times.dates import TodayPart
from bot.domain.typed_times.grammar import Match, Meaning, Reader


def always(value: object) -> Meaning:
    """Returns the meaning of a word that means the same everywhere."""
    return lambda _match: value


def _given(match: Match) -> object:
    return match.values[0]


READERS: Mapping[str, Reader] = {
    "digits": numbers.read_digits,
    "number": numbers.read_digits,
    "amount": numbers.read_amount,
    "minutes": numbers.read_minutes,
    "two_digits": numbers.read_two_digits,
    "year": numbers.read_year,
    "day_number": numbers.read_day_number,
    "hour": clocks.read_hour,
    "clock": clocks.read_written,
    "times": clocks.read_times,
    "day_list": weekdays.read_day_list,
    "day_letters": weekdays.read_letters,
    "written_date": dates.read_written_date,
}
# Symbols that a language file fills with names, not with frames.
NAMES = frozenset(
    {"number", "tens", "ones", "amount", "ordinal", "weekday", "letter", "month", "unit", "holiday", "and", "or"}
)
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    "number": {"sum": numbers.total},
    "ordinal": {"digits": numbers.ordinal},
    "hour": {"noon": clocks.noon, "midnight": clocks.midnight},
    "spoken": {
        "on_the_hour": clocks.on_the_hour,
        "of_24_hours": clocks.of_24_hours,
        "half_past": clocks.half_past,
        "half_past_or_to": clocks.half_past_or_to,
        "quarter_past": clocks.quarter_past,
        "quarter_to": clocks.quarter_to,
        "minutes_past": clocks.minutes_past,
        "minutes_to": clocks.minutes_to,
    },
    "exact": {"at": clocks.exact},
    "time": {"exact": clocks.on_the_hour, "rough": clocks.rough},
    "window": {"between": clocks.window},
    "half": {half: always(HalfSaid(half)) for half in HALVES if half not in PARTS},
    "part": {part: always(HalfSaid(part)) for part in PARTS},
    "today_part": {part: always(TodayPart(HalfSaid(part))) for part in PARTS},
    "day": {
        "one": weekdays.one_day,
        "range": weekdays.day_range,
        "monday_to_friday": weekdays.monday_to_friday,
        "weekend": weekdays.weekend,
    },
    "days": {
        "listed": weekdays.listed,
        "letters": weekdays.letters,
        "all_except": weekdays.all_except,
        "listed_except": weekdays.listed_except,
    },
    "date": {
        "written": dates.given_date,
        "today": dates.today,
        "tomorrow": dates.tomorrow,
        "in_two_days": dates.in_two_days,
        "coming_weekday": dates.coming_weekday,
        "next_or_coming_weekday": dates.next_or_coming_weekday,
        "weekday_of_next_week": dates.weekday_of_next_week,
        "weekday_in_a_week": dates.weekday_in_a_week,
        "ahead": dates.ahead,
        "next_unit": dates.next_unit,
        "day_and_month": dates.day_and_month,
        "holiday": dates.holiday,
        "day_of_month": dates.day_of_month,
        "weekday_and_day": dates.weekday_and_day,
        "in_a_week": dates.in_a_week,
        "in_two_weeks": dates.in_two_weeks,
    },
    "moment": {
        "ahead": dates.hours_ahead,
        "half_an_hour": dates.half_an_hour_ahead,
        "and_a_half": dates.hours_and_a_half_ahead,
    },
    "rhythm": {
        "daily": rhythms.daily,
        "once": rhythms.once,
        "once_a_day": rhythms.once_a_day,
        "twice_a_day": rhythms.twice_a_day,
        "times_a_day": rhythms.times_a_day,
        "every_other_day": rhythms.every_other_day,
        "every_n_days": rhythms.every_n_days,
        "every_hour": rhythms.every_hour,
        "every_n_hours": rhythms.every_n_hours,
        "weekly": rhythms.weekly,
        "times_a_week": rhythms.times_a_week,
        "every_two_weeks": rhythms.every_two_weeks,
        "every_n_weeks": rhythms.every_n_weeks,
        "every_other_weekday": rhythms.every_other_weekday,
        "every_nth_week_weekday": rhythms.every_nth_week_weekday,
        "days_of_month": rhythms.days_of_month,
        "last_day_of_month": rhythms.last_day_of_month,
        "nth_weekday": rhythms.nth_weekday,
    },
    "every_part": {part: rhythms.every_part(part) for part in PARTS},
    "from": {"day": limits.from_day, "next_week": limits.from_next_week},
    "until": {
        "day": limits.until_day,
        "month": limits.until_month,
        "next_week": limits.until_next_week,
        "next_month": limits.until_next_month,
        "next_year": limits.until_next_year,
        "weekend": limits.until_the_weekend,
        "end_of_week": limits.until_next_week,
        "after": limits.until_after,
        "after_the_weekend": limits.until_after_the_weekend,
        "part_of_today": limits.until_part_of_today,
        "time": limits.until_time,
    },
    "stretch": {
        "weekend": limits.until_after_the_weekend,
        "today": limits.until_tomorrow,
        "this_week": limits.until_next_week,
        "next_week": limits.next_week_itself,
        "this_month": limits.until_next_month,
        "this_year": limits.until_next_year,
    },
    "length": {
        "units": limits.length,
        "half_an_hour": limits.half_an_hour,
        "and_a_half": limits.and_a_half,
    },
    "for": {"length": _given},
    "leave_alone": {"words": always("leave alone")},
    "filler": {"words": always("filler")},
}
SLOTS = frozenset(READERS) | NAMES | frozenset(MEANINGS)
