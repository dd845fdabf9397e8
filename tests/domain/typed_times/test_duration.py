import pytest

from bot.domain.typed_times import read_duration
from tests.domain.typed_times.lists import NOW, listed, span_in_words


@pytest.mark.parametrize(("language", "text", "expected"), listed("durations.yaml"))
def test_a_duration_is_read_whole_or_asked_back_or_refused(language: str, text: str, expected: str) -> None:
    assert span_in_words(read_duration(text, now_local=NOW, language=language)) == expected
