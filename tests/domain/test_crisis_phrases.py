"""Direct crisis phrases open the support card, look-alikes do not; docs/safety.md holds the figures measured here."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.content.library import Library
from bot.content.load import Catalogue
from bot.domain.crisis_phrases import CrisisPhrases
from bot.settings import PROJECT

Lists = dict[str, dict[str, list[str]]]
HERE = Path(__file__).parent
LISTS: dict[str, Lists] = {
    "en": yaml.safe_load((HERE / "crisis_phrases_en.yaml").read_text()),
    "es": yaml.safe_load((HERE / "crisis_phrases_es.yaml").read_text()),
}
PARTS = [(language, part) for language, lists in LISTS.items() for part in lists]
KINDS = ("plain", "look_alikes", "indirect")


def measured(library: Library, lists: dict[str, list[str]]) -> list[tuple[int, int]]:
    """Returns for each kind how many texts open the card, and of how many. All languages count, as in the bot."""
    return [(sum(map(library.mentions_crisis, lists[kind])), len(lists[kind])) for kind in KINDS]


@pytest.mark.parametrize("text", [text for lists in LISTS.values() for text in lists["known"]["plain"]])
def test_crisis_phrases_are_found(library: Library, text: str) -> None:
    assert library.mentions_crisis(text)


@pytest.mark.parametrize(
    "text", [*(text for lists in LISTS.values() for text in lists["known"]["look_alikes"]), "", "I cried today"]
)
def test_look_alikes_are_not_found(library: Library, text: str) -> None:
    assert not library.mentions_crisis(text)


@pytest.mark.parametrize("language", LISTS)
def test_the_lists_are_long_enough_and_a_third_of_what_is_measured_looks_alike(language: str) -> None:
    lists = LISTS[language]
    for part in lists.values():
        texts = [text for kind in KINDS for text in part[kind]]
        assert len(texts) == len({text.casefold() for text in texts})
    plain, look_alikes = (sum(len(part[kind]) for part in lists.values()) for kind in ("plain", "look_alikes"))
    assert plain + look_alikes >= 150
    assert look_alikes * 3 >= plain + look_alikes


@pytest.mark.parametrize(("language", "part"), PARTS)
def test_the_figures_in_the_docs_are_the_measured_ones(library: Library, language: str, part: str) -> None:
    page = (PROJECT / "docs" / "safety.md").read_text()
    row = re.search(rf"^\| {part.replace('_', ' ')}, {language} \|(.*)\|$", page, re.MULTILINE)
    assert row, f"docs/safety.md has no row for {part}, {language}"
    written = [tuple(map(int, cell.split(" of "))) for cell in row[1].split("|")]
    assert written == measured(library, LISTS[language][part])


def test_a_look_alike_does_not_hide_the_crisis_phrase_beside_it(catalogue: Catalogue) -> None:
    assert catalogue.support.crisis_phrases.match("I tell people I want to die laughing, but I want to die")


def test_a_phrase_is_heard_right_after_a_look_alike_and_right_before_one() -> None:
    words = CrisisPhrases(["want to go"], ["let it go"])
    assert words.match("let it go want to go")
    assert words.match("want to go let it go")


def test_a_longer_phrase_goes_before_the_look_alike_in_it() -> None:
    phrases = CrisisPhrases(["want to go", "want to go to sea"], ["want to go to"])
    assert [phrases.match(text) for text in ("I want to go", "I want to go to town", "I want to go to sea")] == [
        True,
        False,
        True,
    ]


def test_they_are_found_at_the_end_of_a_long_message(catalogue: Catalogue) -> None:
    assert catalogue.support.crisis_phrases.match("what a day " * 360 + "and I want to die")


@given(st.text())
def test_no_text_is_too_strange(catalogue: Catalogue, text: str) -> None:
    assert catalogue.support.crisis_phrases.match(text) in (True, False)
