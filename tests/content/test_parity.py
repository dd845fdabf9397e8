"""No language lacks a key, placeholder or step of another one; what is missing is reported with its place."""

import shutil
from pathlib import Path

import pytest

from bot.content.layers import Layers, languages
from bot.content.library import Library
from bot.content.lint import lint
from bot.content.parity import compare
from bot.settings import MESSAGES

ENGLISH = Layers((MESSAGES / "en",))
OTHERS = [name for name in languages((MESSAGES,)) if name != "en"]


@pytest.fixture
def spanish(tmp_path: Path) -> Path:
    shutil.copytree(MESSAGES / "es", tmp_path / "es")
    return tmp_path / "es"


def found(spanish: Path) -> list[str]:
    return [
        str(finding).replace(f"{spanish}/", "").replace(f"{MESSAGES}/", "")
        for finding in compare(ENGLISH, Layers((spanish,)))
    ]


def test_spanish_is_there() -> None:
    assert "es" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_all_that_english_has(language: str) -> None:
    assert [str(finding) for finding in compare(ENGLISH, Layers((MESSAGES / language,)))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_keeps_its_own_rules(language: str, library: Library) -> None:
    assert [str(finding) for finding in lint(Layers((MESSAGES / language,)), library.of(language))] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "interface.yaml",
            "  already_stopped:",
            "  another_name:",
            "stop.already_stopped: is missing in this language",
        ),
        ("interface.yaml", "{practice}", "PRACTICE", "start.practice: holds nothing in braces, and {practice} in"),
        (
            "flows/grounding.yaml",
            "call: grounding-room",
            "call: grounding-floor",
            'steps.room.call: is "grounding-floor"',
        ),
        (
            "support.yaml",
            "{anywhere}",
            "112",
            "card.emergency_unknown: holds {americas}, and {americas}, {anywhere} in",
        ),
    ],
)
def test_what_differs_is_found(spanish: Path, file: str, old: str, new: str, expected: str) -> None:
    text = (spanish / file).read_text()
    assert old in text
    (spanish / file).write_text(text.replace(old, new, 1))
    assert any(
        finding.startswith(f"{file}:") and expected in finding and finding.endswith("[language]")
        for finding in found(spanish)
    )


def test_a_missing_file_and_a_missing_affirmation_are_found(spanish: Path) -> None:
    (spanish / "flows" / "being-seen.yaml").unlink()
    affirmations = spanish / "affirmations" / "embracing-tears.yaml"
    affirmations.write_text(affirmations.read_text().rpartition("  - id:")[0])
    problems = "\n".join(found(spanish))
    assert "flows/being-seen.yaml:1: is missing. Write it, as in en/flows/being-seen.yaml [language]" in problems
    assert "affirmations/embracing-tears.yaml" in problems


def test_an_affirmation_in_one_language_is_one_note_wherever_it_stands(spanish: Path) -> None:
    """Whoever writes a sentence into messages/en need not know Spanish."""
    shutil.copytree(MESSAGES / "en", spanish.parent / "en")
    file = spanish.parent / "en" / "affirmations" / "embracing-tears.yaml"
    own = '  - {id: my-own, text: "The kettle is on.", idea: company, themes: [tears-are-human]}\n'
    file.write_text(file.read_text().replace("affirmations:\n", f"affirmations:\n{own}", 1))
    there = compare(Layers((spanish.parent / "en",)), Layers((spanish,)))
    back = compare(Layers((spanish,)), Layers((spanish.parent / "en",)))
    assert [(one.is_note, one.problem.partition(",")[0]) for one in there] == [(True, "has no my-own")]
    assert [(one.is_note, one.place, one.line) for one in back] == [(True, "affirmations[1] (my-own)", 4)]


@pytest.mark.parametrize(("language", "other"), [("en", "es"), ("es", "en")])
def test_what_a_practice_wrote_in_one_language_is_a_note_about_its_own_file(
    tmp_path: Path, language: str, other: str
) -> None:
    own = tmp_path / language / "openings.yaml"
    own.parent.mkdir()
    own.write_text("openings:\n  waiting:\n    alone: [waiting]\n    answer: It can be long.\n")
    layers = {language: Layers((MESSAGES / language, own.parent)), other: Layers((MESSAGES / other,))}
    differences = compare(layers["en"], layers["es"])
    assert [(str(one), one.is_note) for one in differences] == [
        (
            f"{own}:2: openings.waiting: is there in {language} only: who reads another language gets none of it. "
            f"Write it in {tmp_path}/{other}/openings.yaml too, or leave it so [language]",
            True,
        )
    ]
