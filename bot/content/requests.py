"""The model of requests.yaml: plain requests that are typed in place of a command. Called by `load`."""

from functools import cached_property
from typing import Literal, Self

from pydantic import model_validator

from bot.content.texts import InUse, Label, Text, Texts, WholeMessages
from bot.domain.requests import RequestPatterns

_in_use = InUse[RequestPatterns]()
Name = Literal[
    "stop",
    "unsure_stop",
    "pause",
    "resume",
    "erase",
    "unsure_erase",
    "privacy",
    "settings",
    "language",
    "zone",
    "next",
    "change",
    "fewer",
    "more",
    "remind",
    "start",
    "help",
    "affirm",
]


class RequestTexts(Texts):
    """How one request is typed: `whole` messages, and how a message `begins` whose rest says more."""

    whole: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_recognized(self) -> Self:
        if not self.whole and not self.begins:
            raise ValueError("is never recognized; write at least one line under whole or begins")
        return self


class Requests(Texts):
    """All of requests.yaml."""

    small_words: tuple[str, ...]
    spellings: dict[str, str]
    word_lists: dict[str, tuple[str, ...]]
    requests: dict[Name, RequestTexts]
    languages: dict[str, WholeMessages]
    around_languages: WholeMessages
    stop_question: Text
    turn_off: Label
    take_a_break: Label
    see_reminders: Label
    fewer: Text

    @model_validator(mode="after")
    def _patterns_can_be_read(self) -> Self:
        _ = self.patterns, self.language_names
        return self

    @cached_property
    def patterns(self) -> RequestPatterns:
        """Finds the name of a request. Raises ValueError for a pattern that cannot be read."""
        return _in_use.made_of(self, self._read)

    def _read(self) -> RequestPatterns:
        return RequestPatterns(
            {name: texts.whole for name, texts in self.requests.items()},
            {name: texts.begins for name, texts in self.requests.items()},
            lists=self.word_lists,
            spellings=self.spellings,
            small_words=self.small_words,
        )

    @cached_property
    def language_names(self) -> RequestPatterns:
        """Finds the code of the language that a whole message names: "in Spanish, please"."""
        return RequestPatterns(
            {code: names.typed for code, names in self.languages.items()},
            {},
            lists={},
            spellings={},
            small_words=(*self.small_words, *self.around_languages.typed),
        )
