"""The models of affirmations: short sentences, each based on one idea of one article. Called by `load`."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from bot.content.texts import ID, ID_IN_WORDS, Texts, entries, form

SUBTITLE = re.compile(r"\s*:\s|\s+[-\u2013\u2014]\s")
Identifier = Annotated[str, form(ID, ID_IN_WORDS, max_length=50)]


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _without_placeholders(text: str) -> str:
    if found := PLACEHOLDER.search(text):
        raise ValueError(f"has a placeholder {{{found[1]}}} that nothing fills; known here: none")
    return text


class Source(Texts):
    """The article that a text is based on, as it is credited. `short` is what stands on a card."""

    title: Annotated[str, Field(min_length=1)]
    author: str | None = None
    short: Annotated[str, Field(min_length=1, max_length=60)] | None = None

    @property
    def on_a_card(self) -> str:
        """One short line: the title as far as its colon or dash, if no other was chosen."""
        return self.short or SUBTITLE.split(self.title, maxsplit=1)[0]


class WrittenAffirmation(Texts):
    """An affirmation as its file holds it; the file names the source once for all."""

    id: Identifier
    text: Annotated[str, Field(min_length=1, max_length=180), AfterValidator(_without_placeholders)]
    idea: Annotated[str, Field(min_length=1)]
    themes: Annotated[tuple[Identifier, ...], entries(1)]


class AffirmationFile(Texts):
    """A file of affirmations. `leave_out` names affirmations of earlier folders that are removed."""

    source: Source
    leave_out: tuple[Identifier, ...] = ()
    affirmations: tuple[WrittenAffirmation, ...] = ()

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not (self.affirmations or self.leave_out):
            raise ValueError("holds no affirmations; write at least one, or take the file out")
        return self


class Affirmation(WrittenAffirmation):
    """A sentence to send. `source` is its article, `idea` the point of the article that it is based on."""

    source: Source
