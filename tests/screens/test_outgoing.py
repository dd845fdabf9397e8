"""Messages as plain values: bold words, and a paragraph put before them."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.formatting import entities, plain_entities
from bot.domain.cards import Weeks
from bot.screens.outgoing import BOLD_FROM, BOLD_TO, Button, OutgoingMessage, ReplyButton, bold, marked


def test_marked_words_are_bold_and_the_marks_are_gone() -> None:
    message = marked(f"call {bold('988')}, text {bold('741741')}")
    assert message == OutgoingMessage("call 988, text 741741", bold=((5, 8), (15, 21)))


def test_a_paragraph_before_it_moves_the_bold_words() -> None:
    message = marked(f"call {bold('988')}").with_heading("Tuesday circle")
    assert [message.text[start:end] for start, end in message.bold] == ["988"]


def test_other_buttons_leave_all_else_as_it_is() -> None:
    rows = ((Button("More", "l:o"),),)
    text = OutgoingMessage(
        "a", (), "b.png", Weeks("", (), ()), "c", ((ReplyButton("d"),),), True, ((0, 1),), ((1, 2),), 3
    )
    assert all(getattr(text, field.name) != field.default for field in fields(text) if field.name != "rows")
    assert text.with_rows(rows) == replace(text, rows=rows)


def test_telegram_counts_in_utf_16_units() -> None:
    message = marked(f"\N{BUBBLES} {bold('988')}")
    (entity,) = entities(message) or []
    assert (entity.type, entity.offset, entity.length) == ("bold", 3, 3)
    assert plain_entities(message) == {"entities": [{"type": "bold", "offset": 3, "length": 3}]}


def test_a_spoiler_moves_and_is_counted_as_bold_words_are() -> None:
    message = OutgoingMessage("\N{BUBBLES} hidden", spoilers=((2, 8),)).with_heading("a")
    (entity,) = entities(message) or []
    assert (entity.type, entity.offset, entity.length) == ("spoiler", 6, 6)


def test_a_message_without_bold_words_has_no_entities() -> None:
    assert entities(OutgoingMessage("a")) is None
    assert plain_entities(OutgoingMessage("a")) == {}


@given(st.text(st.sampled_from(f"ab {BOLD_FROM}{BOLD_TO}")))
def test_no_mark_is_ever_sent(text: str) -> None:
    message = marked(text)
    assert BOLD_FROM not in message.text
    assert BOLD_TO not in message.text
    assert all(0 <= start < end <= len(message.text) for start, end in message.bold)
