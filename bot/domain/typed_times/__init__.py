"""Parses typed times, dates, moments and hours. Pure. Called by `dialogues.reminder_setup` and `handlers`.

Every function returns None for a text that it cannot read, and raises nothing. A language is a `Vocabulary`; English is
understood beside each of them.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from bot.domain.folding import fold
from bot.domain.typed_times.english import ENGLISH
from bot.domain.typed_times.spanish import SPANISH
from bot.domain.typed_times.words import Vocabulary

MAX_TIME_CHARACTERS = 60  # a longer text is a message, not a time
ONE_DAY = timedelta(days=1)

READERS = {"en": ENGLISH, "es": SPANISH}

Day = TypeVar("Day", date, datetime)
Read = TypeVar("Read")


_CLOCK = re.compile(r"([0-9]{1,2})(?: ?[:.h] ?([0-5][0-9])(?::00)?)?([^0-9]*)")
_COMPACT = re.compile(r"([0-9]{1,2})([0-5][0-9])([^0-9]*)")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})\.?")
_DOTTED = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})(?:\. ?([0-9]{4}|[0-9]{2})?)?")
_SLASHED = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?")
_DAY_OF_MONTH = re.compile(r"([0-9]{1,2})([^0-9]*)")


def read_time(text: str, *, language: str = "en") -> time | None:
    """Reads "8:30", "8.30", "0830", "8", "8 am", "19h30", "noon", "half past 8"; of 24 hours without am or pm."""
    return _first(language, lambda words: _time(_clean(text, words), words))


def read_date(text: str, *, today: date, language: str = "en") -> date | None:
    """Reads "2026-12-24", "24.12.", "24 dec", "tomorrow", "friday", "in 3 days".

    A date with a year may be past; one without a year is the next such date, today included; a weekday is the next one
    after today. An ambiguous date ("5/6") is None.
    """
    return _first(language, lambda words: _date(_clean(text, words), today, words))


def read_moment(text: str, *, now_local: datetime, language: str = "en") -> datetime | None:
    """Reads "tomorrow 9:00", "18:00 on 24 dec", "friday 8 pm", "in 2 hours"; a time alone is the next such time.

    Returns a local moment without a zone. A date alone is None. A moment may be past, as "today 8:00" at noon.
    """
    return _first(language, lambda words: _moment(text, now_local, words))


def _moment(text: str, now_local: datetime, words: Vocabulary) -> datetime | None:
    clean, now = _clean(text, words), now_local.replace(second=0, microsecond=0, tzinfo=None)
    first, _, rest = clean.partition(" ")
    if at := _time(clean, words) or _time(f"{rest} {first}", words):  # "9 tonight", "tonight 9"
        return _next(now, at)
    ahead = _ahead(clean, words)
    if ahead and ahead[0] == "minutes":
        return _shifted(now, timedelta(minutes=ahead[1]))
    if _date(clean, now.date(), words):
        return None
    return next(_day_and_time(clean.split(), now, words), None)


def read_hours(text: str, *, language: str = "en") -> tuple[time, time] | None:
    """Reads "22-7", "22:00 - 07:00", "10pm to 7am", "9 and 21"; over midnight when the end is the earlier."""
    return _first(language, lambda words: _hours(text, words))


def read_weekdays(text: str, *, language: str = "en") -> tuple[int, ...] | None:
    """Reads "tuesday", "tue, fri", "mondays and thursdays"; Monday is 0. Any other word makes it None."""
    return _first(language, lambda words: _weekdays(text, words))


def _weekdays(text: str, words: Vocabulary) -> tuple[int, ...] | None:
    parts = [part.rstrip(".") for part in _clean(text, words).replace("/", " ").replace("+", " ").split()]
    names = [part for part in parts if part not in words.between]
    if not names or any(name not in words.weekdays for name in names):
        return None
    return tuple(sorted({words.weekdays[name] for name in names}))


def _first(language: str, read: Callable[[Vocabulary], Read | None]) -> Read | None:
    """Reads in the chat's language, or else in English."""
    for candidate in dict.fromkeys((language, "en")):
        if candidate in READERS and (found := read(READERS[candidate])) is not None:
            return found
    return None


def _hours(text: str, words: Vocabulary) -> tuple[time, time] | None:
    parts = re.sub(r"([-–—−])", r" \1 ", _clean(text, words)).split()
    for place, part in enumerate(parts):
        if part in "-–—−" or part in words.between:
            start, end = (_time(" ".join(side), words) for side in (parts[:place], parts[place + 1 :]))
            if start is not None and end is not None and start != end:
                return start, end
    return None


def _clean(text: str, words: Vocabulary) -> str:
    """Lower case, ASCII digits, single spaces, no accents and no fillers; empty for a text that is too long."""
    if len(text) > MAX_TIME_CHARACTERS:
        return ""
    ascii_digits = (str(unicodedata.decimal(letter, letter)) for letter in fold(text))
    lower = "".join(ascii_digits).replace(",", " ").strip(" !?¡¿")
    for pattern, replacement in words.rewritten.items():
        lower = re.sub(pattern, replacement, lower)
    apart = re.sub(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})t([0-9])", r"\1 \2", lower)
    return " ".join(word for word in apart.split() if word not in words.fillers)


