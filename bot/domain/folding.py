"""Folds case and accents, so that "Café" and "cafe" are equal. Called by all modules that read typed text."""

import unicodedata


def fold(text: str) -> str:
    """Returns the text in Unicode's NFKD form, casefolded, without combining marks; all other signs stay."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
