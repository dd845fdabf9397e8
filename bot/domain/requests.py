"""Finds a plain request in a typed message: "pause for 2 weeks". Pure. Called by `content.requests`.

A pattern, written as for crisis phrases, takes in the whole message, but for small words, which are passed over. One
with which a message only begins leaves a rest ("for 2 weeks") that the caller reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain.crisis_phrases.patterns import PatternReader, Patterns
from bot.domain.crisis_phrases.spelling import Spelling, fold_spellings

LONGEST_REQUEST = 14  # words


@dataclass(frozen=True, slots=True)
class Requested:
    """A request by its name; `rest` are the words that followed, as they were typed."""

    name: str
    rest: str = ""


class RequestPatterns:
    """What can be requested, by name. `whole` are patterns of whole messages, `begins` of how one begins."""

    def __init__(
        self,
        whole: Mapping[str, Sequence[str]],
        begins: Mapping[str, Sequence[str]],
        *,
        lists: Mapping[str, Sequence[str]],
        spellings: Mapping[str, str],
        small_words: Sequence[str],
    ) -> None:
        """Raises ValueError for a pattern that cannot be read."""
        plain = Spelling()
        small = frozenset(word for one in small_words for word in plain.words(one))
        self._spelling = Spelling(spellings=fold_spellings(spellings), fillers=small)
        reader = PatternReader(lists, cache(self._spelling.words))
        self._whole = {name: Patterns(patterns, reader) for name, patterns in whole.items() if patterns}
        self._begins = {name: Patterns(patterns, reader) for name, patterns in begins.items() if patterns}

    def find(self, text: str) -> str | None:
        """Returns the name of what the whole message requests; None if it requests nothing."""
        words = self._spelling.words(text) if len(text.split()) <= LONGEST_REQUEST else []
        return next((name for name, patterns in self._whole.items() if patterns.are_whole(words)), None)

    def beginnings(self, text: str) -> Iterator[Requested]:
        """Yields what the message may begin to request, the longest rest first."""
        typed = text.split()
        if len(typed) > LONGEST_REQUEST:
            return
        for length in range(1, len(typed)):
            words = self._spelling.words(" ".join(typed[:length]))
            for name, patterns in self._begins.items():
                if patterns.are_whole(words):
                    yield Requested(name, " ".join(typed[length:]))
