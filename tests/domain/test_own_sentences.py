"""How often own sentences come, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards import PORTRAIT, SQUARE, Card
from bot.domain.cards.drawing import can_hold
from bot.domain.own_sentences import LONGEST_SENTENCE, Mixture, Share, read_ref, ref_of
from bot.domain.rotation import Choice

IDS = st.lists(st.integers(1, 10**6), min_size=1, max_size=12, unique=True).map(tuple)


@pytest.mark.parametrize(("share", "every"), [(Share.ONLY, 1), (Share.HALF, 2), (Share.SOMETIMES, 5)])
def test_every_so_many_messages_is_an_own_one(share: Share, every: int) -> None:
    mixture = Mixture(share, (7, 9))
    own = [mixture.take_own(3) is not None for _ in range(20)]
    assert own == [number % every == 0 for number in range(1, 21)]


def test_none_comes_where_they_are_off_or_none_is_there() -> None:
    assert Mixture(Share.OFF, (7,)).take_own(3) is None
    assert Mixture(Share.ONLY).take_own(3) is None


@given(IDS, st.integers(0, 2**31))
def test_each_comes_once_before_one_comes_again(ids: tuple[int, ...], seed: int) -> None:
    mixture = Mixture(Share.ONLY, ids)
    first, second = ([mixture.take_own(seed) for _ in ids] for _ in range(2))
    assert set(first) == set(second) == {ref_of(sentence) for sentence in ids}
    assert len(ids) == 1 or first[-1] != second[0]


def test_only_what_was_kept_is_left_of_a_choice() -> None:
    choice = Choice(("a", "b", "c"))
    assert Mixture(Share.OFF, kept=frozenset({"b", "gone"})).narrowed(choice).wanted == ("b",)
    assert Mixture(Share.OFF).narrowed(choice).wanted == ("a", "b", "c")


@given(st.integers(0, 10**12))
def test_a_ref_is_read_back(sentence_id: int) -> None:
    assert read_ref(ref_of(sentence_id)) == sentence_id


@pytest.mark.parametrize("other", [None, "", "own:", "own:x", "own:-1", "tears-are-human", "own"])
def test_what_is_no_ref(other: str | None) -> None:
    assert read_ref(other) is None


@pytest.mark.parametrize("text", ["WM " * (LONGEST_SENTENCE // 3), "a " * (LONGEST_SENTENCE // 2)])
@pytest.mark.parametrize("key", ["own-1", "own-2", "own-3"])
def test_the_longest_sentence_fits_onto_a_card(text: str, key: str) -> None:
    assert can_hold(Card(key, text, "", SQUARE))
    assert can_hold(Card(key, text, "", PORTRAIT))


@pytest.mark.parametrize("text", ["\N{BUBBLES}", "漢字", "W" * 1_000])
def test_what_cannot_be_drawn_is_known_before(text: str) -> None:
    assert not can_hold(Card("own-1", text, "", SQUARE))
