"""Own words of danger are tried on plain sentences: what they hide, or open for everyday talk, is named."""

from pathlib import Path

import pytest

from bot.content.crisis_examples import HIDES, LOST, read_examples, try_examples
from bot.content.documents import Finding
from bot.content.layers import Layers
from bot.content.library import Folders, Library
from bot.settings import PROJECT

OWN = PROJECT / "messages"


def tried(root: Path, files: dict[str, str], language: str = "en") -> list[Finding]:
    """Lays files such as `our_town` over those of a language, and tries the words."""
    for name, content in files.items():
        file = root / language / "crisis" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    folders = Folders((OWN, root), "en")
    crisis = folders.load().of(language).crisis
    examples = {code: read_examples(layers)[0] for code, layers in folders.layers.items()}
    everyday = [sentence for own in examples.values() for sentence in own.is_everyday]
    layers = folders.layers[language]
    return list(try_examples(layers, crisis, danger=examples[language].is_danger, everyday=everyday))


def places(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(finding.file.name, finding.line) for finding in findings]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_bots_own_words_find_all_of_them(library: Library, language: str) -> None:
    layers = Layers.of((OWN,), language)
    examples, findings = read_examples(layers)
    crisis = library.of(language).crisis
    assert findings == []
    assert len(examples.is_danger) > 40
    assert len(examples.is_everyday) > 30
    assert not list(try_examples(layers, crisis, danger=examples.is_danger, everyday=examples.is_everyday))


def test_a_look_alike_that_hides_danger_is_named_with_its_line(tmp_path: Path) -> None:
    town = "opens: oneself\npatterns:\n  - old lighthouse\nlook_alikes:\n  - lighthouse tour\n  - want to die\n"
    (finding,) = tried(tmp_path, {"our_town": town})
    assert (finding.file.name, finding.line, finding.cure) == ("our_town.yaml", 6, HIDES)
    assert finding.problem == 'hides danger: "I want to die" (and 1 more) no longer opens the support card'
    assert not finding.is_note


def test_a_denial_that_hides_danger_is_named(tmp_path: Path) -> None:
    (finding,) = tried(tmp_path, {"look_alikes": "denials: [i want to kill myself]\n"})
    assert (finding.file.name, finding.problem.split('"')[1]) == ("look_alikes.yaml", "I want to kill myself")


def test_a_pattern_that_everyday_talk_holds_is_named_with_its_line(tmp_path: Path) -> None:
    (finding,) = tried(tmp_path, {"our_town": "opens: oneself\npatterns:\n  - old lighthouse\n  - the\n"})
    assert (finding.file.name, finding.line) == ("our_town.yaml", 4)
    assert finding.problem.startswith('opens the support card for everyday talk: "the film made me cry" (and ')


def test_everyday_talk_is_tried_in_all_languages(tmp_path: Path) -> None:
    (finding,) = tried(tmp_path, {"our_town": "opens: oneself\npatterns: [faro viejo, made me]\n"}, "es")
    assert '"the film made me cry"' in finding.problem


def test_a_file_that_takes_the_place_of_patterns_is_named_as_a_whole(tmp_path: Path) -> None:
    findings = tried(tmp_path, {"from_others": "patterns: [old lighthouse]\n"})
    assert places(findings) == [("from_others.yaml", 1)]
    assert findings[0].cure == LOST


def test_each_of_several_files_is_named(tmp_path: Path) -> None:
    town = "opens: oneself\npatterns: [old lighthouse]\nlook_alikes:\n  - {}\n"
    findings = tried(tmp_path, {"our_town": town.format("want to die"), "the_other": town.format("kill myself")})
    assert sorted(places(findings)) == [("our_town.yaml", 4), ("the_other.yaml", 4)]


def test_what_two_files_hide_is_found_in_one_of_them(tmp_path: Path) -> None:
    town = "opens: oneself\npatterns: [old lighthouse]\nlook_alikes:\n  - want to die\n"
    findings = tried(tmp_path, {"our_town": town, "the_other": town})
    assert set(places(findings)) <= {("our_town.yaml", 4), ("the_other.yaml", 4)}
    assert findings


def test_a_file_that_another_needs_is_not_left_out_for_trying(tmp_path: Path) -> None:
    files = {
        "word_lists": "word_lists: {tower: [lighthouse]}\n",
        "our_town": 'opens: oneself\npatterns: ["{tower} tonight"]\nlook_alikes:\n  - want to die\n',
    }
    assert places(tried(tmp_path, files)) == [("our_town.yaml", 4)]


def test_own_examples_are_added_and_none_is_taken_away(tmp_path: Path) -> None:
    examples = "is_danger: [walking to the old lighthouse]\nis_everyday: []\n"
    (finding,) = tried(tmp_path, {"examples": examples})
    assert '"walking to the old lighthouse" no longer' in finding.problem
    known, _ = read_examples(Layers.of((OWN, tmp_path), "en"))
    assert {"I want to die", "walking to the old lighthouse"} <= set(known.is_danger)
    assert "I cried today" in known.is_everyday


def test_examples_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    file = tmp_path / "en" / "crisis" / "examples.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("is_danger: I want to die\n")
    _, findings = read_examples(Layers.of((OWN, tmp_path), "en"))
    assert [(finding.file, finding.problem) for finding in findings] == [(file, "is not a list")]


def test_a_language_without_examples_gets_a_note(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    examples, (finding,) = read_examples(Layers((tmp_path / "de",)))
    assert not examples.is_danger
    assert finding.is_note
    assert finding.file == tmp_path / "de" / "crisis" / "examples.yaml"
