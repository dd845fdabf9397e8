"""Encrypts safety plans with SECRET_KEY before they reach the database. Called by `usecases.safety_plans`.

Fernet (https://github.com/fernet/spec) is AES-128-CBC with HMAC-SHA256: a changed ciphertext cannot be decrypted. The
time of encryption and the approximate length of the text stay visible.
"""


class DecryptionError(Exception):
    """No key decrypts the text: SECRET_KEY was replaced, or the ciphertext is damaged."""


class Cipher:
    """Takes `keys` as SECRET_KEY holds them, separated by commas: the first encrypts, all of them decrypt."""

    def __init__(self, keys: str) -> None:
        from cryptography.fernet import Fernet, InvalidToken, MultiFernet  # noqa: PLC0415 - 7 MB, for who has a key

        self._invalid = InvalidToken
        fernets = [Fernet(key.strip()) for key in keys.split(",")]
        self._first = fernets[0]
        self._all = MultiFernet(fernets)

    def encrypt(self, text: str) -> str:
        """Returns the ciphertext as URL-safe base64. Lone surrogates, which UTF-8 cannot hold, become "?"."""
        return self._first.encrypt(text.encode(errors="replace")).decode()

    def decrypt(self, ciphertext: str) -> str:
        """Returns the text. Raises DecryptionError, whose message holds nothing of the text."""
        try:
            return self._all.decrypt(ciphertext.encode()).decode()
        except self._invalid:
            raise DecryptionError("no key in SECRET_KEY decrypts the text") from None

    def is_outdated(self, ciphertext: str) -> bool:
        """Returns whether the first key cannot decrypt it; encrypt it again before older keys are dropped."""
        try:
            self._first.decrypt(ciphertext.encode())
        except self._invalid:
            return True
        return False
