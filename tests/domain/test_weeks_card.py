"""The picture of a person's weeks: marks where there is an entry, paper elsewhere, and words that fit."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.domain.cards import Day, Weeks
from bot.domain.cards.typesetting import width
from bot.domain.cards.weeks import COLOURS, LEFT, LINES, RIGHT, SIZE, draw, lines_of
from bot.domain.look_back import WEEKS, Colour

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOTHING: tuple[Day | None, ...] = (None,) * 7
ROOM = (RIGHT - LEFT) // 7


def picture(*first: Day | None) -> Image.Image:
    row = (*first, *NOTHING)[:7]
    weeks = Weeks("A title", NAMES, (("1 Jan", row), *((f"{number} Feb", NOTHING) for number in range(WEEKS - 1))))
    return Image.open(io.BytesIO(draw(weeks)))


def test_every_colour_has_its_paint() -> None:
    assert set(COLOURS) == set(Colour)


def test_a_mark_stands_where_its_day_is_and_nothing_where_there_is_none() -> None:
    empty = picture()
    assert empty.size == SIZE
    changed = (
        ImageChops.difference(empty, picture(None, Day(colour="sea"))).convert("L").point(lambda level: level > 40)
    )
    changed.paste(0, (0, 0, LEFT, SIZE[1]))  # the week has a label now
    left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
    assert LEFT + ROOM <= left < right <= LEFT + 2 * ROOM
    assert bottom - top < 90


def test_a_week_without_an_entry_is_paper() -> None:
    bare = Image.open(io.BytesIO(draw(Weeks("A title", NAMES, (("", NOTHING),) * WEEKS))))
    assert ImageChops.difference(picture(), bare).getbbox() is None


def test_a_picture_is_the_same_each_time() -> None:
    first, second = picture(Day("tired")), picture(Day("tired"))
    assert ImageChops.difference(first, second).getbbox() is None


@given(st.text(st.characters(codec="latin-1", categories=["L", "P", "Zs"]), max_size=30))
def test_words_fit_under_their_mark(word: str) -> None:
    lines, size = lines_of(word, ROOM)
    assert len(lines) <= LINES
    assert all(width(line, size) <= ROOM for line in lines)


@pytest.mark.parametrize("word", ["\U0001f32b", "疲れた"])
def test_what_the_font_does_not_have_is_a_mark_without_a_word(word: str) -> None:
    assert lines_of(word, ROOM)[0] == ()
    picture(Day(word))


def test_no_word_is_broken_in_two() -> None:
    assert lines_of("so so", ROOM)[0] == ("so so",)
    assert lines_of("better than before", ROOM)[0] == ("better than", "before")
    assert lines_of("overwhelmingly, still", ROOM)[0][0].startswith("overwhelm")
    assert len(lines_of("overwhelmingly, still", ROOM)[0]) == 1
    long = lines_of("Donaudampfschifffahrtsgesell", ROOM)[0]
    assert len(long) == 1
    assert long[0].endswith("…")
