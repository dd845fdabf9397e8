"""Recognizes crisis phrases in a typed message. Pure. Called by `content.support`.

It finds direct phrases and misses indirect ones, so no text of the bot may claim that messages are monitored.
docs/safety.md says how many it finds.
"""

import re
from collections.abc import Iterable, Mapping

from bot.domain.folding import fold

WORD, APOSTROPHES = re.compile(r"[^\W_]+"), re.compile("['’ʼ`´]")
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # "dieeee"
MAX_MESSAGE_CHARACTERS = 4_096  # Telegram's limit for a message; the rest of a longer text is ignored


class CrisisPhrases:
    """Finds phrases in a text as whole words, except within a look-alike ("die laughing").

    `spellings` maps other spellings of a word to the one used in the phrases; `fillers` are words that are ignored.
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
        self._phrases = [self._plain(phrase) for phrase in phrases]
        self._look_alikes = [self._plain(look_alike) for look_alike in look_alikes]
        # A phrase that contains a look-alike is searched first: "... to live in this world" contains "... to live in".
        self._longer_phrases = [
            phrase for phrase in self._phrases if any(look_alike in phrase for look_alike in self._look_alikes)
        ]

    def match(self, text: str) -> bool:
        """Returns whether the text contains a crisis phrase."""
        words = self._plain(text)
        if any(phrase in words for phrase in self._longer_phrases):
            return True
        for look_alike in self._look_alikes:
            words = words.replace(look_alike, " ; ")
        return any(phrase in words for phrase in self._phrases)

    def _plain(self, text: str) -> str:
        """Lower case, single spaces, no apostrophes and accents: "I don't" and "i dont" are the same."""
        drawn_in = DRAWN_OUT.sub(r"\1", APOSTROPHES.sub("", fold(text[:MAX_MESSAGE_CHARACTERS])))
        found = " ".join(self._spellings.get(word, word) for word in WORD.findall(drawn_in)).split()
        return f" {' '.join(word for word in found if word not in self._fillers)} "
