"""Recognizes a crisis in a typed message: plain words of danger. Pure. Called by `content.crisis`.

It reads the words (`spelling`), takes out what only looks like danger, and searches the patterns that are left
(`patterns`). It finds direct words and misses indirect ones, so no text of the bot may claim that messages are
monitored; docs/safety.md says how many it finds.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from bot.domain.crisis_phrases.patterns import PatternReader, Patterns, words_of
from bot.domain.crisis_phrases.spelling import Spelling, fold_spellings

__all__ = ["CrisisPhrases"]


class CrisisPhrases:
    """The patterns of one language.

    `danger` has the patterns of each kind of danger, the kind that matters most first. `look_alikes` are taken out of a
    message before they are searched ("want to die of laughter"), unless one of the `grave` patterns stands anywhere in
    it ("and I mean it"); so are `denials` ("do not want to die"), unless one of the words `but` follows. `certain`
    patterns are searched first, so that no look-alike hides them. `alone` patterns are danger only where they take in
    the whole message ("pills"), `not_alone` are none there ("panic I can't breathe").
    `lists` are the word lists that patterns name.
    """

    def __init__(
        self,
        danger: Mapping[str, Sequence[str]],
        *,
        certain: Mapping[str, Sequence[str]] | None = None,
        alone: Mapping[str, Sequence[str]] | None = None,
        look_alikes: Iterable[str] = (),
        grave: Iterable[str] = (),
        denials: Iterable[str] = (),
        but: Iterable[str] = (),
        not_alone: Iterable[str] = (),
        lists: Mapping[str, Sequence[str]] | None = None,
        spellings: Mapping[str, str] | None = None,
        fillers: Iterable[str] = (),
        key_words: Iterable[str] = (),
        ordinary: Iterable[str] = (),
    ) -> None:
        """Raises ValueError for a pattern that cannot be read."""
        word_lists, first, whole = lists or {}, certain or {}, alone or {}
        look_alikes, grave, denials = list(look_alikes), list(grave), list(denials)
        known = fold_spellings(spellings or {})
        left_out = frozenset(_one_word(filler, Spelling()) for filler in fillers)
        read = cache(Spelling(spellings=known, fillers=left_out).words)  # of words of the patterns: nobody typed them
        kinds = (*danger.values(), *first.values(), *whole.values())
        written = [pattern for patterns in kinds for pattern in patterns]
        self._spelling = Spelling(
            spellings=known,
            fillers=left_out,
            vocabulary=frozenset(words_of([*written, *look_alikes, *grave, *denials], word_lists, read)),
            key_words=tuple(word for key_word in key_words for word in read(key_word)),
            ordinary=frozenset(word for own in ordinary for word in read(own)),
        )
        reader = PatternReader(word_lists, read)
        self._certain = {kind: Patterns(patterns, reader) for kind, patterns in first.items()}
        self._alone = {kind: Patterns(patterns, reader) for kind, patterns in whole.items()}
        self._danger = {kind: Patterns(patterns, reader) for kind, patterns in danger.items()}
        self._look_alikes = Patterns(look_alikes, reader)
        self._grave = Patterns(grave, reader)
        self._denials = Patterns(denials, reader)
        self._not_alone = frozenset(tuple(self._spelling.words(text)) for text in not_alone)
        self._but = frozenset(_one_word(own, self._spelling) for own in but)

    def find(self, text: str) -> str | None:
        """Returns the kind of danger that the text names plainly, or None."""
        words: Sequence[str] = self._spelling.words(text)
        if tuple(words) in self._not_alone:
            return None
        if kind := _first(self._certain, words):
            return kind
        if kind := next((kind for kind, patterns in self._alone.items() if patterns.are_whole(words)), None):
            return kind
        if not self._grave.are_in(words):
            words = self._look_alikes.take_out(words)
        words = self._denials.take_out(words, lambda after: not self._but.isdisjoint(after))
        return _first(self._danger, words)


def _one_word(written: str, spelling: Spelling) -> str:
    words = spelling.words(written)
    if len(words) != 1:
        raise ValueError(f"{written!r} is read as {' '.join(words) or 'nothing'}; one word can stand here")
    return words[0]


def _first(kinds: Mapping[str, Patterns], words: Sequence[str]) -> str | None:
    return next((kind for kind, patterns in kinds.items() if patterns.are_in(words)), None)
