"""Folds case and accents, so that "Café" and "cafe" are equal. Called by all modules that read typed text."""

import unicodedata


def fold(text: str) -> str:
    """Returns the text in Unicode's NFKD form, casefolded, without combining marks; all other signs stay."""
    if text.isascii():  # most texts: nothing in them can be taken apart
        return text.lower()
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
