"""Words that only SECRET_KEY opens: what a person asks to be kept is sealed before it reaches the database.

Built by `app`, used by `plans`. Fernet (https://github.com/fernet/spec): AES-128-CBC with HMAC-SHA256, so that what was
changed does not open either. The time of sealing and about how long the words are stay visible.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealError(Exception):
    """None of the keys opens it: SECRET_KEY is another one now, or what was kept is damaged."""


class Sealer:
    """`keys` as in SECRET_KEY, with commas between them: the first one seals, all of them open."""

    def __init__(self, keys: str) -> None:
        fernets = [Fernet(key.strip()) for key in keys.split(",")]
        self._first = fernets[0]
        self._all = MultiFernet(fernets)

    def seal(self, text: str) -> str:
        return self._first.encrypt(text.encode(errors="replace")).decode()

    def open(self, sealed: str) -> str:
        """Raises SealError, which says nothing of what was sealed."""
        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealError("none of the keys in SECRET_KEY opens what was kept") from None

    def is_outdated(self, sealed: str) -> bool:
        """Whether it needs an older key than the first, which is to be given up one day."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return True
        return False
