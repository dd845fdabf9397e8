"""Case, accents and quotes, which typed text may have or not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Café", "cafe"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("it's 8 PM!", "it's 8 pm!"), ("", "")],
)
def test_case_and_accents_go_and_all_else_stays(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_folded_as_unicode_says(text: str) -> None:
    assert fold(text) == unicodedata.normalize("NFKD", text.replace("`", "'")).casefold()


@pytest.mark.parametrize("typed", ["I’m", "I‘m", "I‛m", "Iʼm", "Iʻm", "I´m", "I`m", "I′m", "I＇m"])
def test_an_apostrophe_is_one_however_a_phone_writes_it(typed: str) -> None:
    assert fold(typed) == "i'm"


@pytest.mark.parametrize("typed", ["“no”", "„no“", "«no»", "＂no＂", '"no"'])
def test_quotes_are_too(typed: str) -> None:
    assert fold(typed) == '"no"'
