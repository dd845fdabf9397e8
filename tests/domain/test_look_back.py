"""One word or colour for a day, and the weeks of a page."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.look_back import LONGEST_WORD, WEEK, WEEKS, Colour, DayWord, as_word, weeks_of_page
from bot.domain.safety_plan import units


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        (" tired ", "tired"),
        ("not  so bad", "not so bad"),
        ("\U0001f32b", "\U0001f32b"),
        ("a" * 30, "a" * 30),
        ("a" * 31, None),
        ("\U0001f32b" * 16, None),
        ("it was a day", None),
        ("", None),
        (" \n", None),
    ],
)
def test_a_word_or_two_is_taken(typed: str, word: str | None) -> None:
    assert as_word(typed) == word


@given(st.text(max_size=60))
def test_what_is_taken_fits_and_is_read_as_it_was(text: str) -> None:
    if (word := as_word(text)) is not None:
        assert 0 < units(word) <= LONGEST_WORD
        assert DayWord.from_text(DayWord(word).to_text()) == DayWord(word)


@pytest.mark.parametrize("colour", Colour)
def test_a_colour_is_read_as_it_was(colour: Colour) -> None:
    assert DayWord.from_text(DayWord(colour=colour).to_text()) == DayWord(colour=colour)
    assert DayWord.from_text(DayWord(colour.value).to_text()) == DayWord(colour.value)  # typed, it is a word


def test_a_colour_that_is_not_known_any_more_is_a_word() -> None:
    assert DayWord.from_text("colour:plum") == DayWord("plum")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6), st.integers(0, 50))
def test_pages_follow_each_other_without_a_gap(today: date, first_weekday: int, page: int) -> None:
    weeks = weeks_of_page(today, first_weekday, page)
    assert len(weeks) == WEEKS
    assert {week.weekday() for week in weeks} == {first_weekday}
    assert weeks_of_page(today, first_weekday, page + 1)[-1] + WEEK == weeks[0]
    newest = weeks_of_page(today, first_weekday, 0)[-1]
    assert newest <= today < newest + timedelta(days=7)
