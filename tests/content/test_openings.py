"""What people begin with, by its words alone. What the bot does then is in tests/handlers/test_typed.py."""

import pytest

from bot.content.library import Library

SHAKING = """
hands shaking, my hands are shaking, shaking hands, my hand is shaking, my hands shake, my hands won't stop shaking,
both hands are shaking, my hands are trembling, trembling hands, shaky hands, my whole body is shaking, my legs are
shaking, my voice is shaking, my hands started shaking, shaking, I'm shaking, I keep shaking, I can't stop shaking, I
feel shaky, I have the shakes, shakign hands, shivering, I can't stop shivering, me tiemblan las manos, las manos me
tiemblan, me temblaban las manos, me están temblando las manos, manos temblando, manos temblorosas, tengo las manos
temblando, mis manos tiemblan, tiemblan mis manos, me tiembla todo, me tiembla la voz, mi cuerpo tiembla, temblor en
las manos, tengo temblores, temblando, tiemblo, estoy temblando, tiemblo de miedo, empecé a temblar, no puedo parar de
temblar, no puedo dejar de temblar, no dejo de temblar
"""
NOT_SHAKING = """
we shook hands, shaking hands with my boss felt weird, I shake hands with people, shaking my head, hold my hands, my
dog is shaking, a shaky start, he was shaking me, hubo un temblor, tembló anoche, está temblando, el perro está
temblando, tiemblo de frío, dame la mano
"""


def listed(words: str) -> list[str]:
    return [phrase.strip() for phrase in words.replace("\n", " ").split(",")]


@pytest.mark.parametrize("typed", listed(SHAKING))
def test_whoever_shakes_is_offered_the_exercise_for_panic(library: Library, typed: str) -> None:
    assert library.find_crisis(typed) is None
    assert library.find_opening(typed, "en") == "panic"


@pytest.mark.parametrize("typed", listed(NOT_SHAKING))
def test_what_else_shakes_opens_nothing(library: Library, typed: str) -> None:
    assert library.find_opening(typed, "en") is None


APOSTROPHES = "’‘‛ʼʻ`´′＇"
WITH_APOSTROPHES = (
    *("I don't want to live anymore", "he's here", "I can't go on", "I'm shaking", "I can't sleep", "that's enough"),
    *("I'm done", "I won't stop hurting myself"),
)


@pytest.mark.parametrize("typed", WITH_APOSTROPHES)
def test_an_apostrophe_is_read_however_a_phone_writes_it(library: Library, typed: str) -> None:
    for apostrophe in APOSTROPHES:
        as_typed = typed.replace("'", apostrophe)
        assert understood(library, as_typed) == understood(library, typed), as_typed


def test_words_in_quotes_are_read(library: Library) -> None:
    assert understood(library, "“I can’t sleep”") == understood(library, "I can't sleep")


def understood(library: Library, typed: str) -> tuple[str | None, ...]:
    return library.find_crisis(typed), library.find_opening(typed, "en"), library.find_word(typed, "en")
