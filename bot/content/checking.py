"""Checks what stands in a file against its model, and says what is wrong in words. Called by `load`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.content.documents import Document, Finding, Place, dotted
from bot.content.texts import FORMS

Model = TypeVar("Model", bound=BaseModel)

# pydantic's types of errors -> the problem and the cure, for a person who edits a text file.
EXPLANATIONS = {
    "missing": ("is missing", "Add it"),
    "extra_forbidden": ("is not known here", "Take it out, or correct its name"),
    "string_type": ("is not a text", "Put it in quotes"),
    "string_pattern_mismatch": ("is not written as it has to be", "Write {in_words}"),
    "literal_error": ("is none of what can stand here", "Write {expected}"),
    "string_too_long": ("is longer than {max_length} characters", "Shorten it"),
    "string_too_short": ("is empty", "Write the text"),
    "too_short": ("has no entries", "Write at least one"),
    "model_type": ("is not a list of names and values", "Write `name: value` lines, indented by two spaces"),
    "dict_type": ("is not a list of names and values", "Write `name: value` lines, indented by two spaces"),
    "tuple_type": ("is not a list", "Write one entry a line, each with `- ` before it"),
    "date_type": ("is not a date", "Write it like 2026-11-22"),
    "date_from_datetime_parsing": ("is not a date", "Write it like 2026-11-22"),
}
SUPERFLUOUS = "extra_forbidden"


@dataclass(frozen=True)
class Report:
    """What is found in a language's folders: `errors` stop the program, `notes` do not.

    What an own folder holds and nothing uses is a note: a new version of the bot may have no such text any more, and
    must not keep a practice's bot from starting. `own` are the folders that are laid over the first.
    """

    own: tuple[Path, ...]
    errors: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def is_own(self, file: Path) -> bool:
        """Whether a file stands in one of the own folders."""
        return any(file.is_relative_to(folder) for folder in self.own)

    def superfluous(self, document: Document, place: Place, problem: str, cure: str) -> None:
        """Reports what nothing uses."""
        is_note = self.is_own(document.mark_of(place)[0])
        finding = document.finding(place, problem, cure, is_note=is_note)
        (self.notes if is_note else self.errors).append(finding)

    def check(self, document: Document, model: type[Model]) -> Model | None:
        """Returns the content as a model; None if it is wrong, which is reported."""
        self.errors.extend(document.findings)
        if document.content is None:
            return None
        try:
            return model.model_validate(document.content)
        except ValidationError as error:
            details = [dict(one) for one in error.errors()]
        extra = [place_of(one) for one in details if one["type"] == SUPERFLUOUS and self._is_own_key(document, one)]
        others = [one for one in details if place_of(one) not in extra]
        for place in extra:
            self.superfluous(document, place, "is not known here, and is passed over", _corrected(document, place))
        self.errors.extend(explain(document, one) for one in others)
        return None if others else self._check_rest(document, model, extra)

    def _is_own_key(self, document: Document, error: dict[str, object]) -> bool:
        place = place_of(error)
        return place in document.marks and self.is_own(document.mark_of(place)[0])

    def _check_rest(self, document: Document, model: type[Model], extra: Iterable[Place]) -> Model | None:
        content = document.content
        for place in extra:
            content = _without(content, place)
        try:
            return model.model_validate(content)
        except ValidationError as error:  # the rest is checked as a whole only now
            self.errors.extend(explain(document, dict(details)) for details in error.errors())
            return None


def place_of(error: dict[str, object]) -> Place:
    """Returns where an error of pydantic is."""
    location = error["loc"]
    return tuple(part for part in location if part != "[key]") if isinstance(location, tuple) else ()


def _corrected(document: Document, place: Place) -> str:
    """Returns the cure for a name that is not known, with the one beside it that may be meant."""
    *around, name = place
    beside = document.at(tuple(around))
    names = [str(other) for other in beside if other != name] if isinstance(beside, dict) else []
    meant = get_close_matches(str(name), names, 1)
    _, cure = EXPLANATIONS[SUPERFLUOUS]
    return f"{cure}: did you mean {meant[0]}?" if meant else cure


def explain(document: Document, error: dict[str, object]) -> Finding:
    """Returns an error of pydantic in words, with its place."""
    place, kind, context = place_of(error), str(error["type"]), error.get("ctx")
    if kind in EXPLANATIONS:
        problem, cure = EXPLANATIONS[kind]
        if isinstance(context, dict):
            said = {"in_words": FORMS.get(str(context.get("pattern")), "it in another form"), **context}
            problem, cure = problem.format_map(said), cure.format_map(said)
        return document.finding(place, problem, cure)
    problem, _, cure = str(error["msg"]).removeprefix("Value error, ").partition("; ")
    cure = f"{cure[:1].upper()}{cure[1:]}" if cure else f"Compare {dotted(place)} with the entries beside it"
    return document.finding(place, problem, cure)


def _without(content: object, place: Place) -> object:
    """Returns the content without the entry at a place; what is not changed is shared."""
    first, *rest = place
    if isinstance(content, dict):
        if not rest:
            return {key: value for key, value in content.items() if key != first}
        return {**content, first: _without(content[first], tuple(rest))}
    if isinstance(content, list) and isinstance(first, int) and rest:
        return [*content[:first], _without(content[first], tuple(rest)), *content[first + 1 :]]
    return content
