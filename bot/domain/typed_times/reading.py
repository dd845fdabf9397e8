"""Cuts a text into pieces that a language knows, so that no word is left. Pure. Called by `typed_times`.

Of all ways to cut it, the one of the fewest pieces is taken, and of those the one whose first pieces are longest.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from bot.domain.slips import is_slip
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


Pieces = tuple[Piece, ...]


def read_first(code: str, read: Callable[[Language], Read | None]) -> Read | None:
    """Reads in the chat's language, or else in English."""
    for candidate in dict.fromkeys((code, "en")):
        if has_language(candidate) and (found := read(language_of(candidate))) is not None:
            return found
    return None


def read_pieces(text: str, symbols: Sequence[str], *, now: datetime, language: Language) -> Pieces | None:
    """Returns the pieces of a text, each symbol at most once; None if any word is no part of one."""
    if len(text) > MAX_CHARACTERS:
        return None
    tokens = tuple(_spelt(token, language) for token in tokenize(text))
    return _cut(tokens, symbols, now, language)


def read_corrected(
    text: str, symbols: Sequence[str], *, now: datetime, language: Language
) -> tuple[Pieces, Pieces] | None:
    """Returns the pieces before and after the last word that takes something back ("8, no wait, 9"); None without."""
    if len(text) > MAX_CHARACTERS:
        return None
    tokens = tuple(_spelt(token, language) for token in tokenize(text))
    chart = Chart(language.grammar, tokens[:MAX_TOKENS], now)
    for start in reversed(range(1, len(chart.tokens))):
        for end in sorted(chart.parse("correction", start), reverse=True):
            before, after = (_cut(half, symbols, now, language) for half in (tokens[:start], tokens[end:]))
            if before and after:
                return before, after
    return None


def read_parts(
    text: str, symbols: Sequence[str], *, now: datetime, language: Language
) -> Iterator[tuple[Pieces, Pieces]]:
    """Yields each way to cut a text in two of which both halves are read, with or without an "and" between them."""
    tokens = tuple(_spelt(token, language) for token in tokenize(text)) if len(text) <= MAX_CHARACTERS else ()
    if len(tokens) > MAX_TOKENS:
        return
    chart = Chart(language.grammar, tokens, now)
    for place in range(1, len(tokens)):
        if before := _cut(tokens[:place], symbols, now, language):
            for start in sorted({place, *chart.parse("and", place)}, reverse=True):
                if after := _cut(tokens[start:], symbols, now, language):
                    yield before, after


def _cut(tokens: tuple[Token, ...], symbols: Sequence[str], now: datetime, language: Language) -> Pieces | None:
    if not tokens or len(tokens) > MAX_TOKENS:
        return None
    cutting = _Cutting(Chart(language.grammar, tokens, now.replace(second=0, microsecond=0, tzinfo=None)), symbols)
    found = cutting.best(0, 0)
    return found[1] if found and found[1] else None


def has_filler(text: str, language: Language) -> bool:
    """Whether the text begins with words that change nothing."""
    return bool(Chart(language.grammar, tokenize(text), NO_DAY).parse("filler", 0))


def _spelt(token: Token, language: Language) -> Token:
    """Returns the token; the known name in its place if the word is unknown and one letter away from a single name."""
    word = token.text
    spelling = language.spellings.get(word)
    if spelling and not token.is_glued:
        return replace(token, text=spelling)
    if token.kind != "word" or word in language.words or len(word) < LEAST_MISSPELT:
        return token
    near = {name for name in language.misspelt if name[0] == word[0] and (name == word or is_slip(word, name))}
    return Token("word", near.pop()) if len(near) == 1 else token


Way = tuple[int, Pieces]  # how many pieces, and which


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