def _time(clean: str, words: Vocabulary) -> time | None:
    if clean in words.times:
        return words.times[clean]
    for phrase, minutes in words.past.items():
        if clean.startswith(f"{phrase} ") and (full := _time(clean.removeprefix(f"{phrase} "), words)):
            return (datetime.combine(date(2000, 1, 2), full) + timedelta(minutes=minutes)).time()
    found = _CLOCK.fullmatch(clean) or _COMPACT.fullmatch(clean)
    if not found:
        return None
    half = words.halves.get(found[3].replace(".", "").replace(" ", ""))
    hour, minute = int(found[1]), int(found[2] or 0)
    is_date = found[2] and found[3] == "."  # such as 10.11.
    if half is None or is_date or (hour == 24 and minute):
        return None
    hour_of_day = _hour(hour, half)
    return None if hour_of_day is None else time(hour_of_day, minute)


def _hour(hour: int, half: str) -> int | None:
    if half == "night":  # 10 at night, 2 at night
        half = "pm" if 6 <= hour <= 11 else "am"
    if half == "am":
        return hour % 12 if hour <= 12 else None
    if half == "pm":
        return hour % 12 + 12 if 1 <= hour <= 23 else None  # 19 pm is 19:00
    return hour % 24 if hour <= 24 else None


def _date(clean: str, today: date, words: Vocabulary) -> date | None:
    if clean in words.days:
        return _shifted(today, words.days[clean] * ONE_DAY)
    ahead = _ahead(clean, words)
    if ahead:
        return _later(today, *ahead)
    return _weekday(clean, today, words) or _numbered(clean, today) or _named(clean, today, words)


def _weekday(clean: str, after: date, words: Vocabulary) -> date | None:
    parts = clean.rstrip(".").split()
    if len(parts) == 2 and parts[0] in words.coming:
        parts = parts[1:]
    if len(parts) != 1 or parts[0] not in words.weekdays:
        return None
    return _shifted(after, ((words.weekdays[parts[0]] - after.weekday() - 1) % 7 + 1) * ONE_DAY)


def _ahead(clean: str, words: Vocabulary) -> tuple[str, int] | None:
    """Reads what "in 3 days" adds: ("days", 3)."""
    parts = clean.split()
    if len(parts) == 3 and parts[0] in words.ahead:
        parts = parts[1:]
    elif not (len(parts) == 2 and parts[0] in words.coming):
        return None
    if len(parts) != 2 or parts[1] not in words.units:
        return None
    number = int(parts[0]) if re.fullmatch(r"[0-9]{1,4}", parts[0]) else words.numbers.get(parts[0])
    unit, size = words.units[parts[1]]
    return None if number is None else (unit, number * size)


def _later(today: date, unit: str, number: int) -> date | None:
    if unit == "days":
        return _shifted(today, number * ONE_DAY)
    if unit != "months":
        return None
    years, month = divmod(today.month - 1 + number, 12)
    year = today.year + years
    if year > date.max.year:
        return None
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _numbered(clean: str, today: date) -> date | None:
    if found := _YEAR_FIRST.fullmatch(clean):
        return _real(int(found[1]), int(found[3]), int(found[4]))
    if found := _DOTTED.fullmatch(clean):
        return _dated(int(found[1]), int(found[2]), found[3], today)
    if not (found := _SLASHED.fullmatch(clean)):
        return None
    first, second = int(found[1]), int(found[3])
    if first <= 12 and second <= 12 and first != second:
        return None
    day, month = (second, first) if second > 12 else (first, second)
    return _dated(day, month, found[4], today)


def _named(clean: str, today: date, words: Vocabulary) -> date | None:
    """Reads "24th dec 2026", "dec 24"."""
    parts = clean.split()
    year = parts.pop() if len(parts) == 3 and re.fullmatch(r"[0-9]{4}", parts[-1]) else None
    if len(parts) != 2:
        return None
    name, number = sorted(parts, key=lambda part: part[0] in "0123456789")
    found, month = _DAY_OF_MONTH.fullmatch(number), words.months.get(name.rstrip("."))
    if not found or not month or found[2].rstrip(".") not in words.ordinals:
        return None
    return _dated(int(found[1]), month, year, today)


def _dated(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _real(int(year) + (2000 if len(year) == 2 else 0), month, day)
    coming = (_real(today.year + years, month, day) for years in range(9))  # 29 February can be eight years away
    return next((day_found for day_found in coming if day_found and day_found >= today), None)


def _real(year: int, month: int, day: int) -> date | None:
    if not (1 <= year <= date.max.year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _day_and_time(parts: list[str], now: datetime, words: Vocabulary) -> Iterator[datetime]:
    """Yields a moment for each cut into a day and a time; the day first, so that "24 dec 8" is the 24th."""
    cuts = [(" ".join(parts[:place]), " ".join(parts[place:])) for place in range(1, len(parts))]
    for day_text, time_text in cuts + [(last, first) for first, last in cuts]:
        at = _time(time_text, words)
        if at is None:
            continue
        if words.weekdays.get(day_text) == now.weekday() and datetime.combine(now.date(), at) > now:
            yield datetime.combine(now.date(), at)
        elif day := _date(day_text, now.date(), words):
            yield datetime.combine(day, at)


def _next(now: datetime, at: time) -> datetime | None:
    today = datetime.combine(now.date(), at)
    return today if today > now else _shifted(today, ONE_DAY)


def _shifted(start: Day, by: timedelta) -> Day | None:
    try:
        return start + by
    except OverflowError:
        return None
