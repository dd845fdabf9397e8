"""Sealing: what went in comes out, with the right key and no other, and nothing tells what it was."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.encryption import Sealer, SealError

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
SECRET = "Mara, 0123 456"


@given(st.text(max_size=1_000))
def test_what_was_sealed_opens_again(text: str) -> None:
    sealer = Sealer(NEW)
    assert sealer.open(sealer.seal(text)) == text


def test_it_is_not_readable_and_never_the_same_twice() -> None:
    sealer = Sealer(NEW)
    first, second = sealer.seal(SECRET), sealer.seal(SECRET)
    assert first != second
    assert "Mara" not in first


def test_the_first_key_seals_and_all_of_them_open() -> None:
    both = Sealer(f"{NEW}, {OLD}")
    assert both.open(Sealer(OLD).seal(SECRET)) == SECRET
    assert Sealer(NEW).open(both.seal(SECRET)) == SECRET


def test_what_needs_an_older_key_is_told_from_what_does_not() -> None:
    both = Sealer(f"{NEW},{OLD}")
    assert both.is_outdated(Sealer(OLD).seal(SECRET))
    assert not both.is_outdated(both.seal(SECRET))


def changed(sealed: str) -> str:
    middle = len(sealed) // 2
    return f"{sealed[:middle]}{'A' if sealed[middle] != 'A' else 'B'}{sealed[middle + 1 :]}"


@pytest.mark.parametrize(
    "sealed",
    ["", "x", "ü", "gAAAA", Sealer(OTHER).seal(SECRET), changed(Sealer(NEW).seal(SECRET)), SECRET],
    ids=["empty", "no seal", "not ascii", "a beginning", "another key", "changed", "plain words"],
)
def test_what_no_key_opens_is_refused_without_a_word_of_it(sealed: str) -> None:
    with pytest.raises(SealError) as error:
        Sealer(f"{NEW},{OLD}").open(sealed)
    assert str(error.value) == "none of the keys in SECRET_KEY opens what was kept"
    assert error.value.__cause__ is None


def test_half_a_character_is_sealed_as_a_question_mark() -> None:
    """JSON can carry one; neither the database nor Telegram takes it."""
    sealer = Sealer(NEW)
    assert sealer.open(sealer.seal("a\ud83d")) == "a?"
