"""Notes as plain text to send on."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notes import LONGEST_NOTE, LONGEST_TEXT, MOST_NOTES, in_plain_text
from bot.domain.safety_plan import units

NOTES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=LONGEST_NOTE).filter(
    lambda text: units(text) <= LONGEST_NOTE
)


@given(st.lists(NOTES, max_size=MOST_NOTES))
def test_nothing_is_lost_or_cut_and_each_text_fits_into_a_message(notes: list[str]) -> None:
    texts = list(in_plain_text(notes))
    assert "\n\n".join(texts) == "\n\n".join(notes)
    assert all(units(text) <= LONGEST_TEXT for text in texts)


def test_a_few_short_notes_are_one_text() -> None:
    assert list(in_plain_text(["one", "two"])) == ["one\n\ntwo"]
