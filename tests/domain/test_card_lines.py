"""The lines of cards: they end where the sense does, nothing is lost, and each fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards.typesetting import SIZES, Block, break_lines, set_as_verse, set_large, width

BOX = (860, 770)
TEXTS = st.lists(
    st.text(st.sampled_from("aeimnorstWM\u00f1\u00e9.,;:!?\u2014\u201d"), min_size=1, max_size=24), max_size=36
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "Sitting in silence counts. So does talking. So does crying.",
            ("Sitting in silence counts.", "So does talking.", "So does crying."),
        ),
        (
            "People can laugh with wet cheeks. No one has to choose.",
            ("People can laugh", "with wet cheeks.", "No one has to choose."),
        ),
        (
            "You can sit in a circle, say nothing, and still be part of it.",
            ("You can sit in a circle,", "say nothing,", "and still be part of it."),
        ),
        ("Your tears are human.", ("Your tears", "are human.")),
        (
            "Puedes sentarte en un círculo, no decir nada y aun así ser parte.",
            ("Puedes sentarte", "en un círculo,", "no decir nada", "y aun así ser parte."),
        ),
        (
            "Shoulders notice a lot. They can drop a little when they are noticed.",
            ("Shoulders notice a lot.", "They can drop a little", "when they are noticed."),
        ),
    ],
)
def test_lines_end_where_the_sense_does(text: str, lines: tuple[str, ...]) -> None:
    assert set_as_verse(text, BOX).lines == lines


@given(TEXTS)
def test_no_text_is_lost_and_every_line_fits(text: str) -> None:
    for block in (set_as_verse(text, BOX), set_large(text, BOX)):
        assert "".join("".join(block.lines).split()) == "".join(text.split())
        assert block.width <= BOX[0]


@given(TEXTS, st.sampled_from(SIZES), st.integers(300, 900))
def test_lines_fit_any_width(text: str, size: int, room: int) -> None:
    lines = break_lines(text, size, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, size) <= room for line in lines)


@given(TEXTS)
def test_the_same_text_is_always_set_in_the_same_way(text: str) -> None:
    assert set_as_verse(text, BOX) == set_as_verse(text, BOX)


def test_between_sentences_of_several_lines_there_is_some_space() -> None:
    block = Block(("One line", "and another.", "A last one."), 50, (1,))
    assert block.tops == [0, 65, 157]
    assert block.height == 222
