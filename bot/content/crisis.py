"""The model of crisis.yaml: the plain words of danger that open the support card. Called by `load`."""

from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import model_validator

from bot.content.texts import InUse, Texts, entries
from bot.domain.crisis_phrases import CrisisPhrases

# What is in danger, the most urgent first: this one decides which line comes first on the card.
Danger = Literal["medical", "from_others", "to_others", "oneself"]
DANGERS: tuple[Danger, ...] = get_args(Danger)
Patterns = Annotated[tuple[str, ...], entries(1)]
_in_use = InUse[CrisisPhrases]()


class Crisis(Texts):
    """All of crisis.yaml; `domain.crisis_phrases` says what each part does."""

    spellings: dict[str, str]
    fillers: tuple[str, ...]
    key_words: tuple[str, ...]
    ordinary: tuple[str, ...]
    word_lists: dict[str, Patterns]
    certain: dict[Danger, Patterns]
    danger: dict[Danger, Patterns]
    look_alikes: tuple[str, ...]
    denials: tuple[str, ...]
    but: tuple[str, ...]
    not_alone: tuple[str, ...]

    @model_validator(mode="after")
    def _patterns_can_be_read(self) -> Self:
        if missing := [name for name in DANGERS if name not in self.danger]:
            raise ValueError(f"danger has no {missing[0]}; add its patterns")
        _ = self.phrases
        return self

    @cached_property
    def phrases(self) -> CrisisPhrases:
        """The patterns, ready to be searched. Raises ValueError for one that cannot be read."""
        return _in_use.made_of(self, self._read)

    def _read(self) -> CrisisPhrases:
        return CrisisPhrases(
            {name: self.danger[name] for name in DANGERS},
            certain={name: self.certain[name] for name in DANGERS if name in self.certain},
            look_alikes=self.look_alikes,
            denials=self.denials,
            but=self.but,
            not_alone=self.not_alone,
            lists=self.word_lists,
            spellings=self.spellings,
            fillers=self.fillers,
            key_words=self.key_words,
            ordinary=self.ordinary,
        )
