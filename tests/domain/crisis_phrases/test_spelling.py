import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.crisis_phrases.spelling import MAX_MESSAGE_CHARACTERS, Spelling

SPELLING = Spelling(
    spellings={"dont": "do not", "wanna": "want to", "my self": "myself"},
    fillers=frozenset({"just"}),
    vocabulary=frozenset({"i", "do", "not", "want", "to", "die", "kill", "myself", "suicide", "hurt"}),
    key_words=("want", "die", "kill", "myself", "suicide", "hurt"),
    ordinary=frozenset({"went", "kilt", "hunt"}),
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I don't", "i do not"),
        ("I DON’T", "i do not"),
        ("kill my self", "kill myself"),
        ("i just want to die", "i want to die"),
        ("dieeeee", "die"),
        ("kil kiill", "kill kill"),
        ("su1c1de, k1ll", "suicide kill"),
        ("$uicide", "suicide"),
        ("k*ll d*e", "kill die"),
        ("iwanttodie", "i want to die"),
        ("killmyself", "kill myself"),
        ("wannadie", "want to die"),
        ("d i e", "die"),
        ("wnat sucide suicidee mysefl", "want suicide suicide myself"),
    ],
)
def test_the_word_that_was_meant_is_read(typed: str, read: str) -> None:
    assert " ".join(SPELLING.words(typed)) == read


@pytest.mark.parametrize(
    "typed", ["went", "kilt", "hunt", "dye", "will", "diet", "2", "suitcase", "wantonly", "hurk", "d i", "kz*ll"]
)
def test_other_words_stay_as_they_are(typed: str) -> None:
    assert " ".join(SPELLING.words(typed)) == typed


def test_accents_do_not_matter() -> None:
    assert SPELLING.words("DÍE") == ["die"]


def test_the_rest_of_a_text_that_no_message_can_hold_is_ignored() -> None:
    assert SPELLING.words("x" * MAX_MESSAGE_CHARACTERS + " die") == ["x"]


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    assert all(word and not word.isspace() for word in SPELLING.words(text))
