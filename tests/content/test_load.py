"""The catalogue: the texts in messages/ are complete; each error is reported with its place and its cure."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot.content.documents import parsed_once, read_document
from bot.content.library import Library
from bot.content.load import Catalogue, CatalogueError, load_catalogue
from bot.settings import PROJECT

ENGLISH = PROJECT / "messages" / "en"
THE_MISSION = {"Your tears are human.", "You don't have to apologize."}
SESSION_THEMES = {"before-a-session", "in-a-session", "after-a-session"}
SESSION_WORD = re.compile(r"\b(sessions?|therapists?|therapy|sesión|sesiones|terapeuta|terapia)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ENGLISH)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ENGLISH, tmp_path / "en")
    shutil.copy(ENGLISH.parent / "helplines.yaml", tmp_path)
    return tmp_path / "en"


def findings(folder: Path) -> list[str]:
    """Returns the findings, with file paths relative to the folder."""
    with pytest.raises(CatalogueError) as error:
        load_catalogue(folder)
    return [str(finding).replace(f"{folder}/", "") for finding in error.value.findings]


def write_affirmations(folder: Path, entries: str) -> None:
    (folder / "affirmations" / "extra.yaml").write_text(f"source:\n  title: A title\naffirmations:\n{entries}")


def test_there_are_affirmations_from_all_five_articles(catalogue: Catalogue) -> None:
    sources = {affirmation.source.title for affirmation in catalogue.affirmations}
    assert len(catalogue.affirmations) >= 215
    assert len(sources) == 5
    assert min(Counter(affirmation.source.title for affirmation in catalogue.affirmations).values()) >= 35
    assert all(affirmation.idea and affirmation.themes for affirmation in catalogue.affirmations)


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_has_no_session_and_no_group_reads_of_none(library: Library, language: str) -> None:
    """What speaks of a session carries a theme of sessions, and most texts are for everyone."""
    affirmations = library.of(language).affirmations
    of_sessions = [text for text in affirmations if SESSION_WORD.search(text.text)]
    assert of_sessions
    assert all(SESSION_THEMES & set(affirmation.themes) for affirmation in of_sessions)
    everyones = [text for text in affirmations if not {"in-a-group", *SESSION_THEMES} & set(text.themes)]
    assert len(everyones) >= 150


def test_both_phrases_of_the_mission_are_there_to_the_letter(catalogue: Catalogue) -> None:
    assert {affirmation.text for affirmation in catalogue.affirmations} >= THE_MISSION


def test_no_text_comes_twice(catalogue: Catalogue) -> None:
    texts = [affirmation.text for affirmation in catalogue.affirmations]
    assert sorted(set(texts)) == sorted(texts)


BROKEN = {
    "    - {id: a, text: A text., idea: an idea, themes: [x], mood: y}\n": (
        "affirmations/extra.yaml:4: affirmations[1].mood (a): is not known here. Take it out, or correct its name"
    ),
    "    - {id: a, text: A text., themes: [x]}\n": (
        "affirmations/extra.yaml:4: affirmations[1].idea (a): is missing. Add it"
    ),
    "    - {id: tears-are-human, text: A text., idea: an idea, themes: [x]}\n": (
        "affirmations/{file}:4: affirmations[1].id (tears-are-human): the id tears-are-human stands in {other} "
        "already. Give this one another id"
    ),
    f"    - {{id: a, text: {'x' * 181}, idea: an idea, themes: [x]}}\n": (
        "affirmations/extra.yaml:4: affirmations[1].text (a): is longer than 180 characters. Shorten it"
    ),
    "    - {id: A b, text: A text., idea: an idea, themes: [x]}\n": (
        "affirmations/extra.yaml:4: affirmations[1].id (A b): is not written as it has to be. "
        "Write small letters and digits, with hyphens between, such as be-still"
    ),
    "    - {id: a, text: 'Hello {name}.', idea: an idea, themes: [x]}\n": (
        "affirmations/extra.yaml:4: affirmations[1].text (a): has a placeholder {name} that nothing fills. "
        "Known here: none"
    ),
    "    - {id: a, text: 12, idea: an idea, themes: [x]}\n": (
        "affirmations/extra.yaml:4: affirmations[1].text (a): is not a text. Put it in quotes"
    ),
    "    - {id: a, text: A text., idea: an idea, themes: []}\n": (
        "affirmations/extra.yaml:4: affirmations[1].themes (a): has 0 entries, and at least 1 belong here. "
        "Add what is missing"
    ),
    "    - {id: a, text: A text., text: Another., idea: an idea, themes: [x]}\n": (
        "affirmations/extra.yaml:4: affirmations[1].text: stands twice. Keep one of the two"
    ),
    "    - {id: a, text: 'A text.\n": (
        "affirmations/extra.yaml:4: has a text whose quote opens here and is not closed. Close it where the text ends"
    ),
}


@pytest.mark.parametrize(("entry", "expected"), BROKEN.items())
def test_a_broken_affirmation_is_shown_with_its_line(folder: Path, entry: str, expected: str) -> None:
    write_affirmations(folder, entry)
    if "{other}" in expected:
        # Files are read in the order of their names: the later one is the repetition.
        (folder / "affirmations" / "extra.yaml").rename(folder / "affirmations" / "zz.yaml")
        owner = next(file for file in folder.glob("affirmations/*.yaml") if "id: tears-are-human\n" in file.read_text())
        expected = expected.format(file="zz.yaml", other=owner.name)
    assert findings(folder) == [expected]


def test_all_errors_are_reported_at_once(folder: Path) -> None:
    write_affirmations(folder, "    - {id: a, text: A text.}\n    - {id: a, idea: x, themes: [y]}\n")
    interface = (folder / "interface.yaml").read_text()
    (folder / "interface.yaml").write_text(interface.replace("by {practice}", "by {name}"))
    (folder / "support.yaml").unlink()
    line = interface[: interface.index("by {practice}")].count("\n") + 1
    assert [finding.split(": ")[0] + ": " + finding.split(": ")[1] for finding in findings(folder)] == [
        "affirmations/extra.yaml:4: affirmations[1].idea (a)",
        "affirmations/extra.yaml:4: affirmations[1].themes (a)",
        "affirmations/extra.yaml:5: affirmations[2].text (a)",
        f"interface.yaml:{line}: start.practice",
        "support.yaml:1: cannot be read (No such file or directory). Put the file back, or make it readable",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("by {practice}", "by {name}", "has a placeholder {name} that nothing fills; known here: {practice}"),
        ("by {practice}", "by {practice", "has a single { or }"),
        ("set_it_up: Choose when", "set_it_up: ''", "is empty"),
        ("set_it_up: Choose when", f"set_it_up: {'n' * 41}", "is 41 characters long; 40 fit here"),
    ],
)
def test_a_text_with_an_error_is_reported(folder: Path, old: str, new: str, expected: str) -> None:
    file = folder / "interface.yaml"
    file.write_text(file.read_text().replace(old, new))
    found = findings(folder)
    assert len(found) == 1
    assert expected.partition("; ")[0] in found[0]


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path) -> None:
    assert [finding.partition(": ")[2] for finding in findings(tmp_path)] == [
        "cannot be read (No such file or directory). Put the file back, or make it readable",  # helplines.yaml
        "holds no affirmations. Put a file such as my-words.yaml there",
        *["cannot be read (No such file or directory). Put the file back, or make it readable"] * 5,
        *["is missing. Put the file back: a command begins it"] * 6,
        "cannot be read (No such file or directory). Put the file back, or make it readable",
        "cannot be read (No such file or directory). Put the file back, or make it readable",
        "cannot be read (No such file or directory). Put the file back, or make it readable",
        "cannot be read (No such file or directory). Put the file back, or make it readable",
        "cannot be read (No such file or directory). Put the file back, or make it readable",
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"- [", b"a: *b", b"a: 2026-99-99", b"&a [*a]", b"!!python/x 1"])
def test_no_file_can_break_the_reading(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "any.yaml"
    file.write_bytes(content)
    assert read_document(file).findings


ENTRY = "  - id: {id}\n    text: {text}\n    idea: tea\n    themes: [not-alone]\n"


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (('"A."', '"B.'), 7),  # goes on to the end of the file
        (('"A.', '"B."'), 3),  # goes on to the next quote
        (('"A.', '"B: b, c."'), 3),
        (("'A.", "'B."), 3),
        (("\"It's A.", '"It\'s B."'), 3),
        (('"A.', "plain", '"C."'), 3),
        (('"A."', '"B.', '"C."', '"D."'), 7),
    ],
)
def test_a_quote_that_was_not_closed_is_reported_where_it_opens(
    tmp_path: Path, texts: tuple[str, ...], line: int
) -> None:
    file = tmp_path / "any.yaml"
    entries = [ENTRY.format(id=f"e{index}", text=text) for index, text in enumerate(texts)]
    file.write_text("".join(("affirmations:\n", *entries)))
    (found,) = read_document(file).findings
    assert (found.line, found.problem) == (line, "has a text whose quote opens here and is not closed")


def test_a_text_over_two_lines_is_no_open_quote(tmp_path: Path) -> None:
    file = tmp_path / "any.yaml"
    file.write_text('a: "one\n  two"\nb: [\n')
    (found,) = read_document(file).findings
    assert found.problem.startswith("is not YAML: ")


def test_a_file_below_the_folder_that_one_is_in_is_named_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "my-words" / "any.yaml"
    file.parent.mkdir()
    file.write_text("a: 1\na: 2\n")
    (found,) = read_document(file).findings
    assert str(found).startswith(f"{file}:2: ")
    monkeypatch.chdir(tmp_path)
    assert str(found).startswith("my-words/any.yaml:2: ")


def test_files_with_the_same_text_name_their_own_lines(tmp_path: Path) -> None:
    files = tmp_path / "one.yaml", tmp_path / "two.yaml"
    for file in files:
        file.write_text("a: 1\nb: {c: 2, c: 3}\n")
    with parsed_once(files):
        one, two = map(read_document, files)
    assert one.content == two.content == {"a": 1, "b": {"c": 2}}
    assert [str(finding) for finding in two.findings] == [f"{files[1]}:2: b.c: stands twice. Keep one of the two"]
    assert (one.mark_of(("b", "c")), two.mark_of(("b", "c"))) == ((files[0], 2), (files[1], 2))


def test_each_danger_needs_a_file_that_opens_it(folder: Path) -> None:
    (folder / "crisis" / "to_others.yaml").unlink()
    assert "crisis:1: has no file that opens to_others. Add one with `opens: to_others`" in findings(folder)


@pytest.mark.parametrize("name", ["look_alikes", "spelling", "word_lists"])
def test_the_files_for_all_words_of_danger_are_needed(folder: Path, name: str) -> None:
    (folder / "crisis" / f"{name}.yaml").unlink()
    cure = "Put the file back, or make it readable"
    assert findings(folder) == [f"crisis/{name}.yaml:1: cannot be read (No such file or directory). {cure}"]
