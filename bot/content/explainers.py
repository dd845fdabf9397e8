"""The models of explainers: questions about crying with short answers, by theme. Called by `load`."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from bot.content.affirmations import Source
from bot.content.texts import ID, ID_IN_WORDS, Label, Texts, entries, form, holds

# Callback data holds it after "l:e:", in at most 64 bytes (Bot API, InlineKeyboardButton).
ShortId = Annotated[str, form(ID, ID_IN_WORDS, max_length=40)]


class Theme(Texts):
    """A group of explainers, as /learn lists them."""

    id: ShortId
    name: Label


class Explainer(Texts):
    """One question and its answer. `contested`: research disagrees, and the text says how. `also` holds more papers."""

    id: ShortId
    theme: ShortId
    question: Annotated[str, holds(limit=60)]
    text: Annotated[str, holds(limit=900)]
    source: ShortId
    also: tuple[Annotated[str, holds(limit=200)], ...] = ()
    contested: bool = False


class Explainers(Texts):
    """All themes and explainers, in the order in which they are shown."""

    sources: dict[ShortId, Source]
    themes: Annotated[tuple[Theme, ...], entries(1)]
    explainers: Annotated[tuple[Explainer, ...], entries(1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Raises a ValidationError with one error for each misfit, which pydantic passes on with all their places."""
        if errors := list(_misfits(self)):
            raise ValidationError.from_exception_data(type(self).__name__, errors)
        return self

    def theme(self, theme_id: str) -> Theme | None:
        """Returns the theme with this id, or None."""
        return next((theme for theme in self.themes if theme.id == theme_id), None)

    def explainer(self, explainer_id: str) -> Explainer | None:
        """Returns the explainer with this id, or None."""
        return next((explainer for explainer in self.explainers if explainer.id == explainer_id), None)

    def within(self, theme_id: str) -> tuple[Explainer, ...]:
        """Returns the explainers of a theme."""
        return tuple(explainer for explainer in self.explainers if explainer.theme == theme_id)

    def after(self, explainer: Explainer) -> Explainer | None:
        """Returns the next explainer of the same theme; None after the last."""
        siblings = self.within(explainer.theme)
        return next(iter(siblings[siblings.index(explainer) + 1 :]), None)


def _misfits(explainers: Explainers) -> Iterator[InitErrorDetails]:
    filled = {explainer.theme for explainer in explainers.explainers}
    yield from _repeated("themes", [theme.id for theme in explainers.themes])
    for index, theme in enumerate(explainers.themes):
        if theme.id not in filled:
            yield _misfit(("themes", index), f"the theme {theme.id} has no explainers; write one, or take it out")
    yield from _repeated("explainers", [explainer.id for explainer in explainers.explainers])
    for index, explainer in enumerate(explainers.explainers):
        if explainers.theme(explainer.theme) is None:
            problem = f"{explainer.theme} is not under themes; add it there, or correct the name"
            yield _misfit(("explainers", index, "theme"), problem)
        if explainer.source not in explainers.sources:
            problem = f"{explainer.source} is not under sources; add it there, or correct the name"
            yield _misfit(("explainers", index, "source"), problem)


def _repeated(part: str, ids: list[str]) -> Iterator[InitErrorDetails]:
    seen: Counter[str] = Counter()
    for index, entry_id in enumerate(ids):
        if seen[entry_id]:
            yield _misfit((part, index, "id"), f"the id {entry_id} stands above already; give this one another id")
        seen[entry_id] += 1


def _misfit(place: tuple[str | int, ...], problem: str) -> InitErrorDetails:
    return InitErrorDetails(
        type=PydanticCustomError("misfit", "{problem}", {"problem": problem}), loc=place, input=None
    )
