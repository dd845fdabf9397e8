"""Compares two languages: every file, key, step and placeholder. Called by `python -m bot check`."""

import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot.content.documents import Document, Finding, Place, from_here, read_document
from bot.content.layers import Layers, find, names_in

# These differ between languages: what people type in them, and CLDR's patterns.
OWN_TEXTS = {
    *(
        "spellings",
        "fillers",
        "key_words",
        "ordinary",
        "word_lists",
        "certain",
        "patterns",
        "look_alikes",
        "denials",
        "grave",
        "but",
        "not_alone",
        "is_danger",
        "is_everyday",
        "alone",
        "says",
        "unless",
        "typed",
        "presses",
        "names",
        "small_words",
        "whole",
        "begins",
        "typed_session",
        "morning_and_evening",
        "clock_words",
        "change_words",
        "closed_by",
    ),
    "breath_words",
    *("locale", "day", "day_of_year"),
    *("first_countries", "country_names", "also_called"),
}
# In rules.yaml only the ids of themes and of the example are the same in all languages.
OWN_RULES = {
    "words",
    "reading_measure",
    "reading_grade",
    "similarity",
    "shared_words",
    "least_in_a_theme",
    "most_words_in_a_step",
    "emoji",
}
# The same in every language: names for the program, addresses; by their file or folder.
SAME = {
    "affirmations": {"id", "themes"},
    "flows": {"next", "first", "call", "picture", "wait", "opens"},
    "explainers": {"id", "theme", "source"},
    "openings": {"flow"},
    "disclosures": {"flow"},
    "crisis": {"opens"},
    "rules": {"therapy", "group", "example"},
}
FORMS = {"zero", "one", "two", "few", "many", "other"}  # each language uses its own
RULE = "language"


def compare(original: Layers, translation: Layers) -> list[Finding]:
    """Returns all differences of a translation from the original, sorted by file and line.

    What a practice overrides in one language only is a note: the other languages work without it. So is an affirmation:
    who writes one need not know every language. Such a note is about the file of the practice, which it can change.
    """
    ours, theirs = set(original.names()), set(translation.names())
    here, there = original.folders[0], translation.folders[0]
    findings = [
        *(
            _own(original, name, translation) or _finding(there / name, "is missing", f"Write it, as in {here / name}")
            for name in ours - theirs
        ),
        *(
            _own(translation, name, original) or _finding(there / name, f"is not in {here}", "Write it there too")
            for name in theirs - ours
        ),
    ]
    for name in sorted(ours & theirs):
        findings.extend(_Pair(original, translation, name).compare())
    added = {name for layers in (original, translation) for folder in layers.folders[1:] for name in names_in(folder)}
    return sorted(
        (replace(one, is_note=one.is_note or any(one.file.match(name) for name in added)) for one in findings),
        key=lambda finding: (str(finding.file), finding.line),
    )


def _document(layers: Layers, name: str) -> Document:
    folder, _, file = name.rpartition("/")
    return read_document(layers.files(folder)[file.removesuffix(".yaml")]) if folder else layers.document(name)


def _own(layers: Layers, name: str, other: Layers) -> Finding | None:
    """What is to be said of a file in one language if an own folder has it, where it may well be alone."""
    for folder in reversed(layers.folders[1:]):
        if file := find(folder, name):
            return _finding(file, *_alone(folder, file, other))
    return None


def _own_part(document: Document, place: Place, layers: Layers, other: Layers) -> Finding | None:
    """The same of a part of a file."""
    file, _ = document.mark_of(place)
    for folder in layers.folders[1:]:
        if file.is_relative_to(folder):
            return document.finding(place, *_alone(folder, file, other), rule=RULE)
    return None


def _alone(folder: Path, file: Path, other: Layers) -> tuple[str, str]:
    """Returns the problem and the cure: where it can be written in the other language."""
    twin = folder.with_name(other.folders[0].name.lower()) / file.relative_to(folder)
    problem = f"is there in {folder.name.lower()} only: who reads another language gets none of it"
    return problem, f"Write it in {from_here(twin)} too, or leave it so"


def _finding(file: Path, problem: str, cure: str) -> Finding:
    return Finding(file, 1, "", problem, cure, RULE)


