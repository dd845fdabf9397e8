"""Folds case, accents and quotes, so that "Café" and "cafe" are equal, and "I'm" with any apostrophe.

Called by all modules that read typed text.
"""

import unicodedata

# What phones and keyboards make of an apostrophe and of quotes. Unicode's forms leave most of them as they are, and
# take an accent that stands alone for one over a space.
QUOTES = str.maketrans(dict.fromkeys("’‘‛ʼʻ´`′＇", "'") | dict.fromkeys("“”„‟«»″＂", '"'))


def fold(text: str) -> str:
    """Returns the text in Unicode's NFKD form, casefolded, without combining marks, with plain quotes."""
    if text.isascii():  # most texts: nothing in them can be taken apart
        return text.lower().replace("`", "'")
    letters = unicodedata.normalize("NFKD", text.translate(QUOTES)).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
