"""Affirmations: short sentences, each drawn from one idea of one article."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.content.words import Words, entries

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]


class Source(Words):
    """The article that a file of affirmations grew from, as it is credited."""

    title: Annotated[str, Field(min_length=1)]
    author: str | None = None


class WrittenAffirmation(Words):
    """An affirmation as it stands in its file, where the source is named once for all."""

    id: Identifier
    text: Annotated[str, Field(min_length=1, max_length=180)]
    idea: Annotated[str, Field(min_length=1)]
    themes: Annotated[tuple[Identifier, ...], entries(1)]


class AffirmationFile(Words):
    """`leave_out` names affirmations of a folder that this file is laid over, which are not wanted here."""

    source: Source
    leave_out: tuple[Identifier, ...] = ()
    affirmations: tuple[WrittenAffirmation, ...] = ()

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not (self.affirmations or self.leave_out):
            raise ValueError("holds no affirmations; write at least one, or take the file out")
        return self


class Affirmation(WrittenAffirmation):
    """One sentence to send, with where it comes from: `source` is the article, `idea` the point of it."""

    source: Source
