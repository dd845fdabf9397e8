"""The grade of a text, and the syllables it is counted by."""

import pytest

from bot.domain.reading_level import _english, _spanish, grade


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "you tears don't called whole the I'm breathe eyes weighed through"),
        (2, "little people crying something quiet wanted needed didn't being gentle careful touches strangled"),
        (3, "suicide emotion possible anyone somebody idea's understand beautiful"),
        (4, "explanation emotional"),
    ],
)
def test_english_syllables(count: int, words: str) -> None:
    counted = {word: _english(word) for word in words.split()}
    assert counted == dict.fromkeys(counted, count)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "que dios hoy ley muy fue buey pie y o"),
        (2, "guerra querer ahí país reír cuidar nadie agua pingüi lluvia"),
        (3, "lágrimas persona poeta había oído leído cigüeña búhito"),
        (4, "alegría emociones sentimientos compañía"),
    ],
)
def test_spanish_syllables(count: int, words: str) -> None:
    counted = {word: _spanish(word) for word in words.split()}
    assert counted == dict.fromkeys(counted, count)


def test_longer_words_and_sentences_ask_for_more_years() -> None:
    easy, hard = (
        "You may cry. It is fine.",
        "Acknowledging complicated emotional experiences necessitates considerable perseverance.",
    )
    assert grade(easy, is_spanish=False) < 2 < 15 < grade(hard, is_spanish=False)
    facil, dificil = (
        "Puedes llorar. No pasa nada.",
        "Reconocer experiencias emocionales complicadas exige considerable perseverancia.",
    )
    assert grade(facil, is_spanish=True) < grade(dificil, is_spanish=True)
    # Flesch and Kincaid: 0.39 * words / sentences + 11.8 * syllables / words - 15.59
    assert grade("The cat sat. The dog ran.", is_spanish=False) == pytest.approx(0.39 * 3 + 11.8 - 15.59)
    # Crawford: 0.049 * syllables in 100 words - 0.205 * sentences in 100 words - 3.407
    assert grade("Hoy es lunes.", is_spanish=True) == pytest.approx(4.9 * 4 / 3 - 20.5 / 3 - 3.407)


@pytest.mark.parametrize("text", ["", "...", "12 :)", "\n"])
def test_a_text_without_words_asks_for_nothing(text: str) -> None:
    assert grade(text, is_spanish=False) == grade(text, is_spanish=True) == 0
