"""Reads tokens by a grammar whose productions a language file gives. Pure. Called by `languages` and `reading`.

A production is a symbol, what it means, and a template such as "[at] half past {hour}": words, [optional] parts,
(one|another) choice, and {slots} for other symbols. Parsing is memoised (Norvig 1991, "Techniques for automatic
memoization with applications to context-free parsing"): a symbol is tried once at each place.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import TypeVar

from bot.domain.typed_times.tokens import Token, tokenize

Kind = TypeVar("Kind")

_PIECE = re.compile(r"\{([a-z_]+)\}|([\[\](|)])|([^\[\](|){}]+)")
_CLOSING = {"[": "]", "(": ")"}


class TemplateError(ValueError):
    """A template has brackets that do not match."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a template for another symbol."""

    symbol: str


Part = str | Slot


@dataclass(frozen=True, slots=True)
class Match:
    """What a production matched: the values of its slots in order, and the person's own now."""

    values: tuple[object, ...]
    tokens: tuple[Token, ...]
    now: datetime

    def all(self, kind: type[Kind]) -> list[Kind]:
        """Returns the values of this kind, in the order of the text."""
        return [value for value in self.values if isinstance(value, kind)]

    def one(self, kind: type[Kind]) -> Kind:
        """Returns the only value of this kind. Raises ValueError for none or several."""
        (value,) = self.all(kind)
        return value

    def first(self, kind: type[Kind]) -> Kind | None:
        """Returns the first value of this kind, if there is one."""
        return next(iter(self.all(kind)), None)


# Returns the value of a matched production; None refuses it.
Meaning = Callable[[Match], object | None]
# Reads a symbol that has no template, such as a number: yields each end with its value.
Reader = Callable[["Chart", int], Iterator[tuple[int, object]]]


@dataclass(frozen=True, slots=True)
class Production:
    """One way to say a symbol."""

    parts: tuple[Part, ...]
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Grammar:
    """The productions of each symbol by their first word, or under "" if they begin with a slot; and the readers."""

    productions: Mapping[str, Mapping[str, Sequence[Production]]]
    readers: Mapping[str, Reader]


@dataclass(slots=True)
class Chart:
    """What was found so far in one text: for each symbol and place, each end with its value."""

    grammar: Grammar
    tokens: tuple[Token, ...]
    now: datetime
    found: dict[tuple[str, int], dict[int, object]] = field(default_factory=dict)

    def parse(self, symbol: str, start: int) -> Mapping[int, object]:
        """Returns each end that this symbol reaches from `start`, with its value. Left recursion finds nothing."""
        key = symbol, start
        if key in self.found:
            return self.found[key]
        ends: dict[int, object] = {}
        self.found[key] = ends  # an inner try of the same symbol here sees only what is found so far
        if start >= len(self.tokens):
            return ends
        found: dict[int, object] = {}
        if reader := self.grammar.readers.get(symbol):
            for end, value in reader(self, start):
                found.setdefault(end, value)
        productions = self.grammar.productions.get(symbol, {})
        for production in (*productions.get(self.tokens[start].text, ()), *productions.get("", ())):
            for end, values in self._match(production.parts, start):
                if end not in found:
                    value = production.meaning(Match(values, self.tokens[start:end], self.now))
                    if value is not None:
                        found[end] = value
        ends.update(found)
        return ends

    def _match(self, parts: tuple[Part, ...], start: int) -> list[tuple[int, tuple[object, ...]]]:
        states: list[tuple[int, tuple[object, ...]]] = [(start, ())]
        for part in parts:
            if isinstance(part, str):
                size = len(self.tokens)
                states = [(at + 1, values) for at, values in states if at < size and self.tokens[at].text == part]
            else:
                states = [
                    (end, (*values, value))
                    for at, values in states
                    for end, value in self.parse(part.symbol, at).items()
                ]
            if not states:
                break
        return states


def expand(template: str) -> list[tuple[Part, ...]]:
    """Returns each way to say a template, without brackets. Raises TemplateError for brackets that do not match."""
    pieces = [(slot, bracket, words) for slot, bracket, words in _PIECE.findall(template)]
    if "".join(f"{{{slot}}}" if slot else bracket or words for slot, bracket, words in pieces) != template:
        raise TemplateError(f"{template!r}: write {{slots}} in lower case, in braces that match")
    choices, rest = _choices(pieces, "")
    if rest:
        raise TemplateError(f"{template!r}: {rest[0][1]!r} closes nothing")
    return list(dict.fromkeys(choices))


Pieces = list[tuple[str, str, str]]


def _choices(pieces: Pieces, closing: str) -> tuple[list[tuple[Part, ...]], Pieces]:
    """Reads up to the closing bracket: all choices, and the pieces after them."""
    done: list[tuple[Part, ...]] = []
    ways: list[tuple[Part, ...]] = [()]
    while pieces:
        (slot, bracket, words), pieces = pieces[0], pieces[1:]
        if bracket in _CLOSING:
            inner, pieces = _choices(pieces, _CLOSING[bracket])
            if bracket == "[":
                inner = [*inner, ()]
            ways = [(*before, *after) for before, after in product(ways, inner)]
        elif bracket == "|" and closing:
            done, ways = [*done, *ways], [()]
        elif bracket:
            if bracket != closing:
                return done + ways, [("", bracket, ""), *pieces]
            return done + ways, pieces
        else:
            parts: tuple[Part, ...] = (Slot(slot),) if slot else tuple(token.text for token in tokenize(words))
            ways = [(*way, *parts) for way in ways]
    if closing:
        raise TemplateError(f"a {closing!r} is missing")
    return done + ways, []


def by_first_word(productions: Sequence[Production]) -> Mapping[str, Sequence[Production]]:
    """Returns the productions by their first word, in their order."""
    table: defaultdict[str, list[Production]] = defaultdict(list)
    for production in productions:
        first = production.parts[0]
        table[first if isinstance(first, str) else ""].append(production)
    return table
