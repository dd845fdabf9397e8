"""Patterns of words, written for people, and their search in a message's words. Pure.

want to {die}           words in this order; {die} is any entry of the word list of that name
want|wish to {die}      either word; by_accident|cooking: several words in an alternative are joined by _
i? would rather {die}   the word before the question mark may be missing
scared .. hurt myself   .. stands for up to three other words, ... for up to eight
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

BREAK = ";"  # stands where words were taken out: no pattern reaches across it
GAPS = {"..": 3, "...": 8}  # other words, at most
LIST = re.compile(r"\{(\w+)\}")

Read = Callable[[str], Sequence[str]]  # words of a pattern as they are written -> as they are read in a message
Words = Sequence[str]
Entry = TypeVar("Entry")
# The choices of one place in a pattern by their first word, each with the words that follow it.
Choices = Mapping[str, Sequence[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class _Item:
    """One place in a pattern: after up to `gap` other words, one of the choices."""

    choices: Choices
    gap: int
    is_optional: bool


class Patterns:
    """Searches patterns in a message's words."""

    def __init__(self, written: Iterable[str], reader: "PatternReader") -> None:
        """Raises ValueError for a pattern that cannot be read: it says which one, and why."""
        by_first_word: dict[str, list[tuple[_Item, ...]]] = {}
        for pattern in written:
            items = reader.items(pattern)
            for word in _first_words(items):
                by_first_word.setdefault(word, []).append(items)
        self._by_first_word = {word: tuple(patterns) for word, patterns in by_first_word.items()}

    def are_in(self, words: Words) -> bool:
        """Returns whether any of the patterns is in the words."""
        return self._find(words, self._possible(words)) is not None

    def are_whole(self, words: Words) -> bool:
        """Returns whether one of the patterns takes in all of the words, from the first to the last."""
        possible = self._by_first_word.get(words[0], ()) if words else ()
        return any(_match(items, 0, words, 0, is_whole=True) is not None for items in possible)

    def take_out(self, words: Words, is_kept: Callable[[Words], bool] = lambda after: False) -> list[str]:
        """Returns the words with a BREAK for each match, unless `is_kept` says so of the words after the match."""
        rest, left, possible = list(words), list[str](), self._possible(words)
        while found := self._find(rest, possible):
            start, end = found
            kept = is_kept(rest[end:])
            left += rest[: start + 1] if kept else [*rest[:start], BREAK]
            rest = rest[start + 1 :] if kept else rest[end:]
        return left + rest

    def _possible(self, words: Words) -> dict[str, list[tuple[_Item, ...]]]:
        """The patterns all of whose places have a word in the message, by their first word."""
        present = set(words)
        is_possible: dict[int, bool] = {}
        possible: dict[str, list[tuple[_Item, ...]]] = {}
        for word in present & self._by_first_word.keys():
            for items in self._by_first_word[word]:
                if id(items) not in is_possible:
                    needed = (item.choices for item in items if not item.is_optional)
                    is_possible[id(items)] = not any(present.isdisjoint(choices) for choices in needed)
                if is_possible[id(items)]:
                    possible.setdefault(word, []).append(items)
        return possible

    def _find(self, words: Words, possible: Mapping[str, Sequence[tuple[_Item, ...]]]) -> tuple[int, int] | None:
        """Where the first match begins and ends."""
        for start, word in enumerate(words):
            for items in possible.get(word, ()):
                if (end := _match(items, 0, words, start)) is not None:
                    return start, end
        return None


def words_of(written: Iterable[str], lists: Mapping[str, Sequence[str]], read: Read) -> set[str]:
    """Returns every word that the patterns and the word lists name, as it is read in a message."""
    entries = [*written, *(entry for entries in lists.values() for entry in entries)]
    choices = {choice for entry in entries for item in entry.split() for choice in item.rstrip("?").split("|")}
    named = {choice for choice in choices if choice not in GAPS and not LIST.fullmatch(choice)}
    return {word for choice in named for word in read(choice.replace("_", " "))}


