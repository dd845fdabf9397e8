"""A YAML file as plain values, with the line that each part stands on, so that an error can point at it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

Place = tuple[str | int, ...]
Mark = tuple[Path, int]  # a file and a line in it
BOOLEAN = "tag:yaml.org,2002:bool"
DEEPEST = 12  # nothing in messages/ goes deeper than half of it


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong in the words: where, what, and the cure; for style the rule that it breaks too.

    A note is worth a look, and stops nothing.
    """

    file: Path
    line: int
    place: str
    problem: str
    cure: str
    rule: str = ""
    is_note: bool = False

    def __str__(self) -> str:
        place = f" {self.place}:" if self.place else ""
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{self.file}:{self.line}:{place} {self.problem}. {self.cure}{rule}"


@dataclass(frozen=True)
class Document:
    """What one file holds; `marks` maps the place of each part, such as ("affirmations", 3, "text"), to file and line.

    Where files are laid over each other, its parts stand in several files.
    """

    file: Path
    content: object
    marks: dict[Place, Mark] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def mark_of(self, place: Place) -> Mark:
        """Where the nearest part is written down: a missing key stands where its parent does."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, (self.file, 1))

    def finding(self, place: Place, problem: str, cure: str, *, rule: str = "", is_note: bool = False) -> Finding:
        return Finding(*self.mark_of(place), dotted(place), problem, cure, rule, is_note)


def dotted(place: Place) -> str:
    """`affirmations[3].text`, counted from 1 as people do."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def read_document(file: Path) -> Document:
    """Read one file. Never raises for what is written in it: what is wrong comes back in `findings`."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        return _unreadable(file, 1, f"cannot be read ({error.strerror})", "Put the file back, or make it readable")
    except UnicodeDecodeError:
        return _unreadable(file, 1, "is not UTF-8 text", "Save the file as UTF-8")
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        cure = "Put the text in quotes, and indent with two spaces"
        return _unreadable(file, line, f"is not YAML: {error.problem or error.context}", cure)
    except yaml.YAMLError as error:
        return _unreadable(file, 1, f"is not YAML: {error}", "Take out the character that it names")
    if root is None:
        return _unreadable(file, 1, "is empty", "Fill the file, or remove it")
    return _read_tree(file, root)


def lay_over(lower: Document, upper: Document) -> Document:
    """The lower one with what the upper one says differently: key by key in mappings, else as a whole."""
    if upper.content is None:
        return Document(lower.file, lower.content, lower.marks, (*lower.findings, *upper.findings))
    marks = dict(lower.marks)
    content = _merged(lower.content, upper, upper.content, (), marks)
    return Document(lower.file, content, marks, (*lower.findings, *upper.findings))


def _merged(below: object, upper: Document, above: object, place: Place, marks: dict[Place, Mark]) -> object:
    if isinstance(below, dict) and isinstance(above, dict):
        own = {key: _merged(below.get(key), upper, value, (*place, key), marks) for key, value in above.items()}
        return {**below, **own}
    size = len(place)
    for each in [each for each in marks if each[:size] == place]:
        del marks[each]
    marks.update({each: mark for each, mark in upper.marks.items() if each[:size] == place})
    return above


def _unreadable(file: Path, line: int, problem: str, cure: str) -> Document:
    return Document(file, None, findings=(Finding(file, line, "", problem, cure),))


def _is_a_word(node: yaml.Node) -> bool:
    """YAML takes "Yes", "No" and "On" for true and false; people put them on buttons."""
    return node.tag == BOOLEAN and node.value.lower() not in ("true", "false")


def _read_tree(file: Path, root: yaml.Node) -> Document:
    constructor = yaml.constructor.SafeConstructor()
    marks: dict[Place, Mark] = {}
    findings: list[Finding] = []

    def read(node: yaml.Node, place: Place) -> object:
        marks.setdefault(place, (file, node.start_mark.line + 1))
        if len(place) > DEEPEST:  # an alias that holds itself has no end
            findings.append(Finding(*marks[place], "", "is nested too deep", "Write the part out, without *"))
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(read_pairs(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [read(each, (*place, index)) for index, each in enumerate(node.value)]
        return read_scalar(node, place)

    def read_scalar(node: yaml.Node, place: Place) -> object:
        try:
            return node.value if _is_a_word(node) else constructor.construct_object(node)
        except (ValueError, yaml.YAMLError):
            findings.append(Finding(*marks[place], dotted(place), f"cannot be read: {node.value}", "Put it in quotes"))
            return node.value

    def read_pairs(node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                inside = (*place, key)
                findings.append(Finding(file, line, dotted(inside), "stands twice", "Keep one of the two"))
                continue
            seen.add(key)
            marks[*place, key] = (file, line)
            yield key, read(value_node, (*place, key))

    content = read(root, ())
    return Document(file, content, marks, tuple(findings))
