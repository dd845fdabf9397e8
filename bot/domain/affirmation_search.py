"""Full-text search over affirmations and their themes, tolerant of typos. Pure. Called by `handlers.inline`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from bot.domain.folding import fold

MAX_QUERY_CHARACTERS = 100  # the rest of a query is ignored
LEAST_WORD_SIMILARITY = 78  # of 100: "sory" is sorry, "tree" is not tears
PREFIX_WEIGHT, SIMILARITY_WEIGHT = 0.9, 0.7  # of a prefix or a similar word; the word itself weighs 1
THEME_WEIGHT, TEXT_WEIGHT = 0.6, 1.0
STOP_WORD_LETTERS = 2  # words of up to so many letters carry no meaning


@dataclass(frozen=True, slots=True)
class Entry:
    """One searchable affirmation: `find` returns its `key`; words of its themes weigh less than words of its text."""

    key: str
    text: str
    themes: str


class Index:
    """A search index, built once from all entries; `find` takes about a millisecond for a few hundred."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._keys: list[str] = []
        self._places: dict[str, dict[int, float]] = {}
        for number, entry in enumerate(entries):
            self._keys.append(entry.key)
            for text, weight in ((entry.themes, THEME_WEIGHT), (entry.text, TEXT_WEIGHT)):
                for word in _words(text):
                    self._places.setdefault(word, {})[number] = weight
        self._vocabulary = list(self._places)

    def find(self, query: str, *, limit: int = 50) -> Sequence[str]:
        """Returns up to `limit` keys, the best match first. Every typed word adds to the score, rare words more."""
        scores: dict[int, float] = {}
        for typed in _words(query[:MAX_QUERY_CHARACTERS]):
            best: dict[int, float] = {}
            for word, likeness in self._candidates(typed):
                rarity = log(1 + len(self._keys) / len(self._places[word]))
                for number, weight in self._places[word].items():
                    best[number] = max(best.get(number, 0.0), likeness * weight * rarity)
            for number, score in best.items():
                scores[number] = scores.get(number, 0.0) + score
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        return [self._keys[number] for number in ranked[:limit]]

    def _candidates(self, typed: str) -> Iterable[tuple[str, float]]:
        """Yields the words that may be meant, with a likeness from 0 to 1. Prefixes count: people stop typing early."""
        if typed in self._places:
            yield typed, 1.0
        yield from ((word, PREFIX_WEIGHT) for word in self._vocabulary if word.startswith(typed) and word != typed)
        if len(typed) > STOP_WORD_LETTERS + 1:
            from rapidfuzz import fuzz, process  # noqa: PLC0415 - 3 MB that only those who search need

            similar = process.extract(
                typed, self._vocabulary, scorer=fuzz.ratio, score_cutoff=LEAST_WORD_SIMILARITY, limit=8
            )
            yield from ((word, SIMILARITY_WEIGHT * score / 100) for word, score, _ in similar)


def _words(text: str) -> list[str]:
    letters = fold(text).replace("'", "")
    plain = "".join(letter if letter.isalnum() else " " for letter in letters)
    return [word for word in plain.split() if len(word) > STOP_WORD_LETTERS]
