"""Whether a typed message says plainly that someone may be in danger: pure. Called by `handlers.conversation`.

It finds plain words only, and misses indirect ones: nothing anywhere claims that messages are watched over. How much it
finds is measured in docs/safety.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

WORD, APOSTROPHES = re.compile(r"[^\W_]+"), re.compile("['’ʼ`´]")
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # "dieeee"
LONGEST = 4_096  # characters that are looked at, as many as a message holds


class CrisisPhrases:
    """Phrases to find in a text as whole words, and what only looks like one of them.

    `spellings` are other ways to write a word; `fillers` are words that change nothing and are passed over.
    """

    def __init__(
        self,
        phrases: Iterable[str],
        look_alikes: Iterable[str],
        *,
        spellings: Mapping[str, str] | None = None,
        fillers: Iterable[str] = (),
    ) -> None:
        self._spellings: dict[str, str] = {}
        self._fillers: frozenset[str] = frozenset()
        spelled = {self._plain(word).strip(): self._plain(meant).strip() for word, meant in (spellings or {}).items()}
        passed_over = frozenset(self._plain(word).strip() for word in fillers)
        self._spellings, self._fillers = spelled, passed_over
        self._phrases = [self._plain(each) for each in phrases]
        self._look_alikes = [self._plain(each) for each in look_alikes]
        # A longer phrase goes before the look-alike in it: "... to live in" is none in "... to live in this world".
        self._longer = [each for each in self._phrases if any(part in each for part in self._look_alikes)]

    def match(self, text: str) -> bool:
        words = self._plain(text)
        if any(each in words for each in self._longer):
            return True
        for each in self._look_alikes:
            words = words.replace(each, " ; ")
        return any(each in words for each in self._phrases)

    def _plain(self, text: str) -> str:
        """Small letters and single spaces, without apostrophes and accents: "I don't" and "i dont" are the same."""
        letters = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
        folded = "".join(letter for letter in letters if not unicodedata.combining(letter))
        drawn_in = DRAWN_OUT.sub(r"\1", APOSTROPHES.sub("", folded))
        found = " ".join(self._spellings.get(word, word) for word in WORD.findall(drawn_in)).split()
        return f" {' '.join(word for word in found if word not in self._fillers)} "
