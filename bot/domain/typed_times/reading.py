"""Cuts a text into pieces that a language knows, so that no word is left. Pure. Called by `typed_times`.

Of all ways to cut it, the one of the fewest pieces is taken, and of those the one whose first pieces are longest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from rapidfuzz.distance import OSA

from bot.domain.typed_times.grammar import Chart
from bot.domain.typed_times.languages import Language, has_language, language_of
from bot.domain.typed_times.tokens import Token, tokenize

MAX_CHARACTERS = 160  # a longer text is a message, not a time
MAX_TOKENS = 32
LEAST_MISSPELT = 4  # letters

NO_DAY = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - a local time; for words in which no day is read

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text, and its value; `is_also` names the other symbols that could be meant by all of it."""

    symbol: str
    value: object
    is_also: frozenset[str] = frozenset()


def read_first(code: str, read: Callable[[Language], Read | None]) -> Read | None:
    """Reads in the chat's language, or else in English."""
    for candidate in dict.fromkeys((code, "en")):
        if has_language(candidate) and (found := read(language_of(candidate))) is not None:
            return found
    return None


def read_pieces(text: str, symbols: Sequence[str], *, now: datetime, language: Language) -> tuple[Piece, ...] | None:
    """Returns the pieces of a text, each symbol at most once; None if any word is no part of one."""
    if len(text) > MAX_CHARACTERS:
        return None
    tokens = tuple(_spelt(token, language) for token in tokenize(text))
    if not tokens or len(tokens) > MAX_TOKENS:
        return None
    now = now.replace(second=0, microsecond=0, tzinfo=None)
    cutting = _Cutting(Chart(language.grammar, tokens, now), symbols)
    found = cutting.best(0, 0)
    return found[1] if found and found[1] else None


def has_filler(text: str, language: Language) -> bool:
    """Whether the text begins with words that change nothing."""
    return bool(Chart(language.grammar, tokenize(text), NO_DAY).parse("filler", 0))


def _spelt(token: Token, language: Language) -> Token:
    """Returns the token; the known name in its place if the word is unknown and one letter away from a single name."""
    word = token.text
    if token.kind != "word" or word in language.words or len(word) < LEAST_MISSPELT:
        return token
    near = {name for name in language.misspelt if name[0] == word[0] and OSA.distance(name, word, score_cutoff=1) <= 1}
    return Token("word", near.pop()) if len(near) == 1 else token


Way = tuple[int, tuple[Piece, ...]]  # how many pieces, and which


@dataclass(slots=True)
class _Cutting:
    """The best ways to cut what follows a place, by what was used before it."""

    chart: Chart
    symbols: Sequence[str]
    ways: dict[tuple[int, int], Way | None] = field(default_factory=dict)

    def best(self, start: int, used: int) -> Way | None:
        """Returns the best way from here, without the symbols of the bit mask `used`; None if there is none."""
        if start == len(self.chart.tokens):
            return 0, ()
        key = start, used
        if key not in self.ways:
            self.ways[key] = self._find(start, used)
        return self.ways[key]

    def _find(self, start: int, used: int) -> Way | None:
        best: Way | None = None
        if self.chart.tokens[start].is_glued:  # the th of 15th is no Thursday
            return None
        ends = self._ends(start)
        for end in sorted(ends, reverse=True):
            for place, symbol in enumerate(self.symbols):
                if symbol in ends[end] and not used >> place & 1:
                    rest = self.best(end, used | 1 << place)
                    if rest and (best is None or rest[0] + 1 < best[0]):
                        others = frozenset(ends[end]) - {symbol}
                        best = rest[0] + 1, (Piece(symbol, ends[end][symbol], others), *rest[1])
        skipped = [*self.chart.parse("filler", start)]
        if self.chart.tokens[start].text == ",":
            skipped.append(start + 1)
        for end in skipped:
            rest = self.best(end, used)
            if rest and (best is None or rest[0] < best[0]):
                best = rest
        return best

    def _ends(self, start: int) -> Mapping[int, Mapping[str, object]]:
        found: dict[int, dict[str, object]] = {}
        for symbol in self.symbols:
            for end, value in self.chart.parse(symbol, start).items():
                found.setdefault(end, {})[symbol] = value
        return found
