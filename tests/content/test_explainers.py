"""Explainers: complete and careful; each error in their file is reported with its place, the problem and the cure."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot.content.explainers import Explainer
from bot.content.load import Catalogue, CatalogueError, load_catalogue
from bot.settings import PROJECT

ENGLISH = PROJECT / "messages" / "en"

# Permission, not instruction; no promise.
UNWANTED = (
    r"should|must|just(?! as | the same)|calm down|be strong|stay positive|be kind to yourself|cheer up|heals?|cures?|"
    "nearly 100"
)

WHOLE = """\
sources:
  one: {title: An article, author: Someone}
  two: {title: Another}
themes:
  - {id: first, name: First}
  - {id: second, name: Second}
explainers:
  - {id: a, theme: first, question: What?, text: This., source: one}
  - {id: b, theme: second, question: Why?, text: That., source: two}
"""

# What replaces which part of the file, and the error that it gives.
BROKEN = {
    "an unknown theme": (
        ("theme: second", "theme: third"),
        [
            "explainers.yaml:6: themes[2] (second): the theme second has no explainers. Write one, or take it out",
            "explainers.yaml:9: explainers[2].theme (b): third is not under themes. Add it there, or correct the name",
        ],
    ),
    "an unknown source": (
        ("source: two", "source: three"),
        ["explainers.yaml:9: explainers[2].source (b): three is not under sources. Add it there, or correct the name"],
    ),
    "an id twice": (
        ("{id: b,", "{id: a,"),
        ["explainers.yaml:9: explainers[2].id (a): the id a stands above already. Give this one another id"],
    ),
    "a theme twice": (
        ("  - {id: second, name: Second}", "  - {id: second, name: Second}\n  - {id: first, name: Third}"),
        ["explainers.yaml:7: themes[3].id (first): the id first stands above already. Give this one another id"],
    ),
    "an empty theme": (
        ("  - {id: second, name: Second}", "  - {id: second, name: Second}\n  - {id: third, name: Third}"),
        ["explainers.yaml:7: themes[3] (third): the theme third has no explainers. Write one, or take it out"],
    ),
    "an id that no button can carry": (
        ("{id: b,", f"{{id: {'b' * 41},"),
        [f"explainers.yaml:9: explainers[2].id ({'b' * 41}): is longer than 40 characters. Shorten it"],
    ),
    "an id of a form that no button can carry": (
        ("{id: b,", "{id: 'b:c',"),
        [
            "explainers.yaml:9: explainers[2].id (b:c): is not written as it has to be. "
            "Write small letters and digits, with hyphens between, such as be-still"
        ],
    ),
    "a question too long for a button": (
        ("question: Why?", f"question: {'w' * 61}"),
        ["explainers.yaml:9: explainers[2].question (b): is 61 characters long. 60 fit here"],
    ),
    "a text too long": (
        ("text: That.", f"text: {'t' * 901}"),
        ["explainers.yaml:9: explainers[2].text (b): is 901 characters long. 900 fit here"],
    ),
    "a key that is not known": (
        ("source: two}", "source: two, mood: blue}"),
        ["explainers.yaml:9: explainers[2].mood (b): is not known here. Take it out, or correct its name"],
    ),
    "no source": (
        (", source: two}", "}"),
        ["explainers.yaml:9: explainers[2].source (b): is missing. Add it"],
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ENGLISH, tmp_path / "en")
    shutil.copy(ENGLISH.parent / "helplines.yaml", tmp_path)
    return tmp_path / "en"


def findings(folder: Path) -> list[str]:
    with pytest.raises(CatalogueError) as error:
        load_catalogue(folder)
    return [str(finding).replace(f"{folder}/", "") for finding in error.value.findings]


def test_a_small_complete_file_is_accepted(folder: Path) -> None:
    (folder / "explainers.yaml").write_text(WHOLE)
    explainers = load_catalogue(folder).explainers
    first, second = explainers.explainers
    assert [theme.name for theme in explainers.themes] == ["First", "Second"]
    assert (first.question, second.question) == ("What?", "Why?")
    assert (first.also, first.contested) == ((), False)


@pytest.mark.parametrize("way", BROKEN)
def test_an_error_in_the_file_is_reported_with_place_and_cure(folder: Path, way: str) -> None:
    (old, new), expected = BROKEN[way]
    assert WHOLE.count(old) == 1
    (folder / "explainers.yaml").write_text(WHOLE.replace(old, new))
    assert findings(folder) == expected


def test_a_missing_file_is_reported(folder: Path) -> None:
    (folder / "explainers.yaml").unlink()
    expected = "explainers.yaml:1: cannot be read (No such file or directory). Put the file back, or make it readable"
    assert findings(folder) == [expected]


def test_what_comes_next_stays_within_the_theme(catalogue: Catalogue) -> None:
    explainers = catalogue.explainers
    for theme in explainers.themes:
        within = explainers.within(theme.id)
        assert [explainers.after(explainer) for explainer in within] == [*within[1:], None]


def test_there_is_enough_on_every_theme_and_from_every_article(catalogue: Catalogue) -> None:
    explainers = catalogue.explainers
    themes, sources = (
        Counter(getattr(explainer, part) for explainer in explainers.explainers) for part in ("theme", "source")
    )
    assert len(explainers.explainers) >= 30
    assert all(3 <= themes[theme.id] <= 6 for theme in explainers.themes)
    assert len(explainers.sources) == 5
    assert all(sources[source] >= 5 for source in explainers.sources)


def test_the_articles_are_credited_as_those_of_the_affirmations(catalogue: Catalogue) -> None:
    affirmations = {affirmation.source for affirmation in catalogue.affirmations}
    assert set(catalogue.explainers.sources.values()) == affirmations


def test_what_is_contested_names_its_research(catalogue: Catalogue) -> None:
    contested = [explainer for explainer in catalogue.explainers.explainers if explainer.contested]
    assert contested
    assert [explainer.id for explainer in contested if not explainer.also] == []


def test_nobody_reads_of_hormones_and_toxins_without_hearing_that_it_is_contested(catalogue: Catalogue) -> None:
    named = [
        explainer
        for explainer in catalogue.explainers.explainers
        if re.search(r"hormon|toxin|cortisol|endorphin|oxytocin", explainer.text)
    ]
    assert named
    assert [explainer.id for explainer in named if not explainer.contested] == []


def test_no_question_and_no_text_comes_twice(catalogue: Catalogue) -> None:
    for part in ("question", "text"):
        texts = [getattr(explainer, part) for explainer in catalogue.explainers.explainers]
        assert sorted(set(texts)) == sorted(texts)


def test_explainers_permit_and_do_not_promise(catalogue: Catalogue) -> None:
    assert [explainer.id for explainer in catalogue.explainers.explainers if _unwanted(explainer)] == []


def _unwanted(explainer: Explainer) -> bool:
    return bool(re.search(rf"\b({UNWANTED})\b", f"{explainer.question} {explainer.text}", re.IGNORECASE))