class _Pair:
    """One file in two languages."""

    def __init__(self, original: Layers, translation: Layers, name: str) -> None:
        self._layers = original, translation
        self._original = _document(original, name)
        self._translation = _document(translation, name)

    def compare(self) -> Iterator[Finding]:
        one, other = self._original.content, self._translation.content
        if one is not None and other is not None:
            yield from self._values(one, other, ())

    def _values(self, one: object, other: object, place: Place) -> Iterator[Finding]:
        if place and (place[-1] in OWN_TEXTS or (len(place) == 1 and place[0] in OWN_RULES)):
            return
        if isinstance(one, dict) and isinstance(other, dict):
            yield from self._mappings(one, other, place)
        elif isinstance(one, list) and isinstance(other, list):
            yield from self._lists(one, other, place)
        elif isinstance(one, str) and isinstance(other, str):
            yield from self._texts(one, other, place)
        elif one != other:
            yield self._find(place, f"is {other!r}, and {one!r} in {self._there(place)}", "Write it as there")

    def _mappings(self, one: Mapping[str, object], other: Mapping[str, object], place: Place) -> Iterator[Finding]:
        if "other" in one and "other" in other and one.keys() | other.keys() <= FORMS:
            yield from self._texts(str(one["other"]), str(other["other"]), (*place, "other"))
            return
        original, translation = self._layers
        for part in [(*place, key) for key in one.keys() - other.keys() - OWN_TEXTS]:
            cure = f"Write it, as in {self._there(part)}"
            own = _own_part(self._original, part, original, translation)
            yield own or self._find(part, "is missing in this language", cure)
        for part in [(*place, key) for key in other.keys() - one.keys() - OWN_TEXTS]:
            problem, cure = f"is not in {self._original.file}", "Take it out, or write it there too"
            own = _own_part(self._translation, part, translation, original)
            yield own or self._find(part, problem, cure)
        for key in one.keys() & other.keys():
            yield from self._values(one[key], other[key], (*place, key))

    def _lists(self, one: list[object], other: list[object], place: Place) -> Iterator[Finding]:
        if place == ("affirmations",) and (ours := _by_id(one)) and (theirs := _by_id(other)):
            yield from self._affirmations(ours, theirs)
            return
        if len(one) != len(other):
            problem = f"has {len(other)} entries, and {len(one)} in {self._there(place)}"
            yield self._find(place, problem, "Write as many, in the same order")
        for index, (here, there) in enumerate(zip(one, other, strict=False)):
            yield from self._values(here, there, (*place, index))

    def _affirmations(self, ours: Mapping[object, int], theirs: Mapping[object, int]) -> Iterator[Finding]:
        """The ids of each language with their places in the lists, whose order is free."""
        lists = self._original.content, self._translation.content
        one, other = (content["affirmations"] if isinstance(content, dict) else [] for content in lists)
        for name in ours.keys() - theirs.keys():
            there = self._there(("affirmations", ours[name]))
            problem = f"has no {name}, which is in {there}: who reads this language does not get it"
            found = self._find(("affirmations",), problem, "Write it here too, or leave it so")
            yield replace(found, is_note=True)
        for name in theirs.keys() - ours.keys():
            problem = f"is not in {self._original.file}: who reads that language does not get it"
            found = self._find(("affirmations", theirs[name]), problem, "Write it there too, or leave it so")
            yield replace(found, is_note=True)
        for name in ours.keys() & theirs.keys():
            yield from self._values(one[ours[name]], other[theirs[name]], ("affirmations", theirs[name]))

    def _texts(self, one: str, other: str, place: Place) -> Iterator[Finding]:
        keys = [part for part in place if isinstance(part, str)]
        if self._is_data(keys) and one != other:
            yield self._find(place, f'is "{other}", and "{one}" in {self._there(place)}', "Write it as there")
        if (ours := _placeholders(one)) != (theirs := _placeholders(other)):
            problem = f"holds {_listed(theirs)}, and {_listed(ours)} in {self._there(place)}"
            yield self._find(place, problem, "Use the same words in braces")

    def _is_data(self, keys: list[str]) -> bool:
        file = self._original.file
        part = file.stem if file.stem in SAME else file.parent.name
        is_credited = keys[:1] == ["sources"] or (keys[:1] == ["source"] and part in ("affirmations", "flows"))
        return is_credited or keys[-1] in SAME.get(part, ())

    def _there(self, place: Place) -> str:
        return ":".join(map(str, self._original.mark_of(place)))

    def _find(self, place: Place, problem: str, cure: str) -> Finding:
        return self._translation.finding(place, problem, cure, rule=RULE)


def _by_id(entries: list[object]) -> dict[object, int]:
    """Returns where each entry stands, by its id; nothing if one has none."""
    found = {entry["id"]: index for index, entry in enumerate(entries) if isinstance(entry, dict) and "id" in entry}
    return found if len(found) == len(entries) else {}


def _placeholders(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:  # a single brace is an error of the model already
        return set()


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "nothing in braces"
