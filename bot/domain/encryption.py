"""Encryption with SECRET_KEY of what a person asks to be kept, before it reaches the database.

`safety_plans` uses it. Fernet (https://github.com/fernet/spec) is AES-128-CBC with HMAC-SHA256: what was changed since
cannot be decrypted either. The time of encryption and the approximate length of the text stay visible.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class DecryptionError(Exception):
    """None of the keys opens it: SECRET_KEY is another one now, or what was kept is damaged."""


class Cipher:
    """`keys` as in SECRET_KEY, with commas between them: the first one seals, all of them open."""

    def __init__(self, keys: str) -> None:
        fernets = [Fernet(key.strip()) for key in keys.split(",")]
        self._first = fernets[0]
        self._all = MultiFernet(fernets)

    def encrypt(self, text: str) -> str:
        return self._first.encrypt(text.encode(errors="replace")).decode()

    def decrypt(self, sealed: str) -> str:
        """Raises DecryptionError, which says nothing of what was sealed."""
        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise DecryptionError("none of the keys in SECRET_KEY opens what was kept") from None

    def is_outdated(self, sealed: str) -> bool:
        """Whether it needs an older key than the first, which is to be given up one day."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return True
        return False
