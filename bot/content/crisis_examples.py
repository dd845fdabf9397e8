"""Tries the words of danger on plain sentences. Called by `python -m bot check`.

Own words may neither silence danger, nor open the support card for everyday talk.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from bot.content.checking import Report
from bot.content.crisis import Crisis
from bot.content.documents import Document, Finding, Mark, Place, read_document
from bot.content.layers import CRISIS, Layers, find
from bot.content.load import EXAMPLES, crisis_documents, read_crisis
from bot.content.texts import Texts
from bot.domain.crisis_phrases.patterns import PatternReader, Patterns
from bot.domain.crisis_phrases.spelling import Spelling, fold_spellings

RULE = "plain danger"
SILENCING, OPENING = ("look_alikes", "denials"), ("certain", "alone", "patterns")  # keys of lines that can be to blame

HIDES = "Take out the line that hides it, or end that line with a word that is harmless"
# Where no line is to blame, but the file as a whole: it stands at its first line, where `opens` is.
LOST = "Take the file out, or bring back what stood under the same keys in messages/"
FINDS = "Take out the line that finds it, or add words that are said only in danger"


class Examples(Texts):
    """crisis/examples.yaml: sentences that have to open the card, and some that must not."""

    is_danger: tuple[str, ...] = ()
    is_everyday: tuple[str, ...] = ()


def read_examples(layers: Layers) -> tuple[Examples, list[Finding]]:
    """Returns the examples of all folders together: none can take one away. And what is wrong in their files."""
    report = Report(own=layers.folders[1:])
    files = filter(None, (find(folder, f"{CRISIS}/{EXAMPLES}.yaml") for folder in layers.folders))
    read = [examples for file in files if (examples := report.check(read_document(file), Examples))]
    danger = dict.fromkeys(sentence for examples in read for sentence in examples.is_danger)
    everyday = dict.fromkeys(sentence for examples in read for sentence in examples.is_everyday)
    findings = [*report.errors, *report.notes]
    if not danger and not findings:
        file = layers.folders[0] / CRISIS / f"{EXAMPLES}.yaml"
        cure = "Write there, under `is_danger`, sentences that have to open the card"
        findings.append(Finding(file, 1, "", "is missing, so the words of danger are not tried", cure, is_note=True))
    return Examples(is_danger=tuple(danger), is_everyday=tuple(everyday)), findings


def try_examples(
    layers: Layers, crisis: Crisis, *, danger: Collection[str], everyday: Collection[str]
) -> Iterator[Finding]:
    """Yields one finding for each line, or file, that is probably to blame, with the first sentence that shows it.

    People write in any language, whichever is spoken: `everyday` are the sentences of all.
    """
    silenced = [sentence for sentence in danger if crisis.phrases.find(sentence) is None]
    opened = [sentence for sentence in everyday if crisis.phrases.find(sentence) is not None]
    if not silenced and not opened:
        return
    search = _Search(layers, crisis)
    for mark, sentences in search.blamed(silenced, SILENCING, is_found=True).items():
        problem = f"hides danger: {_named(sentences)} no longer opens the support card"
        yield _finding(mark, problem, HIDES if mark[1] > 1 else LOST)
    for mark, sentences in search.blamed(opened, OPENING, is_found=False).items():
        yield _finding(mark, f"opens the support card for everyday talk: {_named(sentences)}", FINDS)


class _Search:
    """Looks for what is to blame: an own file without which all is well, and in it a line that takes in the words."""

    def __init__(self, layers: Layers, crisis: Crisis) -> None:
        self._layers, self._documents = layers, crisis_documents(layers)
        self._folder = layers.folders[0] / CRISIS
        self._without = dict(_without_each_own_file(layers, self._documents))
        spellings, fillers = fold_spellings(crisis.spelling.spellings), frozenset(crisis.spelling.fillers)
        self._read = Spelling(spellings=spellings, fillers=fillers).words
        self._reader = PatternReader(crisis.word_lists.word_lists, self._read)

    def blamed(self, sentences: Collection[str], keys: tuple[str, ...], *, is_found: bool) -> dict[Mark, list[str]]:
        """Returns the sentences by the line that is probably to blame; `is_found`: whether they should be found."""
        blamed: dict[Mark, list[str]] = {}
        for sentence in sentences:
            blamed.setdefault(self._mark(sentence, keys, is_found=is_found), []).append(sentence)
        return blamed

    def _mark(self, sentence: str, keys: tuple[str, ...], *, is_found: bool) -> Mark:
        own = {
            file: name
            for (name, file), crisis in self._without.items()
            if (crisis.phrases.find(sentence) is not None) == is_found
        }
        names = set(own.values()) or self._documents.keys()
        lines = [mark for name in sorted(names) for mark in self._lines(self._documents[name], sentence, keys)]
        in_own = [mark for mark in lines if mark[0] in own or not own]
        return max(in_own, key=lambda mark: self._layers.depth(mark[0]), default=(next(iter(own), self._folder), 1))

    def _lines(self, document: Document, sentence: str, keys: tuple[str, ...]) -> Iterator[Mark]:
        words = self._read(sentence)
        content = document.content if isinstance(document.content, dict) else {}
        for key in keys:
            for index, line in enumerate(content.get(key) or ()):
                place: Place = (key, index)
                if Patterns([line], self._reader).are_in(words):
                    yield document.mark_of(place)


def _without_each_own_file(
    layers: Layers, documents: Mapping[str, Document]
) -> Iterator[tuple[tuple[str, Path], Crisis]]:
    """Yields the words of danger as they would be without one own file, for each; the uppermost first."""
    for folder in reversed(layers.folders[1:]):
        rest = Layers(tuple(other for other in layers.folders if other != folder), layers.roots)
        below = crisis_documents(rest)
        for name in documents:
            file = find(folder, f"{CRISIS}/{name}.yaml")
            if file is None:
                continue
            others = {other: document for other, document in documents.items() if other != name}
            others |= {name: below[name]} if name in below else {}
            crisis = read_crisis(others, Report(own=layers.folders[1:]))
            with suppress(ValueError):  # another own file names a word list of this one
                if crisis and crisis.phrases:
                    yield (name, file), crisis


def _named(sentences: list[str]) -> str:
    more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
    return f'"{sentences[0]}"{more}'


def _finding(mark: Mark, problem: str, cure: str) -> Finding:
    file, line = mark
    return Finding(file, line, "", problem, cure, rule=RULE)
