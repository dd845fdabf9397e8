"""Inline keyboards: what was made of rows can be read back."""

from bot.delivery.keyboards import keyboard, rows_of
from bot.screens.outgoing import Button


def test_rows_come_back_from_the_keyboard_that_they_made() -> None:
    rows = (
        (Button("Keep", "k:keep:one"), Button("Another", "affirm")),
        (Button("About the practice", url="https://example.org"), Button("Copy", copy="Your tears are human.")),
    )
    assert rows_of(keyboard(rows)) == rows


def test_without_a_keyboard_there_are_no_rows() -> None:
    assert rows_of(None) == ()
