"""Twins among affirmations: by letters, by rare words they share, and none where only common words are shared."""

from bot.content.library import Library
from bot.content.twins import twins

OTHERS = [
    "Your tears are human.",
    "Tears can come back years later.",
    "You can leave your tears unexplained.",
    "Some tears have no name yet.",
    "Tired is reason enough.",
    "A long week can show in your eyes.",
]


def found(*texts: str, most_letters: float = 0.5, most_words: float = 0.3) -> list[tuple[int, int]]:
    return list(twins([*texts, *OTHERS], most_letters=most_letters, most_words=most_words))


def test_the_same_letters_are_found() -> None:
    assert found("You may cry in front of someone.", "You may cry in front of anyone.", most_words=1) == [(1, 0)]


def test_the_same_rare_words_are_found_in_another_order_and_form() -> None:
    pair = "Tissues are free. Nobody keeps count.", "Nobody counts tissues here."
    assert found(*pair, most_letters=1) == [(1, 0)]
    assert found(*pair, most_words=1) == []


def test_words_that_many_have_make_no_twins() -> None:
    assert found("You can have tears.", "Your tears can wait.", most_letters=1) == []


def test_a_text_is_no_twin_of_itself_and_one_alone_has_none() -> None:
    assert list(twins(["Tired is reason enough."], most_letters=0, most_words=0)) == []
    assert list(twins([], most_letters=0, most_words=0)) == []


def test_no_two_affirmations_are_close_to_being_twins(library: Library) -> None:
    for language in library.languages:
        texts = [affirmation.text for affirmation in library.of(language).affirmations]
        assert list(twins(texts, most_letters=0.5, most_words=0.31)) == []
