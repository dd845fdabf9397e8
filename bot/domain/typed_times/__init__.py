"""Reads typed times, days, rhythms and durations. Pure. Called by `dialogues.reminder_setup` and `handlers`.

Every function returns None for a text that it cannot read as a whole, and raises nothing. What must be asked back is
in `Wish.doubts` and `Span.doubts`; the narrow functions refuse what may be two things, and read a bare hour as one of
24. A language is a file in `languages/`; English is understood beside each of them.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.domain.typed_times.clocks import Times, Window, time_of
from bot.domain.typed_times.corrections import corrected, in_the_same_half
from bot.domain.typed_times.dates import next_weekday
from bot.domain.typed_times.duration import STRETCHES, Span, span_of
from bot.domain.typed_times.duration import SYMBOLS as SPAN_SYMBOLS
from bot.domain.typed_times.languages import Language
from bot.domain.typed_times.reading import has_filler, read_corrected, read_first, read_parts, read_pieces
from bot.domain.typed_times.wish import SYMBOLS as WISH_SYMBOLS
from bot.domain.typed_times.wish import Wish, is_complete, value_of, wish_of

__all__ = [
    "Span",
    "Wish",
    "begins_with_filler",
    "read_duration",
    "read_hours",
    "read_moment",
    "read_time",
    "read_two_wishes",
    "read_weekdays",
    "read_wish",
]

ANY_DAY = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - a local time; for texts in which no day is read
UNCLEAR = frozenset({"several", "order_of_date"})


def read_wish(text: str, *, now_local: datetime, language: str = "en") -> Wish | None:
    """Reads all that a text says: "weekdays at 8", "3 times a day between 10 and 18", "last friday of the month"."""
    return _read_wish(text, WISH_SYMBOLS, now_local, language)


def read_two_wishes(text: str, *, now_local: datetime, language: str = "en") -> tuple[Wish, Wish] | None:
    """Reads "weekdays at 7 am, weekends at 10 am": two wishes of which each says days and an hour."""
    now = _plain(now_local)

    def read(words: Language) -> tuple[Wish, Wish] | None:
        for halves in read_parts(text, WISH_SYMBOLS, now=now, language=words):
            first, second = (wish_of(half, now) for half in halves)
            if first and second and is_complete(first) and is_complete(second):
                return first, second
        return None

    return read_first(language, read)


def read_duration(text: str, *, now_local: datetime, language: str = "en") -> Span | None:
    """Reads how long: "until monday", "for 10 days", "a week", "25 dec"."""
    now = _plain(now_local)

    def read(words: Language) -> Span | None:
        read = (read_pieces(text, symbols, now=now, language=words) for symbols in (STRETCHES, SPAN_SYMBOLS))
        found = next((span for pieces in read if pieces and (span := span_of(pieces, now))), None)
        halves = None if found else read_corrected(text, SPAN_SYMBOLS, now=now, language=words)
        return span_of(halves[1], now) if halves else found

    return read_first(language, read)


def read_time(text: str, *, language: str = "en") -> time | None:
    """Reads "8:30", "8.30", "0830", "8", "8 am", "19h30", "noon", "half past eight"; of 24 hours without am or pm."""
    wish = _read_wish(text, ("times", "part", "today_part"), ANY_DAY, language)
    return wish.times[0] if wish and len(wish.times) == 1 and not wish.doubts & UNCLEAR else None


def read_moment(text: str, *, now_local: datetime, language: str = "en") -> datetime | None:
    """Reads "tomorrow 9:00", "18:00 on 24 dec", "friday 8 pm", "in 2 hours"; a time alone is the next such time.

    Returns a local moment without a zone. A date alone is None. A moment may be past, as "today 8:00" at noon.
    """
    now = _plain(now_local)
    wish = _read_wish(text, ("times", "date", "days", "today_part", "part", "moment"), now, language)
    if wish is None or len(wish.times) != 1 or wish.doubts & UNCLEAR or len(wish.weekdays) > 1 or wish.is_daily:
        return None
    at = wish.times[0]
    if wish.date:
        return datetime.combine(wish.date, at)
    today = datetime.combine(now.date(), at)
    if wish.weekdays:
        if wish.weekdays[0] == now.weekday() and today > now:
            return today
        day = next_weekday(now.date(), wish.weekdays[0])
        return datetime.combine(day, at) if day else None
    return today if today > now else _a_day_later(today)


def read_hours(text: str, *, language: str = "en") -> tuple[time, time] | None:
    """Reads "22-7", "22:00 - 07:00", "10pm to 7am", "9 and 21"; over midnight when the end is the earlier."""

    def read(words: Language) -> tuple[time, time] | None:
        pieces = read_pieces(text, ("window", "times", "leave_alone"), now=ANY_DAY, language=words)
        if not pieces or sum(piece.symbol != "leave_alone" for piece in pieces) != 1:
            return None
        window, times = value_of(pieces, Window), value_of(pieces, Times)
        if times and len(times.clocks) == 2 and not times.is_choice:
            window = Window(*times.clocks)
        start, end = (time_of(window.start), time_of(window.end)) if window else (None, None)
        return None if start is None or end is None or start == end else (start, end)

    return read_first(language, read)


def read_weekdays(text: str, *, language: str = "en") -> tuple[int, ...] | None:
    """Reads "tuesday", "tue, fri", "mondays and thursdays", "monday to friday", "every day but sunday"; Monday is 0."""
    wish = _read_wish(text, ("days", "rhythm"), ANY_DAY, language)
    if wish is None or wish != Wish(weekdays=wish.weekdays, is_daily=wish.is_daily):
        return None
    return tuple(range(7)) if wish.is_daily else wish.weekdays or None


def _read_wish(text: str, symbols: Sequence[str], now_local: datetime, language: str) -> Wish | None:
    now = _plain(now_local)

    def read(words: Language) -> Wish | None:
        pieces = read_pieces(text, symbols, now=now, language=words)
        if pieces and (wish := wish_of(pieces, now)):
            return wish
        halves = read_corrected(text, symbols, now=now, language=words)
        if halves is None:
            return None
        before, after = wish_of(halves[0], now), wish_of(in_the_same_half(*halves), now)
        return corrected(before, after) if before and after else None

    return read_first(language, read)


def _plain(now_local: datetime) -> datetime:
    return now_local.replace(second=0, microsecond=0, tzinfo=None)


def _a_day_later(moment: datetime) -> datetime | None:
    try:
        return moment + timedelta(days=1)
    except OverflowError:
        return None


def begins_with_filler(text: str, *, language: str = "en") -> bool:
    """Whether the first words say nothing about a time ("please", "something"), in this language or in English."""
    return read_first(language, lambda words: has_filler(text, words) or None) is not None
