"""A slip is what OSA, the distance with changed places, counts as one."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.domain.slips import is_slip

WORDS = st.text("abc", max_size=9)


@given(WORDS, WORDS)
def test_a_slip_is_a_distance_of_one(typed: str, meant: str) -> None:
    assert is_slip(typed, meant) == (OSA.distance(typed, meant) == 1)


@given(st.text("abcd", min_size=1, max_size=16), st.data())
def test_every_slip_in_a_word_is_found(meant: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(meant) - 1))
    before, after = meant[:place], meant[place:]
    slips = (
        f"{before}e{after}",
        f"{before}e{after[1:]}",
        f"{before}{after[1:]}",
        f"{before}{after[1:2]}{after[:1]}{after[2:]}",
    )
    for typed in slips:
        assert is_slip(typed, meant) == is_slip(meant, typed) == (typed != meant)
