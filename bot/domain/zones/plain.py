"""How names of places are compared. Called by `zones` and by the tool that writes its table."""

import re

from bot.domain.folding import fold

# Letters that Unicode does not decompose, but that people type without their strokes.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_SMALL = frozenset({"and", "the"})
_WORDS = {
    "saint": "st",
    "sainte": "ste",
    "sankt": "st",
    "ft": "fort",
    "gral": "general",
    "sta": "santa",
    "sto": "santo",
    "sgo": "santiago",
    "stgo": "santiago",
    "sn": "san",
    "pto": "puerto",
    "pta": "punta",
    "cd": "ciudad",
    "cdad": "ciudad",
}
# "Mt Vernon", "Pt Augusta"; at the end it is Montana, and beside "time" a clock.
_CUT_SHORT = re.compile(r"\b(?:mt|pt) (?=\w)(?!time|standard|daylight|zone)")
_IN_FULL = {"mt ": "mount ", "pt ": "port "}
_SIGNS = str.maketrans(dict.fromkeys("'.·", ""))


def plain(text: str) -> str:
    """Returns the text as the tables hold it: lower case, no accents, dots and small words, single spaces."""
    letters = fold(text).translate(_SIGNS).translate(_LETTERS)
    spaced = "".join(letter if letter.isalnum() else " " for letter in letters)
    words = [word for word in _CUT_SHORT.sub(lambda short: _IN_FULL[short[0]], spaced).split() if word not in _SMALL]
    if len(words) > 1:  # alone, "PTA" is Pretoria
        words = [_WORDS.get(word, word) for word in words]
    return " ".join(words)
