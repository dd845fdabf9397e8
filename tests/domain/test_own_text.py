"""What a reminder is to say, and what says when, cut out of one sentence."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.own_text import Said, read_own_text

NOW = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - local, as it is meant
BEGINNINGS = ("remind me to", "remind me that", "remind me", "recuérdame", "recuérdame que")
SMALL_WORDS = ("to", "that", "the", "que", "de")


def read(typed: str, language: str = "en") -> Said | None:
    return read_own_text(typed, BEGINNINGS, SMALL_WORDS, now_local=NOW, language=language)


@pytest.mark.parametrize(
    ("typed", "text", "when"),
    [
        ("remind me to drink some water at 15:00", "drink some water", "at 15:00"),
        ("Remind me to ground at 3pm!", "ground", "at 3pm!"),
        ("remind me at 3pm to breathe", "breathe", "at 3pm"),
        ("remind me every day at 9 to stretch", "stretch", "every day at 9"),
        ("remind me tomorrow at 9 that I am enough", "I am enough", "tomorrow at 9"),
        ("remind me to take my pills twice a day", "take my pills", "twice a day"),
        ("remind me to pay rent on the 1st of every month at 10", "pay rent", "on the 1st of every month at 10"),
        ("remind me to say something at 3pm", "say something", "at 3pm"),
        ("remind me to call the bank the day after tomorrow at 9", "call the bank", "day after tomorrow at 9"),
        ("remind me to eat 2 apples", "eat 2 apples", ""),
        ("remind me to be kind at night", "be kind at night", ""),
        ("remind me to log on at 15:00", "log on", "at 15:00"),
    ],
)
def test_the_text_and_the_time(typed: str, text: str, when: str) -> None:
    assert read(typed) == Said(text, when)


@pytest.mark.parametrize(
    ("typed", "text", "when"),
    [
        ("recuérdame beber agua a las 15:00", "beber agua", "a las 15:00"),
        ("Recuerdame que beba agua todos los días a las 8", "beba agua", "todos los días a las 8"),
        ("recuérdame a las 3 beber agua", "beber agua", "a las 3"),
    ],
)
def test_in_spanish(typed: str, text: str, when: str) -> None:
    assert read(typed, "es") == Said(text, when)


@pytest.mark.parametrize(
    "typed",
    ["", "remind me", "remind me to", "remind me every day at 9", "every day at 9", "my friends remind me to eat"],
)
def test_what_is_no_own_text(typed: str) -> None:
    assert read(typed) is None


@given(st.text(max_size=80))
def test_no_word_is_made_up(rest: str) -> None:
    said = read(f"remind me to {rest}")
    assert said is None or set(said.text.split()) <= {word.strip(" ,;:") for word in rest.split()} | set(rest.split())
