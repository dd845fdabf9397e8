"""Checks the style of all texts against rules.yaml. Called by `python -m bot check` and the preview."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.content.affirmations import Affirmation
from bot.content.documents import Document, Finding, Place, read_document
from bot.content.layers import DISCLOSURES, RULES, Layers
from bot.content.load import Catalogue
from bot.content.rules import Part, Rules, WordRule
from bot.content.twins import twins
from bot.domain.cards import plain
from bot.domain.cards.typesetting import missing
from bot.domain.folding import QUOTES
from bot.domain.reading_level import grade

INSIDE, OPENING = r"(?<!\w)", r"(?:^|[.!?:;]\s+)[¿¡]?"  # before a word: anywhere; at the beginning of a sentence
# These keys hold no text of ours that a person sees: names, sources, data for the program.
UNSAID = {
    "id",
    "idea",
    "themes",
    "theme",
    "source",
    "sources",
    "also",
    "phrases",
    "look_alikes",
    "spellings",
    "fillers",
}
UNSAID |= {"first_countries", "languages", "next", "first", "call", "picture", "wait", "breath_words", "regions"}
UNSAID |= {"alone", "says", "unless", "key_words", "word_lists", "flow"}
FOLDERS: tuple[Part, ...] = ("affirmations", "flows")
FILES: tuple[Part, ...] = ("explainers", "support", "interface")


@dataclass(frozen=True, slots=True)
class VisibleText:
    """One text that people see, and its place."""

    part: Part
    document: Document
    place: Place
    text: str

    def finding(self, rule: str, problem: str, cure: str, *, is_note: bool = False) -> Finding:
        """Returns a finding at the place of this text."""
        return self.document.finding(self.place, problem, cure, rule=rule, is_note=is_note)


def lint(layers: Layers, catalogue: Catalogue) -> list[Finding]:
    """Returns all findings, notes among them, sorted by file and line."""
    in_use = {affirmation.text for affirmation in catalogue.affirmations}
    texts = [
        text
        for text in _all_texts(layers)
        if text.part != "affirmations" or text.place[-1] != "text" or text.text in in_use  # others were replaced
    ]
    affirmations = [text for text in texts if text.part == "affirmations" and text.place[-1] == "text"]
    findings = [
        *(finding for text in texts for finding in find_words(text, catalogue.rules)),
        *(finding for text in texts for finding in _emoji(text, catalogue.rules)),
        *_long_steps(texts, catalogue.rules),
        *_reading(affirmations, catalogue.rules),
        *_similar(affirmations, catalogue.rules),
        *_undrawable(affirmations),
        *_themes(layers, catalogue),
    ]
    return sorted(findings, key=lambda finding: (str(finding.file), finding.line, finding.rule))


def _all_texts(layers: Layers) -> Iterator[VisibleText]:
    for part in FOLDERS:
        for file in layers.files(part).values():
            yield from _texts_of(part, read_document(file))
    yield from _texts_of("flows", layers.document(DISCLOSURES))  # its sentences are said in flows
    for part in FILES:
        yield from _texts_of(part, layers.document(f"{part}.yaml"))


def _texts_of(part: Part, document: Document) -> Iterator[VisibleText]:
    for place, text in _texts(document.content, ()):
        yield VisibleText(part, document, place, text)


def _texts(content: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(content, str):
        yield place, content
    elif isinstance(content, dict):
        for key, value in content.items():
            if key not in UNSAID:
                yield from _texts(value, (*place, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _texts(value, (*place, index))


def find_words(text: VisibleText, rules: Rules) -> Iterator[Finding]:
    """Yields the words of one text that a rule forbids there."""
    searched = text.text.translate(QUOTES)
    for rule in rules.words:
        if text.part in rule.where or "everywhere" in rule.where:
            for word in _found(searched, rule):
                yield text.finding(rule.rule, f'says "{word}"', rule.cure)


def _found(text: str, rule: WordRule) -> Iterator[str]:
    if _any_of(rule.unless).search(text):
        for excuse in rule.unless:
            text = _any_of((excuse,)).sub(" ", text)
    for before, words in ((INSIDE, rule.words), (OPENING, rule.opens)):
        if words and _any_of(words, before, r"(?!\w)").search(text):
            yield from (word for word in words if _any_of((word,), before, r"(?!\w)").search(text))


@lru_cache(
    maxsize=4096
)  # all rules of a few languages: `re` itself keeps 512, and would compile most of them each time
def _any_of(phrases: tuple[str, ...], before: str = "", after: str = "") -> re.Pattern[str]:
    """Finds any of the phrases; nothing where there are none."""
    either = "|".join(map(re.escape, phrases)) if phrases else "(?!)"
    return re.compile(f"{before}(?:{either}){after}", re.IGNORECASE)


def _emoji(text: VisibleText, rules: Rules) -> Iterator[Finding]:
    most = rules.emoji.get(text.part)
    places = [index for index, sign in enumerate(text.text) if unicodedata.category(sign) == "So"]
    if most is None or not places:
        return
    if len(places) > most:
        yield text.finding("emoji", f"has {len(places)} emoji, and {most} may be here", "Take some out")
    elif any(sign.isalnum() for sign in text.text[places[0] :]):
        yield text.finding("emoji", "has its emoji before the end", "Put it at the end, or take it out")


def _long_steps(texts: list[VisibleText], rules: Rules) -> Iterator[Finding]:
    for text in texts:
        words = len(text.text.split())
        if text.part == "flows" and "say" in text.place and words > rules.most_words_in_a_step:
            problem = f"has {words} words, and {rules.most_words_in_a_step} are the most in a step"
            yield text.finding("long step", problem, "Shorten it, or make two steps of it")


def _reading(affirmations: list[VisibleText], rules: Rules) -> Iterator[Finding]:
    for text in affirmations:
        years = grade(text.text, is_spanish=rules.reading_measure == "crawford")
        if years > rules.reading_grade:
            problem = f"reads at grade {years:.1f}, and {rules.reading_grade:g} is the most"
            yield text.finding("reading level", problem, "Use shorter words, or two sentences", is_note=True)


def _similar(affirmations: list[VisibleText], rules: Rules) -> Iterator[Finding]:
    texts = [affirmation.text for affirmation in affirmations]
    for later, earlier in twins(texts, most_letters=rules.similarity, most_words=rules.shared_words):
        other = affirmations[earlier]
        where = ":".join(map(str, (other.document.file.name, other.document.mark_of(other.place)[1])))
        problem = f'says much the same as "{other.text}" ({where})'
        yield affirmations[later].finding("repetition", problem, "Say something else, or take one of them out")


def _undrawable(affirmations: list[VisibleText]) -> Iterator[Finding]:
    for text in affirmations:
        if signs := missing(plain(text.text)):
            problem = f"has signs that the type of the cards lacks: {' '.join(signs)}"
            yield text.finding("card", problem, "Write it with other signs; Latin, Greek, Cyrillic are there")


def _themes(layers: Layers, catalogue: Catalogue) -> Iterator[Finding]:
    rules, document = catalogue.rules, layers.document(RULES)
    counts = Counter(theme for affirmation in catalogue.affirmations for theme in affirmation.themes)
    for theme in rules.themes:
        if counts[theme] < rules.least_in_a_theme:
            problem = f"has {counts[theme]} affirmations, and {rules.least_in_a_theme} are the least"
            yield document.finding(("themes", theme), problem, "Write more of them", rule="theme size", is_note=True)
    for audience, names in rules.themes_for.model_dump().items():
        for index, theme in enumerate(names):
            if theme not in rules.themes:
                place, cure = ("themes_for", audience, index), f"Name one of: {', '.join(rules.themes)}"
                yield document.finding(place, f"names a theme {theme} that is not there", cure, rule="theme")
    if rules.example and catalogue.example.id != rules.example:
        problem, cure = f"names {rules.example}, which is not there for everyone", "Name another affirmation's id"
        yield document.finding(("example",), problem, cure, rule="example", is_note=True)
    for file in layers.files("affirmations").values():
        yield from _unknown_themes(read_document(file), catalogue.affirmations, rules)


def _unknown_themes(document: Document, affirmations: tuple[Affirmation, ...], rules: Rules) -> Iterator[Finding]:
    known = ", ".join(rules.themes)
    themes_of = {affirmation.id: affirmation.themes for affirmation in affirmations}
    content = document.content if isinstance(document.content, dict) else {}
    for index, entry in enumerate(content.get("affirmations", [])):
        for theme in themes_of.get(entry.get("id"), ()):
            if theme not in rules.themes:
                problem = f"names a theme {theme} that is not in rules.yaml"
                cure = f"Add it there, or name one of: {known}"
                yield document.finding(("affirmations", index, "themes"), problem, cure, rule="theme")
