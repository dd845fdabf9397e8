"""Finding affirmations by words and themes, with typos and half a word."""

import pytest

from bot.content.library import Library
from bot.domain.affirmation_search import Entry, Index


def texts(library: Library, query: str) -> list[str]:
    keys = [key.split(":", 1) for key in library.index.find(query)]
    return [library.of(language).by_id[name].text for language, name in keys]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("your tears are human", "Your tears are human."),
        ("YOUR TEARS ARE HUMAN!!", "Your tears are human."),
        ("apologize", "You don't have to apologize."),
        ("apologise", "You don't have to apologize."),
        ("appologize", "You don't have to apologize."),
        ("humn", "Your tears are human."),
        ("tus lagrimas son humanas", "Tus lágrimas son humanas."),
        ("disculpate", "No tienes que disculparte."),
    ],
)
def test_words_are_found_in_spite_of_typos(library: Library, query: str, found: str) -> None:
    assert found in texts(library, query)[:8]


def test_a_theme_is_found_by_its_name(library: Library) -> None:
    found = library.index.find("group", limit=10)
    groups = [library.of(language).by_id[name] for language, name in (key.split(":", 1) for key in found)]
    assert all("in-a-group" in affirmation.themes or "group" in affirmation.text for affirmation in groups)


@pytest.mark.parametrize("query", ["", "a", "xqzwvk", "🫧", " ' ", "1" * 5_000])
def test_nothing_is_found_for_nothing(library: Library, query: str) -> None:
    assert library.index.find(query) == []


def test_no_more_than_asked_for_and_each_once(library: Library) -> None:
    found = library.index.find("tears", limit=50)
    assert len(found) == len(set(found)) == 50


def test_what_fits_better_comes_first() -> None:
    index = Index(
        [Entry("a", "Rain falls on roofs", "weather"), Entry("b", "Rain on a red roof", ""), Entry("c", "Snow", "")]
    )
    assert index.find("red roof") == ["b", "a"]
    assert index.find("weather") == ["a"]
