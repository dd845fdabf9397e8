"""How names of places are compared. Called by `zones` and by the tool that writes its table."""

import re

from bot.domain.folding import fold

# Letters that Unicode does not decompose, but that people type without their strokes.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_WORDS = {
    "and": "",
    "the": "",
    "saint": "st",
    "sankt": "st",
    "ft": "fort",
    "gral": "general",
    "sta": "santa",
    "sto": "santo",
    "sn": "san",
    "pto": "puerto",
    "pta": "punta",
    "cd": "ciudad",
    "cdad": "ciudad",
}
_MOUNT = re.compile(r"\bmt (?=\w)")  # "Mt Vernon"; at the end it is Montana
_SIGNS = str.maketrans(dict.fromkeys("'’`´ʻʼ‘.·", ""))


def plain(text: str) -> str:
    """Returns the text as the tables hold it: lower case, no accents, dots and small words, single spaces."""
    letters = fold(text).translate(_SIGNS).translate(_LETTERS)
    spaced = "".join(letter if letter.isalnum() else " " for letter in letters)
    words = [_WORDS.get(word, word) for word in _MOUNT.sub("mount ", spaced).split()]
    return " ".join(word for word in words if word)
