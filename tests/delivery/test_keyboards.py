"""Inline keyboards: what was made of rows can be read back."""

from bot.delivery.keyboards import keyboard, plain_keyboard, rows_of
from bot.screens.outgoing import Button

ROWS = (
    (Button("Keep", "k:keep:one"), Button("Another", "affirm")),
    (Button("About the practice", url="https://example.org"), Button("Copy", copy="Your tears are human.")),
)


def test_rows_come_back_from_the_keyboard_that_they_made() -> None:
    assert rows_of(keyboard(ROWS)) == ROWS


def test_the_plain_keyboard_is_what_ptb_makes_of_it() -> None:
    made = keyboard(ROWS)
    assert made
    assert plain_keyboard(ROWS) == made.to_dict()
    assert plain_keyboard(()) == {}


def test_without_a_keyboard_there_are_no_rows() -> None:
    assert rows_of(None) == ()
