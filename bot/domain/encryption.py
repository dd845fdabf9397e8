"""Encrypts what people write with SECRET_KEY before it reaches the database. Called by the use cases that keep it.

AES-256-GCM (NIST SP 800-38D) with a random nonce, and a key derived from SECRET_KEY (HKDF, RFC 5869). Authenticated
with each text, and so bound to it: the row of the chat it belongs to, and what it is. A ciphertext that was changed, or
put into another chat's row or another table, does not open. A private chat keeps its row for as long as it is known.

Visible without the key: to whom a text belongs and what it is, the row's own times, about how long it is (in blocks
of 128 bytes), and which of the keys it needs. That two texts of one chat and one kind were swapped is not noticed, nor
that an older one was put back.
"""

from enum import StrEnum
from typing import NamedTuple

from bot.domain.ids import ChatId

MARK_LENGTH = 8  # characters that every ciphertext of a key begins with
FERNET_MARK = "gAAAA"  # what a safety plan of 0.4.0 or older begins with


class DecryptionError(Exception):
    """No key decrypts the text: SECRET_KEY was replaced, or the ciphertext is damaged or not from this row."""


class EncryptedKind(StrEnum):
    """What is encrypted. The values are bound to what is stored: never change one, or use it for something else."""

    SAFETY_PLAN = "plan"
    NOTE = "note"
    OWN_SENTENCE = "sentence"
    REMINDER_TEXT = "reminder"
    LOOK_ENTRY = "look"


class Owner(NamedTuple):
    """What a ciphertext is bound to."""

    kind: EncryptedKind
    chat_id: ChatId

    def as_bytes(self) -> bytes:
        """Returns the authenticated data; no two owners have the same."""
        return f"{self.kind}:{self.chat_id}".encode()


class Cipher:
    """Takes `keys` as SECRET_KEY holds them, separated by commas: the first encrypts, all of them decrypt."""

    def __init__(self, keys: str) -> None:
        from bot.domain.encryption_key import Key  # noqa: PLC0415 - 7 MB, for who has a key

        self._keys = [Key(key.strip()) for key in keys.split(",")]
        # What every ciphertext of a key begins with, MARK_LENGTH characters; `mark` is that of the first.
        self.marks = tuple(key.mark for key in self._keys)
        self.mark = self.marks[0]

    def encrypt(self, text: str, owner: Owner) -> str:
        """Returns the ciphertext as URL-safe base64. Lone surrogates, which UTF-8 cannot hold, become "?"."""
        return self._keys[0].encrypt(text.encode(errors="replace"), owner.as_bytes())

    def decrypt(self, ciphertext: str, owner: Owner) -> str:
        """Returns the text. Raises DecryptionError, whose message holds nothing of the text."""
        for key in self._keys:
            found = key.decrypt(ciphertext, owner.as_bytes(), takes_fernet=owner.kind is EncryptedKind.SAFETY_PLAN)
            if found is not None:
                return found.decode()
        raise DecryptionError("no key in SECRET_KEY decrypts the text")

    def is_outdated(self, ciphertext: str) -> bool:
        """Returns whether an older key, or an older version, made it; encrypt it again before that key is dropped."""
        return not ciphertext.startswith(self.mark)
