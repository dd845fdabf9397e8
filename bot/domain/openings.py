"""Recognizes what somebody begins with: "hi", "I feel sad", "I can't breathe". Pure. Called by `content.openings`.

Words are read and patterns searched as for crisis phrases (`domain.crisis_phrases`), which always go first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from bot.domain.crisis_phrases.patterns import PatternReader, Patterns, words_of
from bot.domain.crisis_phrases.spelling import Spelling, fold_spellings
from bot.domain.folding import fold

__all__ = ["OpeningPatterns"]


class OpeningPatterns:
    """What can be recognized, by name; the first name that fits counts.

    `alone` are whole messages, `says` patterns that may stand anywhere in one. What `unless` finds is taken
    out before the patterns of that name are searched. The other arguments are those of `CrisisPhrases`.
    """

    def __init__(
        self,
        alone: Mapping[str, Sequence[str]],
        says: Mapping[str, Sequence[str]],
        *,
        unless: Mapping[str, Sequence[str]] | None = None,
        lists: Mapping[str, Sequence[str]] | None = None,
        spellings: Mapping[str, str] | None = None,
        fillers: Iterable[str] = (),
        key_words: Collection[str] = (),
    ) -> None:
        """Raises ValueError for a pattern that cannot be read."""
        plain = Spelling()
        known = fold_spellings(spellings or {})
        self._fillers = frozenset(word for filler in fillers for word in plain.words(filler))
        read = cache(Spelling(spellings=known, fillers=self._fillers).words)
        written = [pattern for kinds in (says, unless or {}) for patterns in kinds.values() for pattern in patterns]
        named = words_of(written, lists or {}, read)
        whole = {word for phrases in alone.values() for phrase in phrases for word in plain.words(phrase)}
        self._spelling = Spelling(
            spellings=known,
            vocabulary=frozenset(named | whole | self._fillers),
            key_words=tuple(word for key_word in key_words for word in plain.words(key_word)),
        )
        self._alone = {
            name: frozenset(self._whole(phrase) for phrase in phrases) for name, phrases in alone.items() if phrases
        }
        reader = PatternReader(lists or {}, read)
        self._says = {name: Patterns(patterns, reader) for name, patterns in says.items() if patterns}
        self._unless = {name: Patterns(patterns, reader) for name, patterns in (unless or {}).items() if patterns}
        self._names = tuple(dict.fromkeys((*alone, *says)))

    def find(self, text: str) -> str | None:
        """Returns the first name that fits the text, or None."""
        words = self._spelling.words(text)
        without_fillers = [word for word in words if word not in self._fillers]
        whole = {self._whole(text), " ".join(without_fillers)} - {""}
        for name in self._names:
            if not whole.isdisjoint(self._alone.get(name, ())):
                return name
            patterns, unless = self._says.get(name), self._unless.get(name)
            if patterns and patterns.are_in(unless.take_out(without_fillers) if unless else without_fillers):
                return name
        return None

    def _whole(self, text: str) -> str:
        """The text's words; where it has none, as an emoji, the text itself."""
        return " ".join(self._spelling.words(text)) or fold(text).strip()
