"""Encrypts what people write with SECRET_KEY before it reaches the database. Called by the use cases that keep it.

AES-256-GCM (NIST SP 800-38D) with a random nonce, and a key derived from SECRET_KEY (HKDF, RFC 5869). Authenticated
with each text, and so bound to it: the row of the chat it belongs to, and what it is. A ciphertext that was changed, or
put into another chat's row or another table, does not open. A private chat keeps its row for as long as it is known.

Visible without the key: to whom a text belongs and what it is, the row's own times, about how long it is (in blocks of
BLOCK bytes), and which of the keys it needs. That two texts of one chat and one kind were swapped is not noticed, nor
that an older one was put back.
"""

import base64
import binascii
import os
from enum import StrEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.padding import PKCS7

from bot.domain.ids import ChatId

VERSION = b"\x01"  # the first byte of a ciphertext; Fernet's (https://github.com/fernet/spec) is 0x80
KEY_ID_BYTES = 5  # with the version 6 bytes, which are MARK_LENGTH characters of base64
MARK_LENGTH = 8
FERNET_MARK = "gAAAA"  # what a safety plan of 0.4.0 or older begins with
NONCE_BYTES = 12
BLOCK = 128  # bytes: a text is filled up to a multiple of it, so that its length says little


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
        self._keys = [_Key(key.strip()) for key in keys.split(",")]
        # What every ciphertext of a key begins with, MARK_LENGTH characters; `mark` is that of the first.
        self.marks = tuple(key.mark for key in self._keys)
        self.mark = self.marks[0]

    def encrypt(self, text: str, owner: Owner) -> str:
        """Returns the ciphertext as URL-safe base64. Lone surrogates, which UTF-8 cannot hold, become "?"."""
        return self._keys[0].encrypt(text.encode(errors="replace"), owner)

    def decrypt(self, ciphertext: str, owner: Owner) -> str:
        """Returns the text. Raises DecryptionError, whose message holds nothing of the text."""
        for key in self._keys:
            found = key.decrypt(ciphertext, owner)
            if found is not None:
                return found.decode()
        raise DecryptionError("no key in SECRET_KEY decrypts the text")

    def is_outdated(self, ciphertext: str) -> bool:
        """Returns whether an older key, or an older version, made it; encrypt it again before that key is dropped."""
        return not ciphertext.startswith(self.mark)


class _Key:
    """One of the keys in SECRET_KEY: 32 bytes in URL-safe base64."""

    def __init__(self, key: str) -> None:
        secret = base64.urlsafe_b64decode(key)
        self._gcm = AESGCM(_derive(secret, b"gentle tears: encryption", 32))
        self._fernet = Fernet(key)
        self._header = VERSION + _derive(secret, b"gentle tears: key id", KEY_ID_BYTES)
        self.mark = base64.urlsafe_b64encode(self._header).decode()

    def encrypt(self, text: bytes, owner: Owner) -> str:
        padder = PKCS7(BLOCK * 8).padder()
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._gcm.encrypt(nonce, padder.update(text) + padder.finalize(), self._header + owner.as_bytes())
        return base64.urlsafe_b64encode(self._header + nonce + sealed).decode()

    def decrypt(self, ciphertext: str, owner: Owner) -> bytes | None:
        """Returns None for what this key did not encrypt for this owner."""
        try:
            if not ciphertext.startswith(self.mark):
                return self._decrypt_fernet(ciphertext, owner)
            raw = base64.b64decode(ciphertext.encode("ascii"), altchars=b"-_", validate=True)[len(self._header) :]
            padded = self._gcm.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._header + owner.as_bytes())
        except (InvalidTag, InvalidToken, binascii.Error, ValueError):
            return None
        unpadder = PKCS7(BLOCK * 8).unpadder()
        return unpadder.update(padded) + unpadder.finalize()

    def _decrypt_fernet(self, ciphertext: str, owner: Owner) -> bytes | None:
        """Opens a safety plan of 0.4.0 or older, which is bound to no row until it is encrypted again."""
        return self._fernet.decrypt(ciphertext.encode()) if owner.kind == EncryptedKind.SAFETY_PLAN else None


def _derive(secret: bytes, label: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=label).derive(secret)
