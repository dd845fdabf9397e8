"""A request takes in the whole message, but for small words; one that begins it leaves a rest."""

import pytest

from bot.domain.requests import Requested, RequestPatterns


@pytest.fixture
def patterns() -> RequestPatterns:
    return RequestPatterns(
        {"stop": ["stop|quit {sending} {things}?"], "pause": ["pause"]},
        {"pause": ["pause {things}?"]},
        lists={"sending": ["sending", "texting"], "things": ["this", "messages"]},
        spellings={"msgs": "messages"},
        small_words=["please", "me"],
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("stop sending me this", "stop"),
        ("STOP texting me, PLEASE!!", "stop"),
        ("quit sending msgs", "stop"),
        ("pause", "pause"),
        ("stop sending him flowers", None),
        ("I want to stop texting", None),
        ("please", None),
        ("", None),
        ("pause " * 20, None),
    ],
)
def test_a_whole_message_is_a_request(patterns: RequestPatterns, text: str, name: str | None) -> None:
    assert patterns.find(text) == name


def test_what_follows_a_beginning_is_left_as_it_was_typed(patterns: RequestPatterns) -> None:
    assert list(patterns.beginnings("Pause messages until Monday")) == [
        Requested("pause", "messages until Monday"),
        Requested("pause", "until Monday"),
    ]
    assert list(patterns.beginnings("pause")) == []
    assert list(patterns.beginnings("pause " * 20)) == []


def test_a_pattern_of_small_words_alone_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="passed over"):
        RequestPatterns({"a": ["please"]}, {}, lists={}, spellings={}, small_words=["please"])