class PatternReader:
    """Reads patterns of one language. What they have in common, such as a word list, is read and stored once."""

    def __init__(self, lists: Mapping[str, Sequence[str]], read: Read) -> None:
        self._lists = lists
        self._read = read
        self._sequences: dict[str, list[tuple[str, ...]]] = {}
        self._choices: dict[str, Choices] = {}
        self._single: dict[str, Choices] = {}
        self._items: dict[tuple[str, str], _Item] = {}
        self._words: dict[str, str] = {}
        self._alike: dict[tuple[Any, ...], tuple[Any, ...]] = {}  # Any: sequences of words, and these in turn

    def items(self, pattern: str) -> tuple[_Item, ...]:
        """Returns the places of a pattern in order. Raises ValueError if it cannot be read."""
        places = pattern.split()
        if not GAPS.keys().isdisjoint(places[:1] + places[-1:]):
            raise ValueError(f"{pattern!r} begins or ends with a gap, which finds nothing; leave it out")
        items = [
            self._item(before if before in GAPS else "", place, pattern)
            for before, place in pairwise(["", *places])
            if place not in GAPS
        ]
        if all(item.is_optional for item in items):
            raise ValueError(f"{pattern!r} is no pattern; write at least one word that has to be there")
        return tuple(items)

    def _item(self, gap: str, place: str, pattern: str) -> _Item:
        key = (gap, place)
        if key not in self._items:
            choices = self._choices_of(place.removesuffix("?"), pattern)
            self._items[key] = _Item(choices, gap=GAPS.get(gap, 0), is_optional=place.endswith("?"))
        return self._items[key]

    def _choices_of(self, written: str, pattern: str) -> Choices:
        if written not in self._choices:
            first, *others = (self._one_choice(choice, pattern) for choice in written.split("|"))
            self._choices[written] = self._merged([first, *others]) if others else first
        return self._choices[written]

    def _one_choice(self, written: str, pattern: str) -> Choices:
        """One of the choices between | signs: a word, several, or a whole word list."""
        if written not in self._single:
            by_first: dict[str, list[tuple[str, ...]]] = {}
            for first, *others in self._sequences_of(written, pattern):
                by_first.setdefault(first, []).append(self._shared(tuple(others)))
            self._single[written] = {first: self._shared(tuple(others)) for first, others in by_first.items()}
        return self._single[written]

    def _merged(self, several: Sequence[Choices]) -> Choices:
        merged = dict(several[0])
        for choices in several[1:]:
            for first, others in choices.items():
                merged[first] = self._shared((*merged[first], *others)) if first in merged else others
        return merged

    def _sequences_of(self, choice: str, pattern: str) -> list[tuple[str, ...]]:
        """The sequences of words that one choice stands for."""
        named = LIST.fullmatch(choice)
        if named is None:
            words = tuple(self._words.setdefault(word, word) for word in self._read(choice.replace("_", " ")))
            if not words:
                raise ValueError(f"{pattern!r} holds {choice!r}, which is passed over in messages; leave it out")
            return [words]
        name = named[1]
        if name not in self._lists:
            raise ValueError(f"{pattern!r} names the word list {name}; known are {', '.join(self._lists)}")
        if name not in self._sequences:
            self._sequences[name] = [words for entry in self._lists[name] for words in self._expand(entry, name)]
        return self._sequences[name]

    def _shared(self, sequence: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Returns the sequence that was given first of those equal to it: there are thousands, and few differ."""
        return self._alike.setdefault(sequence, sequence)

    def _expand(self, entry: str, name: str) -> list[tuple[str, ...]]:
        """An entry of a word list: words, alternatives and optional words, without gaps and other lists."""
        expanded: list[tuple[str, ...]] = [()]
        for written in entry.split():
            choices = written.removesuffix("?").split("|")
            if any(choice in GAPS or LIST.fullmatch(choice) for choice in choices):
                raise ValueError(f"the word list {name} has {entry!r}; write words there, no gaps and no other lists")
            sequences = [words for choice in choices for words in self._sequences_of(choice, entry)]
            longer = [(*before, *words) for before in expanded for words in sequences]
            expanded = [*longer, *expanded] if written.endswith("?") else longer
        return expanded


def _first_words(items: Sequence[_Item]) -> list[str]:
    words: dict[str, None] = {}
    for item in items:
        words.update(dict.fromkeys(item.choices))
        if not item.is_optional:
            break
    return list(words)


def _match(items: Sequence[_Item], index: int, words: Words, start: int, *, is_whole: bool = False) -> int | None:
    """Where the match of the items from `index` on ends, if they match at `start`; `is_whole`: only at the end."""
    if index == len(items):
        return start if start == len(words) or not is_whole else None
    item = items[index]
    for here in range(start, min(start + item.gap + 1, len(words))):
        for others in item.choices.get(words[here], ()):
            after = here + 1 + len(others)
            if tuple(words[here + 1 : after]) != others:
                continue
            if (end := _match(items, index + 1, words, after, is_whole=is_whole)) is not None:
                return end
        if words[here] == BREAK:
            break
    return _match(items, index + 1, words, start, is_whole=is_whole) if item.is_optional else None
