"""Case and accents, which typed text may have or not."""

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
    assert fold(text) == unicodedata.normalize("NFKD", text).casefold()
