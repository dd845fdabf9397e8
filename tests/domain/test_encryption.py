"""Encryption: only the right key opens a text, only for the row it was written for, and nothing reveals it."""

import base64
import itertools

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.encryption import MARK_LENGTH, Cipher, DecryptionError, EncryptedKind, Owner
from bot.domain.encryption_key import BLOCK
from bot.domain.ids import ChatId

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
SECRET = "Mara, 0123 456"
MINE = Owner(EncryptedKind.SAFETY_PLAN, ChatId(1))
NOTE = Owner(EncryptedKind.NOTE, ChatId(1))
OWNERS = [Owner(kind, ChatId(chat_id)) for kind, chat_id in itertools.product(EncryptedKind, (1, 2, 11, 12))]


def of_0_4_0(key: str, text: str = SECRET) -> str:
    """As versions up to 0.4.0 encrypted a safety plan: bound to nothing."""
    return Fernet(key).encrypt(text.encode()).decode()


@given(st.text(max_size=1_000), st.sampled_from(OWNERS))
def test_what_was_encrypted_is_decrypted_again(text: str, owner: Owner) -> None:
    cipher = Cipher(NEW)
    assert cipher.decrypt(cipher.encrypt(text, owner), owner) == text


def test_it_opens_for_no_other_chat_and_no_other_kind() -> None:
    cipher = Cipher(f"{NEW},{OLD}")
    for key, owner in itertools.product((NEW, OLD), OWNERS):
        encrypted = Cipher(key).encrypt(SECRET, owner)
        assert cipher.decrypt(encrypted, owner) == SECRET
        for other in OWNERS:
            if other != owner:
                with pytest.raises(DecryptionError):
                    cipher.decrypt(encrypted, other)


def test_it_is_not_readable_and_never_the_same_twice() -> None:
    cipher = Cipher(NEW)
    first, second = cipher.encrypt(SECRET, MINE), cipher.encrypt(SECRET, MINE)
    assert first != second
    assert b"Mara" not in first.encode() + base64.urlsafe_b64decode(first)


def test_short_texts_are_all_of_one_length() -> None:
    cipher = Cipher(NEW)
    assert len({len(cipher.encrypt("x" * length, NOTE)) for length in range(BLOCK)}) == 1
    assert len(cipher.encrypt("x" * BLOCK, NOTE)) > len(cipher.encrypt("x", NOTE))


def test_the_first_key_encrypts_and_all_of_them_decrypt() -> None:
    both = Cipher(f"{NEW}, {OLD}")
    assert both.decrypt(Cipher(OLD).encrypt(SECRET, NOTE), NOTE) == SECRET
    assert Cipher(NEW).decrypt(both.encrypt(SECRET, NOTE), NOTE) == SECRET


def test_what_only_an_older_key_decrypts_is_outdated() -> None:
    both = Cipher(f"{NEW},{OLD}")
    assert both.is_outdated(Cipher(OLD).encrypt(SECRET, NOTE))
    assert not both.is_outdated(both.encrypt(SECRET, NOTE))


def test_a_ciphertext_names_its_key_and_a_key_id_is_no_part_of_the_key() -> None:
    cipher = Cipher(NEW)
    assert len(cipher.mark) == MARK_LENGTH
    assert cipher.encrypt(SECRET, NOTE).startswith(cipher.mark)
    assert not Cipher(OLD).encrypt(SECRET, NOTE).startswith(cipher.mark)
    assert base64.urlsafe_b64decode(cipher.mark)[1:] not in base64.urlsafe_b64decode(NEW)


@pytest.mark.parametrize("key", [NEW, OLD], ids=["the first key", "an older key"])
def test_a_safety_plan_of_0_4_0_opens_and_is_outdated(key: str) -> None:
    both = Cipher(f"{NEW},{OLD}")
    assert both.decrypt(of_0_4_0(key), MINE) == SECRET
    assert both.is_outdated(of_0_4_0(key))


def test_nothing_else_opens_what_is_bound_to_nothing() -> None:
    for kind in set(EncryptedKind) - {EncryptedKind.SAFETY_PLAN}:
        with pytest.raises(DecryptionError):
            Cipher(NEW).decrypt(of_0_4_0(NEW), Owner(kind, ChatId(1)))


def changed(ciphertext: str) -> str:
    middle = len(ciphertext) // 2
    return f"{ciphertext[:middle]}{'A' if ciphertext[middle] != 'A' else 'B'}{ciphertext[middle + 1 :]}"


@pytest.mark.parametrize(
    "ciphertext",
    [
        "",
        "x",
        "ü",
        "gAAAA",
        Cipher(NEW).mark,
        f"{Cipher(NEW).mark}ü",
        f"{Cipher(NEW).mark}AAAA",
        Cipher(OTHER).encrypt(SECRET, MINE),
        changed(Cipher(NEW).encrypt(SECRET, MINE)),
        Cipher(NEW).encrypt(SECRET, MINE)[:-4],
        changed(of_0_4_0(NEW)),
        SECRET,
    ],
    ids=[
        "empty",
        "too short",
        "not ascii",
        "a beginning of 0.4.0",
        "a beginning",
        "not ascii after it",
        "no nonce",
        "another key",
        "changed",
        "cut",
        "changed, of 0.4.0",
        "plain words",
    ],
)
def test_what_no_key_decrypts_is_refused_and_the_error_holds_none_of_it(ciphertext: str) -> None:
    with pytest.raises(DecryptionError) as error:
        Cipher(f"{NEW},{OLD}").decrypt(ciphertext, MINE)
    assert str(error.value) == "no key in SECRET_KEY decrypts the text"
    assert error.value.__cause__ is None


@given(st.data())
def test_one_changed_bit_anywhere_does_not_open(data: st.DataObject) -> None:
    cipher = Cipher(NEW)
    raw = bytearray(base64.urlsafe_b64decode(cipher.encrypt(SECRET, NOTE)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DecryptionError):
        cipher.decrypt(base64.urlsafe_b64encode(raw).decode(), NOTE)


def test_a_lone_surrogate_is_encrypted_as_a_question_mark() -> None:
    """JSON can carry one; neither the database nor Telegram takes it."""
    cipher = Cipher(NEW)
    assert cipher.decrypt(cipher.encrypt("a\ud83d", NOTE), NOTE) == "a?"
