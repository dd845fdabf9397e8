import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.crisis_phrases.spelling import MAX_MESSAGE_CHARACTERS, Spelling

SPELLING = Spelling(
    spellings={"dont": "do not", "wanna": "want to", "my self": "myself", "ma": "my", "u": "you"},
    fillers=frozenset({"just", "wants"}),
    vocabulary=frozenset(
        {"i", "do", "not", "want", "to", "die", "kill", "myself", "my", "self", "suicide", "hurt", "off"}
    ),
    key_words=("stab", "want", "die", "kill", "myself", "suicide", "hurt", "off"),
    ordinary=frozenset({"went", "kilt", "hunt", "hurst"}),
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I don't", "i do not"),
        ("I DON’T", "i do not"),
        ("kill my self die", "kill myself die"),
        ("i wants die", "i die"),
        ("tooo", "to"),
        ("i just want to die", "i want to die"),
        ("dieeeee", "die"),
        ("kil kiill kkiill", "kill kill kill"),
        ("su1c1de, k1ll", "suicide kill"),
        ("$uicide", "suicide"),
        ("k*ll d*e", "kill die"),
        ("su1c*de $u*cide k1*l", "suicide suicide kill"),
        ("iwanttodie", "i want to die"),
        ("killmyself", "kill myself"),
        ("hurtdo", "hurt do"),
        ("killma", "kill my"),
        ("killmyself" * 4, " ".join(["kill myself"] * 4)),
        ("wannadie", "want to die"),
        ("d i e", "die"),
        ("wnat sucide suicidee mysefl", "want suicide suicide myself"),
    ],
)
def test_the_word_that_was_meant_is_read(typed: str, read: str) -> None:
    assert " ".join(SPELLING.words(typed)) == read


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "went",
            "kilt",
            "hunt",
            "hurst",
            "dye",
            "will",
            "diet",
            "2",
            "suitcase",
            "wantonly",
            "hurk",
            "d i",
            "kz*ll",
            "of",
        ),
        *("killhurtu", "idonot", "killmyself" * 4 + "i"),
    ],
)
def test_other_words_stay_as_they_are(typed: str) -> None:
    assert " ".join(SPELLING.words(typed)) == typed


@pytest.mark.parametrize(
    ("vocabulary", "read"), [("hu r thing hurt hing", "hurt hing"), ("hur thing hurt hing", "hur thing")]
)
def test_words_that_are_run_together_are_as_few_and_the_last_as_long_as_possible(vocabulary: str, read: str) -> None:
    assert " ".join(Spelling(vocabulary=vocabulary.split(), key_words=("hurt", "thing")).words("hurthing")) == read


def test_accents_do_not_matter() -> None:
    assert SPELLING.words("DÍE") == ["die"]


def test_the_rest_of_a_text_that_no_message_can_hold_is_ignored() -> None:
    assert SPELLING.words("x" * MAX_MESSAGE_CHARACTERS + " die") == ["x"]


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    assert all(word and not word.isspace() for word in SPELLING.words(text))
