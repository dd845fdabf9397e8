"""Explainers: short answers to what people ask about crying, by theme, each drawn from one article."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from bot.content.affirmations import Source
from bot.content.words import Label, Words, entries, holds

# A button carries it, after "l:e:"; Telegram takes 64 bytes.
ShortId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class Theme(Words):
    id: ShortId
    name: Label


class Explainer(Words):
    """One question and its answer. `contested`: research disagrees here, and the text says in which way."""

    id: ShortId
    theme: ShortId
    question: Annotated[str, holds(limit=60)]
    text: Annotated[str, holds(limit=900)]
    source: ShortId
    also: tuple[Annotated[str, holds(limit=200)], ...] = ()
    contested: bool = False


class Explainers(Words):
    """`themes` in the order in which they are shown, `explainers` in their order within a theme."""

    sources: dict[ShortId, Source]
    themes: Annotated[tuple[Theme, ...], entries(1)]
    explainers: Annotated[tuple[Explainer, ...], entries(1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Each error at its own place: within a model's validator, pydantic takes a whole ValidationError over."""
        if errors := list(_misfits(self)):
            raise ValidationError.from_exception_data(type(self).__name__, errors)
        return self

    def theme(self, theme_id: str) -> Theme | None:
        return next((each for each in self.themes if each.id == theme_id), None)

    def explainer(self, explainer_id: str) -> Explainer | None:
        return next((each for each in self.explainers if each.id == explainer_id), None)

    def within(self, theme_id: str) -> tuple[Explainer, ...]:
        return tuple(each for each in self.explainers if each.theme == theme_id)

    def after(self, explainer: Explainer) -> Explainer | None:
        """The next one of the same theme, none after the last."""
        siblings = self.within(explainer.theme)
        return next(iter(siblings[siblings.index(explainer) + 1 :]), None)


def _misfits(explainers: Explainers) -> Iterator[InitErrorDetails]:
    filled = {each.theme for each in explainers.explainers}
    yield from _repeated("themes", [each.id for each in explainers.themes])
    for index, theme in enumerate(explainers.themes):
        if theme.id not in filled:
            yield _misfit(("themes", index), f"the theme {theme.id} has no explainers; write one, or take it out")
    yield from _repeated("explainers", [each.id for each in explainers.explainers])
    for index, each in enumerate(explainers.explainers):
        if explainers.theme(each.theme) is None:
            problem = f"{each.theme} is not under themes; add it there, or correct the name"
            yield _misfit(("explainers", index, "theme"), problem)
        if each.source not in explainers.sources:
            problem = f"{each.source} is not under sources; add it there, or correct the name"
            yield _misfit(("explainers", index, "source"), problem)


def _repeated(part: str, ids: list[str]) -> Iterator[InitErrorDetails]:
    seen: Counter[str] = Counter()
    for index, each in enumerate(ids):
        if seen[each]:
            yield _misfit((part, index, "id"), f"the id {each} stands above already; give this one another id")
        seen[each] += 1


def _misfit(place: tuple[str | int, ...], problem: str) -> InitErrorDetails:
    return InitErrorDetails(
        type=PydanticCustomError("misfit", "{problem}", {"problem": problem}), loc=place, input=None
    )
