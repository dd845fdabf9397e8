"""Affirmations by what someone types: words and themes, forgiving of typos. Pure. Called by `handlers.inline`."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from rapidfuzz import fuzz, process

LONGEST = 100  # characters that are looked at
ALIKE = 78  # of 100: "sory" is sorry, "tree" is not tears
BEGINS, SOUNDS = 0.9, 0.7  # how much a beginning, and a likeness, count beside the word itself
COMMON = 2  # letters; shorter words say nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found: under `key`, by the words of its text and, for less, of its themes."""

    key: str
    text: str
    themes: str


class Index:
    """Built once for all entries; `find` takes about a millisecond for a few hundred."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._keys: list[str] = []
        self._places: dict[str, dict[int, float]] = {}
        for number, each in enumerate(entries):
            self._keys.append(each.key)
            for text, weight in ((each.themes, 0.6), (each.text, 1.0)):
                for word in _words(text):
                    self._places.setdefault(word, {})[number] = weight
        self._vocabulary = list(self._places)

    def find(self, query: str, *, limit: int = 50) -> Sequence[str]:
        """Keys, the best first. Every word that is typed counts; rare ones count for more."""
        scores: dict[int, float] = {}
        for typed in _words(query[:LONGEST]):
            best: dict[int, float] = {}
            for word, likeness in self._likely(typed):
                rarity = log(1 + len(self._keys) / len(self._places[word]))
                for number, weight in self._places[word].items():
                    best[number] = max(best.get(number, 0.0), likeness * weight * rarity)
            for number, score in best.items():
                scores[number] = scores.get(number, 0.0) + score
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        return [self._keys[number] for number in ranked[:limit]]

    def _likely(self, typed: str) -> Iterable[tuple[str, float]]:
        """Words that may be meant, from 0 to 1. A word that begins so is likely: people stop typing early."""
        if typed in self._places:
            yield typed, 1.0
        yield from ((word, BEGINS) for word in self._vocabulary if word.startswith(typed) and word != typed)
        if len(typed) > COMMON + 1:
            alike = process.extract(typed, self._vocabulary, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=8)
            yield from ((word, SOUNDS * score / 100) for word, score, _ in alike)


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text).casefold().replace("'", "").replace("\u2019", "")
    plain = "".join(each if each.isalnum() else " " for each in letters if not unicodedata.combining(each))
    return [word for word in plain.split() if len(word) > COMMON]
