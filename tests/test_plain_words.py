"""Plain words open the support card; what only looks like them does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.load import Catalogue
from bot.plain_words import says_plainly

PLAIN = [
    "I want to die",
    "i just want to die.",
    "Honestly? I DON’T WANT TO LIVE anymore",
    "i dont want to be alive",
    "thinking about killing myself",
    "everyone would be better off without me",
    "I'm suicidal",
    "i keep hurting myself",
    "  I\nwant   to\tdie  ",
]
LOOK_ALIKE = [
    "this movie made me want to die laughing",
    "I want to die laughing at this",
    "the Suicide Squad film was fun",
    "I should cut myself some slack",
    "I could die for that cake",
    "my phone died",
    "I don't want to diet",
    "I cried today",
    "",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_are_heard(catalogue: Catalogue, text: str) -> None:
    assert says_plainly(text, catalogue.support.phrases, catalogue.support.look_alikes)


@pytest.mark.parametrize("text", LOOK_ALIKE)
def test_what_only_looks_like_them_is_not(catalogue: Catalogue, text: str) -> None:
    assert not says_plainly(text, catalogue.support.phrases, catalogue.support.look_alikes)


def test_a_look_alike_does_not_hide_the_plain_words_beside_it(catalogue: Catalogue) -> None:
    text = "I tell people I want to die laughing, but I want to die"
    assert says_plainly(text, catalogue.support.phrases, catalogue.support.look_alikes)


@given(st.text())
def test_no_text_is_too_strange(catalogue: Catalogue, text: str) -> None:
    assert says_plainly(text, catalogue.support.phrases, catalogue.support.look_alikes) in (True, False)
