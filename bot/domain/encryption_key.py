"""One of the keys in SECRET_KEY: AES-256-GCM, and Fernet for what older versions wrote. Called by `encryption`."""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.padding import PKCS7

VERSION = b"\x01"  # the first byte of a ciphertext; Fernet's (https://github.com/fernet/spec) is 0x80
KEY_ID_BYTES = 5  # with the version 6 bytes, which are 8 characters of base64
NONCE_BYTES = 12
BLOCK = 128  # bytes: a text is filled up to a multiple of it, so that its length says little


class Key:
    """32 bytes in URL-safe base64.

    `mark` is what every ciphertext of this key begins with; `bound_to` is authenticated with each.
    """

    def __init__(self, key: str) -> None:
        secret = base64.urlsafe_b64decode(key)
        self._gcm = AESGCM(_derive(secret, b"gentle tears: encryption", 32))
        self._fernet = Fernet(key)
        self._header = VERSION + _derive(secret, b"gentle tears: key id", KEY_ID_BYTES)
        self.mark = base64.urlsafe_b64encode(self._header).decode()

    def encrypt(self, text: bytes, bound_to: bytes) -> str:
        """Returns the ciphertext as URL-safe base64."""
        padder = PKCS7(BLOCK * 8).padder()
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._gcm.encrypt(nonce, padder.update(text) + padder.finalize(), self._header + bound_to)
        return base64.urlsafe_b64encode(self._header + nonce + sealed).decode()

    def decrypt(self, ciphertext: str, bound_to: bytes, *, takes_fernet: bool) -> bytes | None:
        """Returns None for what this key did not encrypt, or bound to something else.

        `takes_fernet`: it may be of 0.4.0 or older, which bound it to nothing.
        """
        try:
            if not ciphertext.startswith(self.mark):
                return self._fernet.decrypt(ciphertext.encode()) if takes_fernet else None
            raw = base64.b64decode(ciphertext.encode("ascii"), altchars=b"-_", validate=True)[len(self._header) :]
            padded = self._gcm.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._header + bound_to)
        except (InvalidTag, InvalidToken, binascii.Error, ValueError):
            return None
        unpadder = PKCS7(BLOCK * 8).unpadder()
        return unpadder.update(padded) + unpadder.finalize()


def _derive(secret: bytes, label: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=label).derive(secret)
