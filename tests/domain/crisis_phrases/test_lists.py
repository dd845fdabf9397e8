"""Plain words of danger open the support card, look-alikes do not; docs/safety.md holds the figures measured here."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.content.crisis import DANGERS, Danger
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.settings import PROJECT

Lists = dict[str, dict[str, list[str]]]
HERE = Path(__file__).parent
LISTS: dict[str, Lists] = {
    "en": yaml.safe_load((HERE / "en.yaml").read_text()),
    "es": yaml.safe_load((HERE / "es.yaml").read_text()),
}
PARTS = [(language, part) for language, lists in LISTS.items() for part in lists]
KINDS = ("plain", "look_alikes")


def measured(library: Library, lists: dict[str, list[str]]) -> list[tuple[int, int]]:
    """Returns for each kind how many texts open the card, and of how many. All languages count, as in the bot."""
    return [(sum(bool(library.find_crisis(text)) for text in lists[kind]), len(lists[kind])) for kind in KINDS]


@pytest.mark.parametrize("text", [text for lists in LISTS.values() for text in lists["known"]["plain"]])
def test_crisis_phrases_are_found(library: Library, text: str) -> None:
    assert library.find_crisis(text)


@pytest.mark.parametrize(
    "text", [*(text for lists in LISTS.values() for text in lists["known"]["look_alikes"]), "", "I cried today"]
)
def test_look_alikes_are_not_found(library: Library, text: str) -> None:
    assert not library.find_crisis(text)


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


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("I want to die", "oneself"),
        ("quiero morir", "oneself"),
        ("I took all my pills and want to die", "medical"),
        ("me tomé todas las pastillas", "medical"),
        ("i took pills", "medical"),
        ("me tomé unas pastillas", "medical"),
        ("od", "medical"),
        ("pills", "oneself"),
        ("pastillas", "oneself"),
        ("me muero", "oneself"),
        ("hes here", "from_others"),
        ("está en la puerta", "from_others"),
        ("my husband hits me", "from_others"),
        ("mi marido me pega", "from_others"),
        ("I'm scared I'll hurt my baby", "to_others"),
        ("tengo miedo de hacerle daño a mi bebé", "to_others"),
        # who worries about somebody
        ("my son says he wants to kill himself", "somebody_else"),
        ("he wants to kill himself", "somebody_else"),
        ("my friend wants to die", "somebody_else"),
        ("my brother has a gun and locked himself in his room", "somebody_else"),
        ("how do i help someone whos suicidal", "somebody_else"),
        ("mi hija me dijo que se quiere matar", "somebody_else"),
        ("mi hermana se quiere morir", "somebody_else"),
        ("mi hermano tiene un arma y se encerró", "somebody_else"),
        ("mi hermana se quiere tirar al mar", "somebody_else"),
        ("mi hijo va a tirarse del balcón", "somebody_else"),
        # oneself, though the words may be read as of others
        ("me voy a matar hoy", "oneself"),
        ("me voy a matar el viernes", "oneself"),
        ("el domingo me voy a matar", "oneself"),
        ("the voices are telling me to hurt myself", "oneself"),
        ("oigo voces que me dicen que me mate", "oneself"),
        ("been burning my arms with a lighter", "oneself"),
        ("hitting my head against the wall and cant stop", "oneself"),
        ("I scratched my legs till they bled", "oneself"),
        ("I don't see a way out", "oneself"),
        # what others do, though the words may be read as of oneself
        ("he keeps banging my head against the wall", "from_others"),
        ("she scratched my face till it bled", "from_others"),
        ("tengo miedo de que mi marido le haga algo a mi hija", "from_others"),
        ("hes going to kill me if he finds this", "from_others"),
        # who may hurt somebody
        ("scared im gonna hurt my kids", "to_others"),
        ("scared to be alone with my newborn in case i hurt her", "to_others"),
        ("i have thoughts of drowning my baby", "to_others"),
        ("el bebé no para de llorar y me da miedo lo que pueda hacer", "to_others"),
        ("oigo voces que me dicen que mate a mi mujer", "to_others"),
        ("hoy me las paga, ya conseguí el arma", "to_others"),
        ("lo voy a matar, tengo el cuchillo en la mano", "to_others"),
        ("mi novio dice que si lo dejo me mata", "from_others"),
        ("mi novio dice que si lo dejo se mata", "somebody_else"),
        ("my husband took his gun and drove off, he said sorry for everything", "somebody_else"),
        ("mi hermano agarró la pistola y se fue, dijo perdón por todo", "somebody_else"),
        ("My dad keeps saying we won't have to worry about him much longer", "somebody_else"),
        ("if i went to sleep and didnt wake up i'd be ok with that", "oneself"),
        ("si me duermo y no despierto, me da igual", "oneself"),
        ("my boyfriend choked me last night", "from_others"),
        ("my mum talks about dying", "somebody_else"),
        ("mi papá se está muriendo, no respira", "medical"),
        # a body
        ("I shook my baby", "medical"),
        ("sacudí a mi bebé", "medical"),
        ("the baby is blue", "medical"),
        ("i cant breathe and my chest hurts", "medical"),
        # it may be panic
        ("I can't breathe", "breath"),
        ("help i cant breathe", "breath"),
        ("no puedo respirar", "breath"),
        ("me falta el aire", "breath"),
    ],
)
def test_the_card_begins_with_what_is_in_danger(library: Library, text: str, danger: Danger) -> None:
    assert library.find_crisis(text) == danger


def test_the_most_urgent_comes_first_whatever_the_language() -> None:
    assert DANGERS == ("medical", "breath", "from_others", "somebody_else", "to_others", "oneself")


def test_a_look_alike_does_not_hide_the_danger_beside_it(catalogue: Catalogue) -> None:
    assert catalogue.crisis.phrases.find("I tell people I want to die laughing, but I want to die")


def test_they_are_found_at_the_end_of_a_long_message(catalogue: Catalogue) -> None:
    assert catalogue.crisis.phrases.find("what a day " * 360 + "and I want to die")


@given(st.text())
def test_no_text_is_too_strange(catalogue: Catalogue, text: str) -> None:
    assert catalogue.crisis.phrases.find(text) in (None, *DANGERS)
