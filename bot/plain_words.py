"""Whether a typed message says plainly that someone may be in danger: pure. Called by `handlers.conversation`.

It finds plain words only, and misses indirect ones: nothing anywhere claims that messages are watched over.
"""

import re
import unicodedata
from collections.abc import Sequence

WORD, APOSTROPHES = re.compile(r"[^\W_]+"), re.compile("['’ʼ`´]")
LONGEST = 1_000  # characters that are looked at


def says_plainly(text: str, phrases: Sequence[str], look_alikes: Sequence[str]) -> bool:
    """Whether one of the phrases stands in the text as whole words, once what only looks like one is taken out."""
    words = _plain(text)
    for each in look_alikes:
        words = words.replace(f" {_plain(each).strip()} ", " ")
    return any(f" {_plain(each).strip()} " in words for each in phrases)


def _plain(text: str) -> str:
    """Small letters and single spaces, without apostrophes: "I don't" and "i dont" are the same."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    words = WORD.findall(APOSTROPHES.sub("", folded))
    return f" {' '.join(words)} "
