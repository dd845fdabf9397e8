"""Encryption: only the right key decrypts a text, and nothing reveals it."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.encryption import Cipher, DecryptionError

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
SECRET = "Mara, 0123 456"


@given(st.text(max_size=1_000))
def test_what_was_encrypted_is_decrypted_again(text: str) -> None:
    cipher = Cipher(NEW)
    assert cipher.decrypt(cipher.encrypt(text)) == text


def test_it_is_not_readable_and_never_the_same_twice() -> None:
    cipher = Cipher(NEW)
    first, second = cipher.encrypt(SECRET), cipher.encrypt(SECRET)
    assert first != second
    assert "Mara" not in first


def test_the_first_key_encrypts_and_all_of_them_decrypt() -> None:
    both = Cipher(f"{NEW}, {OLD}")
    assert both.decrypt(Cipher(OLD).encrypt(SECRET)) == SECRET
    assert Cipher(NEW).decrypt(both.encrypt(SECRET)) == SECRET


def test_what_only_an_older_key_decrypts_is_outdated() -> None:
    both = Cipher(f"{NEW},{OLD}")
    assert both.is_outdated(Cipher(OLD).encrypt(SECRET))
    assert not both.is_outdated(both.encrypt(SECRET))


def changed(ciphertext: str) -> str:
    middle = len(ciphertext) // 2
    return f"{ciphertext[:middle]}{'A' if ciphertext[middle] != 'A' else 'B'}{ciphertext[middle + 1 :]}"


@pytest.mark.parametrize(
    "ciphertext",
    ["", "x", "ü", "gAAAA", Cipher(OTHER).encrypt(SECRET), changed(Cipher(NEW).encrypt(SECRET)), SECRET],
    ids=["empty", "too short", "not ascii", "a beginning", "another key", "changed", "plain words"],
)
def test_what_no_key_decrypts_is_refused_and_the_error_holds_none_of_it(ciphertext: str) -> None:
    with pytest.raises(DecryptionError) as error:
        Cipher(f"{NEW},{OLD}").decrypt(ciphertext)
    assert str(error.value) == "no key in SECRET_KEY decrypts the text"
    assert error.value.__cause__ is None


def test_a_lone_surrogate_is_encrypted_as_a_question_mark() -> None:
    """JSON can carry one; neither the database nor Telegram takes it."""
    cipher = Cipher(NEW)
    assert cipher.decrypt(cipher.encrypt("a\ud83d")) == "a?"
