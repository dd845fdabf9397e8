"""Reads YAML files as plain values with the line of each part, so that an error can name it. Called by `content`."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
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
        return f"{from_here(self.file)}:{self.line}:{place} {self.problem}. {self.cure}{rule}"


def from_here(file: Path) -> Path:
    """Returns the path from the folder that one is in, if the file is below it."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


@dataclass(frozen=True)
class _Tree:
    """What stands in a text, wherever its file is; `problems` are a line, its place, the problem and the cure."""

    text: str
    content: object
    problems: tuple[tuple[int, str, str, str], ...]

    @cached_property
    def lines(self) -> dict[Place, int]:
        """The line of every part. Few texts are wrong, so the lines are looked for when one is."""
        lines: dict[Place, int] = {}
        if root := yaml.compose(self.text, Loader=yaml.CSafeLoader):
            _Reader(lines.__setitem__).read(root, (), _line(root))
        return lines


# What was parsed, as long as anyone holds a document of it.
_trees: WeakValueDictionary[str, _Tree] = WeakValueDictionary()


@dataclass(frozen=True)
class Document:
    """The content of one file, or of the two that `lay_over` has merged, which are its `layers`."""

    file: Path
    content: object
    findings: tuple[Finding, ...] = ()
    tree: _Tree | None = field(default=None, repr=False, compare=False)
    layers: "tuple[Document, Document] | None" = field(default=None, repr=False, compare=False)

    @cached_property
    def marks(self) -> dict[Place, Mark]:
        """Maps the place of a part, such as ("affirmations", 3, "text"), to file and line."""
        if self.layers is None:
            return {place: (self.file, line) for place, line in (self.tree.lines if self.tree else {}).items()}
        lower, upper = self.layers
        marks = dict(lower.marks)
        _replace_marks(marks, (), lower.content, upper.content, upper.marks)
        return marks

    def mark_of(self, place: Place) -> Mark:
        """Returns file and line of a part; for a missing key those of its parent."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, (self.file, 1))

    def finding(self, place: Place, problem: str, cure: str, *, rule: str = "", is_note: bool = False) -> Finding:
        """Returns a finding at the file and line of a part; its place names the entry's id, if it has one."""
        name = self._id_at(place)
        said = f"{dotted(place)} ({name})" if name else dotted(place)
        return Finding(*self.mark_of(place), said, problem, cure, rule, is_note)

    def at(self, place: Place) -> object:
        """Returns what stands at a place, or None."""
        content = self.content
        for part in place:
            if isinstance(content, dict):
                content = content.get(part)
            elif isinstance(content, list) and isinstance(part, int) and part < len(content):
                content = content[part]
            else:
                return None
        return content

    def _id_at(self, place: Place) -> str:
        """Returns the `id` of the innermost entry of a list that a place is in; "" without one."""
        content, found = self.content, ""
        for part in place:
            if isinstance(content, dict) and part in content:
                content = content[part]
            elif isinstance(content, list) and isinstance(part, int) and part < len(content):
                content = content[part]
                name = content.get("id") if isinstance(content, dict) else None
                found = name if isinstance(name, str) else ""
            else:
                break
        return found


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
            if opened := _open_quote(text, error):
                problem, cure = "has a text whose quote opens here and is not closed", "Close it where the text ends"
                return _unreadable(file, opened, problem, cure)
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            cure = "Put the text in quotes, and indent with two spaces"
            return _unreadable(file, line, f"is not YAML: {error.problem or error.context}", cure)
        except yaml.YAMLError as error:
            return _unreadable(file, 1, f"is not YAML: {error}", "Take out the character that it names")
        if root is None:
            return _unreadable(file, 1, "is empty", "Fill the file, or remove it")
        reader = _Reader()
        tree = _trees[text] = _Tree(text, reader.read(root, (), _line(root)), tuple(reader.problems))
    return Document(file, tree.content, tuple(Finding(file, *problem) for problem in tree.problems), tree)


