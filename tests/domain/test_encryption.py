"""Sealing: what went in comes out, with the right key and no other, and nothing tells what it was."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.encryption import Cipher, DecryptionError

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
SECRET = "Mara, 0123 456"


@given(st.text(max_size=1_000))
def test_what_was_sealed_opens_again(text: str) -> None:
    cipher = Cipher(NEW)
    assert cipher.decrypt(cipher.encrypt(text)) == text


def test_it_is_not_readable_and_never_the_same_twice() -> None:
    cipher = Cipher(NEW)
    first, second = cipher.encrypt(SECRET), cipher.encrypt(SECRET)
    assert first != second
    assert "Mara" not in first


def test_the_first_key_seals_and_all_of_them_open() -> None:
    both = Cipher(f"{NEW}, {OLD}")
    assert both.decrypt(Cipher(OLD).encrypt(SECRET)) == SECRET
    assert Cipher(NEW).decrypt(both.encrypt(SECRET)) == SECRET


def test_what_needs_an_older_key_is_told_from_what_does_not() -> None:
    both = Cipher(f"{NEW},{OLD}")
    assert both.is_outdated(Cipher(OLD).encrypt(SECRET))
    assert not both.is_outdated(both.encrypt(SECRET))


def changed(sealed: str) -> str:
    middle = len(sealed) // 2
    return f"{sealed[:middle]}{'A' if sealed[middle] != 'A' else 'B'}{sealed[middle + 1 :]}"


@pytest.mark.parametrize(
    "sealed",
    ["", "x", "ü", "gAAAA", Cipher(OTHER).encrypt(SECRET), changed(Cipher(NEW).encrypt(SECRET)), SECRET],
    ids=["empty", "no seal", "not ascii", "a beginning", "another key", "changed", "plain words"],
)
def test_what_no_key_opens_is_refused_without_a_word_of_it(sealed: str) -> None:
    with pytest.raises(DecryptionError) as error:
        Cipher(f"{NEW},{OLD}").decrypt(sealed)
    assert str(error.value) == "no key in SECRET_KEY decrypts the text"
    assert error.value.__cause__ is None


def test_half_a_character_is_sealed_as_a_question_mark() -> None:
    """JSON can carry one; neither the database nor Telegram takes it."""
    cipher = Cipher(NEW)
    assert cipher.decrypt(cipher.encrypt("a\ud83d")) == "a?"
