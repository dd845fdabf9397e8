"""Finds in "remind me to drink some water at 15:00" what the reminder is to say, and what says when. Pure.

Called by `handlers.own_text`. Beginnings and small words are given by the caller, in every language; times are read by
`typed_times`.
"""

import string
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.folding import fold
from bot.domain.typed_times import begins_with_filler, read_wish

LONGEST_TEXT = 240  # UTF-16 units
MOST_WORDS = 14  # of what says when
# Fields of a wish; "at night" or "for a week" alone says too little, and stays a part of the text.
SAYS_WHEN = (
    *("times", "weekdays", "times_a_day", "every_days", "every_weeks", "days_of_month", "nth_weekday", "date"),
    *("is_daily", "is_once"),
)
PUNCTUATION = f"{string.punctuation}¡¿…"


@dataclass(frozen=True, slots=True)
class Said:
    """What the reminder says, and the words that say when it comes; empty if there are none."""

    text: str
    when: str = ""


def read_own_text(
    typed: str, beginnings: Collection[str], small_words: Collection[str], *, now_local: datetime, language: str
) -> Said | None:
    """Returns what was said after one of the beginnings ("remind me to"); None for any other text, or if nothing was.

    `small_words` ("to", "that", "the") join the text with the beginning or with the time, and are left out there.
    """
    rest, beginning = _after(typed.split(), beginnings)
    is_open = not any(_plain(word) in small_words for word in beginning[-1:])  # "remind me" alone: "at 9" may follow
    if not rest or (is_open and _is_time(rest, now_local, language)):
        return None
    for text, when in _cuts(rest):
        if when and _is_time(when, now_local, language) and not _begins_with_filler(when, language):
            return _said(text, when, small_words)
    return _said(rest, (), small_words)


def _after(words: Sequence[str], beginnings: Collection[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Returns the words after the longest beginning, and that beginning; nothing if it begins otherwise."""
    plain = [_plain(word) for word in words]
    for beginning in sorted((said.split() for said in beginnings), key=len, reverse=True):
        if plain[: len(beginning)] == [_plain(word) for word in beginning]:
            return words[len(beginning) :], beginning
    return (), ()


def _cuts(words: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yields the text and the words for a time: the time last, as long as it can be, then first."""
    for start in range(max(1, len(words) - MOST_WORDS), len(words)):
        yield words[:start], words[start:]
    for end in range(min(MOST_WORDS, len(words) - 1), 0, -1):
        yield words[end:], words[:end]


def _said(text: Sequence[str], when: Sequence[str], small_words: Collection[str]) -> Said | None:
    small = {fold(word) for word in small_words}
    while text and _plain(text[0]) in small:
        text = text[1:]
    while text and when and _plain(text[-1]) in small:
        text = text[:-1]
    said = " ".join(text).strip(" ,;:")
    return Said(said, " ".join(when)) if said else None


def _is_time(words: Sequence[str], now_local: datetime, language: str) -> bool:
    wish = read_wish(" ".join(words), now_local=now_local, language=language)
    return wish is not None and any(getattr(wish, name) for name in SAYS_WHEN)


def _begins_with_filler(words: Sequence[str], language: str) -> bool:
    return begins_with_filler(" ".join(words), language=language)


def _plain(word: str) -> str:
    return fold(word).strip(PUNCTUATION)