@contextmanager
def parsed_once(files: Iterable[Path]) -> Iterator[None]:
    """Inside, these files are parsed once, however often they are read, and so is every other file with their text."""
    held = [read_document(file) for file in files]
    yield
    del held


def lay_over(lower: Document, upper: Document) -> Document:
    """Returns the lower document, overridden by the upper one: mappings key by key, all else as a whole."""
    findings = (*lower.findings, *upper.findings)
    if upper.content is None:
        return replace(lower, findings=findings)
    return Document(lower.file, _merged(lower.content, upper.content), findings, layers=(lower, upper))


def _merged(below: object, above: object) -> object:
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: _merged(below.get(key), value) for key, value in above.items()}}
    return above


def _replace_marks(
    marks: dict[Place, Mark], place: Place, below: object, above: object, marks_above: dict[Place, Mark]
) -> None:
    """Changes `marks` as `_merged` changes the content: what comes from above has its marks from there."""
    if isinstance(below, dict) and isinstance(above, dict):
        for key, value in above.items():
            _replace_marks(marks, (*place, key), below.get(key), value, marks_above)
        return
    size = len(place)
    for replaced in [inner for inner in marks if inner[:size] == place]:
        del marks[replaced]
    marks.update({inner: mark for inner, mark in marks_above.items() if inner[:size] == place})


def _open_quote(text: str, error: yaml.MarkedYAMLError) -> int | None:
    """Returns the line of the quote that was forgotten to close, if that is what is wrong.

    Such a text goes on to the next quote, which opens another text: after it, on its line, YAML understands nothing.
    Without a next one it goes on to the end of the file.
    """
    if error.problem_mark is None:
        return None
    if error.context == "while scanning a quoted scalar" and error.context_mark:
        return int(error.context_mark.line) + 1
    found = None
    with suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            is_quoted = isinstance(token, yaml.ScalarToken) and token.style in ("'", '"')
            if is_quoted and token.start_mark.line < token.end_mark.line == error.problem_mark.line:
                found = int(token.start_mark.line) + 1
    return found


def _unreadable(file: Path, line: int, problem: str, cure: str) -> Document:
    return Document(file, None, findings=(Finding(file, line, "", problem, cure),))


def _is_a_word(node: yaml.Node) -> bool:
    """Whether a YAML boolean is meant as text: YAML reads "Yes", "No" and "On" as booleans, and buttons hold them."""
    return node.tag == BOOLEAN and node.value.lower() not in ("true", "false")


class _Reader:
    """Reads the values of nodes. `mark` is called with every part and its line.

    Methods and not functions inside a function: these would hold each other and all nodes, 7 MB, until the garbage
    collector looks.
    """

    def __init__(self, mark: Callable[[Place, int], None] = lambda place, line: None) -> None:
        self.problems: list[tuple[int, str, str, str]] = []
        self._constructor = yaml.constructor.SafeConstructor()
        self._mark = mark

    def read(self, node: yaml.Node, place: Place, line: int) -> object:
        self._mark(place, line)
        if len(place) > DEEPEST:  # an alias that contains itself never ends
            self.problems.append((line, "", "is nested too deep", "Write the part out, without *"))
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(self._read_pairs(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(entry, (*place, index), _line(entry)) for index, entry in enumerate(node.value)]
        return self._read_scalar(node, place, line)

    def _read_scalar(self, node: yaml.Node, place: Place, line: int) -> object:
        try:
            return node.value if _is_a_word(node) else self._constructor.construct_object(node)
        except (ValueError, yaml.YAMLError):
            self.problems.append((line, dotted(place), f"cannot be read: {node.value}", "Put it in quotes"))
            return node.value

    def _read_pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inside, line = (*place, key), _line(key_node)
            if key in seen:
                self.problems.append((line, dotted(inside), "stands twice", "Keep one of the two"))
                continue
            seen.add(key)
            yield key, self.read(value_node, inside, line)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
