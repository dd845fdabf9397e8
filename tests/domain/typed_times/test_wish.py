import pytest

from bot.domain.typed_times import read_wish
from tests.domain.typed_times.lists import NOW, listed, wish_in_words


@pytest.mark.parametrize(("language", "text", "expected"), listed("wishes.yaml"))
def test_a_wish_is_read_whole_or_asked_back_or_refused(language: str, text: str, expected: str) -> None:
    assert wish_in_words(read_wish(text, now_local=NOW, language=language)) == expected
