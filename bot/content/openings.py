"""The model of openings.yaml: what people type instead of tapping, and what it is answered with. Called by `load`."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import model_validator

from bot.content.texts import InUse, Label, Text, Texts, WholeMessages, holds
from bot.domain.openings import OpeningPatterns

_in_use = InUse[OpeningPatterns]()
# A word that stands for a button.
Word = Literal["stop", "help", "skip", "back", "yes", "no", "minute"]


class TypedWord(Texts):
    """Messages that mean this word; it presses a button whose label begins with one of `presses`.

    A slip of one letter is understood in those of their words that are `key_words`.
    """

    typed: tuple[str, ...]
    presses: tuple[str, ...]
    key_words: tuple[str, ...] = ()


class Opening(Texts):
    """What somebody begins with: `alone` are whole messages, `says` patterns. `button` begins `flow`.

    `gives_way`: where the same message tells of something (disclosures.yaml), that is answered instead.
    `is_about_the_bot`: a question that is answered in a reflection, too, which goes on waiting.
    """

    alone: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    answer: Text
    flow: str = ""
    button: Label | None = None
    gives_way: bool = False
    is_about_the_bot: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.alone and not self.says:
            raise ValueError("is never recognized; write at least one line under alone or says")
        if bool(self.flow) != (self.button is not None):
            raise ValueError("has a flow without a button, or a button without a flow; write both or neither")
        return self


class BelowCard(Texts):
    """What somebody types while the support card is open. The answer may hold numbers and lines to write to."""

    alone: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    answer: Annotated[str, holds("number", "written")]


class Openings(Texts):
    """All of openings.yaml."""

    words: dict[Word, TypedWord]
    nothing_to_keep: WholeMessages
    asking_back: WholeMessages
    spellings: dict[str, str]
    fillers: tuple[str, ...]
    key_words: tuple[str, ...]
    word_lists: dict[str, tuple[str, ...]]
    openings: dict[str, Opening]
    below_card: dict[str, BelowCard]

    @model_validator(mode="after")
    def _patterns_can_be_read(self) -> Self:
        _ = self.patterns, self.below_card_patterns
        return self

    @cached_property
    def patterns(self) -> OpeningPatterns:
        """Finds the name of an opening. Raises ValueError for a pattern that cannot be read."""
        return _in_use.made_of(self, self._read)

    @cached_property
    def below_card_patterns(self) -> OpeningPatterns:
        """Finds the name of what is typed below the support card. Raises ValueError as `patterns` does."""
        return self._read_patterns(self.below_card)

    def _read(self) -> OpeningPatterns:
        return self._read_patterns(self.openings)

    def _read_patterns(self, texts: Mapping[str, Opening | BelowCard]) -> OpeningPatterns:
        return OpeningPatterns(
            {name: one.alone for name, one in texts.items()},
            {name: one.says for name, one in texts.items()},
            lists=self.word_lists,
            spellings=self.spellings,
            fillers=self.fillers,
            key_words=self.key_words,
        )

    @cached_property
    def typed_words(self) -> OpeningPatterns:
        """Finds the word that a whole message means."""
        return OpeningPatterns(
            {word: texts.typed for word, texts in self.words.items()},
            {},
            spellings=self.spellings,
            key_words=[key_word for texts in self.words.values() for key_word in texts.key_words],
        )

    @cached_property
    def whole_messages(self) -> OpeningPatterns:
        """Finds "nothing_to_keep" and "asking_back"."""
        return OpeningPatterns(
            {"nothing_to_keep": self.nothing_to_keep.typed, "asking_back": self.asking_back.typed},
            {},
            spellings=self.spellings,
            fillers=self.fillers,
        )
