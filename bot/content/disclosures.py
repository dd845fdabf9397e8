"""The model of disclosures.yaml: what people tell, and the warm sentence that comes first. Called by `load`."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Self

from pydantic import model_validator

from bot.content.texts import InUse, Label, Texts, entries, holds
from bot.domain.openings import OpeningPatterns

_in_use = InUse[OpeningPatterns]()
# One or two sentences, read in a hard moment.
Line = Annotated[str, holds(limit=160)]
Lines = Annotated[tuple[Line, ...], entries(2)]


class Disclosure(Texts):
    """One kind of what people tell: `alone` are whole messages, `says` patterns. `lines` take turns.

    What `unless` finds is taken out before `says` is searched: "not happy".

    `goes_first`: where an opening fits as well, a line stands above its answer, or in its place.
    """

    goes_first: bool = False
    alone: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    lines: Lines

    @model_validator(mode="after")
    def _is_recognized(self) -> Self:
        if not self.alone and not self.says:
            raise ValueError("is never recognized; write at least one line under alone or says")
        return self


@dataclass(frozen=True, slots=True)
class Told:
    """How one message is answered that tells of something; of each, variants that take turns."""

    lines: tuple[str, ...]
    going_on: tuple[str, ...]
    with_buttons: tuple[str, ...]
    goes_first: bool


class Disclosures(Texts):
    """All of disclosures.yaml. Where nothing waits, `button` begins `flow` below a line."""

    going_on: Lines
    with_buttons: Lines
    flow: str
    button: Label
    spellings: dict[str, str]
    fillers: tuple[str, ...]
    key_words: tuple[str, ...]
    word_lists: dict[str, tuple[str, ...]]
    disclosures: dict[str, Disclosure]

    @model_validator(mode="after")
    def _patterns_can_be_read(self) -> Self:
        _ = self.patterns
        return self

    @cached_property
    def patterns(self) -> OpeningPatterns:
        """Finds the kind that a text tells of. Raises ValueError for a pattern that cannot be read."""
        return _in_use.made_of(self, self._read)

    def told(self, name: str | None) -> Told | None:
        """Returns how a message of this kind is answered; None for a kind that is not here."""
        kind = self.disclosures.get(name or "")
        return Told(kind.lines, self.going_on, self.with_buttons, kind.goes_first) if kind else None

    def _read(self) -> OpeningPatterns:
        return OpeningPatterns(
            {name: kind.alone for name, kind in self.disclosures.items()},
            {name: kind.says for name, kind in self.disclosures.items()},
            unless={name: kind.unless for name, kind in self.disclosures.items()},
            lists=self.word_lists,
            spellings=self.spellings,
            fillers=self.fillers,
            key_words=self.key_words,
        )
