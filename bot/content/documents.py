"""Reads YAML files as plain values with the line of each part, so that an error can name it. Called by `content`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakValueDictionary

import yaml

Place = tuple[str | int, ...]
Mark = tuple[Path, int]  # a file and a line in it
BOOLEAN = "tag:yaml.org,2002:bool"
DEEPEST = 12  # levels; nothing in messages/ goes deeper than half of it


@dataclass(frozen=True)
class Finding:
    """One problem in the texts: its place, the problem and the cure; for style also the rule that it breaks.

    A note is a hint only: it makes no check fail, except with --strict.
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
class _Tree:
    """What stands in a text, wherever its file is; `problems` are a line, its place, the problem and the cure."""

    content: object
    lines: dict[Place, int]
    problems: tuple[tuple[int, str, str, str], ...]


# What was parsed, as long as anyone holds a document of it.
_trees: WeakValueDictionary[str, _Tree] = WeakValueDictionary()


@dataclass(frozen=True)
class Document:
    """The content of one file; `marks` maps the place of a part, such as ("affirmations", 3, "text"), to file and line.

    The parts of a document that was merged by `lay_over` come from several files.
    """

    file: Path
    content: object
    marks: dict[Place, Mark] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    tree: _Tree | None = field(default=None, repr=False, compare=False)

    def mark_of(self, place: Place) -> Mark:
        """Returns file and line of a part; for a missing key those of its parent."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, (self.file, 1))

    def finding(self, place: Place, problem: str, cure: str, *, rule: str = "", is_note: bool = False) -> Finding:
        """Returns a finding at the file and line of a part."""
        return Finding(*self.mark_of(place), dotted(place), problem, cure, rule, is_note)


def dotted(place: Place) -> str:
    """Returns a place as text, such as `affirmations[3].text`; indices count from 1."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def read_document(file: Path) -> Document:
    """Reads one file. Raises nothing: what is wrong is in the `findings` of the document, whose content may be None."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        return _unreadable(file, 1, f"cannot be read ({error.strerror})", "Put the file back, or make it readable")
    except UnicodeDecodeError:
        return _unreadable(file, 1, "is not UTF-8 text", "Save the file as UTF-8")
    tree = _trees.get(text)
    if tree is None:
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
        tree = _trees[text] = _read_tree(root)
    marks = {place: (file, line) for place, line in tree.lines.items()}
    return Document(file, tree.content, marks, tuple(Finding(file, *problem) for problem in tree.problems), tree)


@contextmanager
def parsed_once(files: Iterable[Path]) -> Iterator[None]:
    """Inside, these files are parsed once, however often they are read, and so is every other file with their text."""
    held = [read_document(file) for file in files]
    yield
    del held


def lay_over(lower: Document, upper: Document) -> Document:
    """Returns the lower document, overridden by the upper one: mappings key by key, all else as a whole."""
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
    for replaced in [inner for inner in marks if inner[:size] == place]:
        del marks[replaced]
    marks.update({inner: mark for inner, mark in upper.marks.items() if inner[:size] == place})
    return above


def _unreadable(file: Path, line: int, problem: str, cure: str) -> Document:
    return Document(file, None, findings=(Finding(file, line, "", problem, cure),))


def _is_a_word(node: yaml.Node) -> bool:
    """Whether a YAML boolean is meant as text: YAML reads "Yes", "No" and "On" as booleans, and buttons hold them."""
    return node.tag == BOOLEAN and node.value.lower() not in ("true", "false")


def _read_tree(root: yaml.Node) -> _Tree:
    constructor = yaml.constructor.SafeConstructor()
    lines: dict[Place, int] = {}
    problems: list[tuple[int, str, str, str]] = []

    def read(node: yaml.Node, place: Place) -> object:
        lines.setdefault(place, node.start_mark.line + 1)
        if len(place) > DEEPEST:  # an alias that contains itself never ends
            problems.append((lines[place], "", "is nested too deep", "Write the part out, without *"))
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(read_pairs(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [read(entry, (*place, index)) for index, entry in enumerate(node.value)]
        return read_scalar(node, place)

    def read_scalar(node: yaml.Node, place: Place) -> object:
        try:
            return node.value if _is_a_word(node) else constructor.construct_object(node)
        except (ValueError, yaml.YAMLError):
            problems.append((lines[place], dotted(place), f"cannot be read: {node.value}", "Put it in quotes"))
            return node.value

    def read_pairs(node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                inside = (*place, key)
                problems.append((line, dotted(inside), "stands twice", "Keep one of the two"))
                continue
            seen.add(key)
            lines[*place, key] = line
            yield key, read(value_node, (*place, key))

    content = read(root, ())
    return _Tree(content, lines, tuple(problems))
