from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.typed_times import Wish, read_duration, read_two_wishes, read_wish
from bot.domain.typed_times.languages import language_of
from tests.domain.typed_times.lists import NOW, listed, wish_in_words


@pytest.mark.parametrize(("language", "text", "expected"), listed("wishes.yaml"))
def test_a_wish_is_read_whole_or_asked_back_or_refused(language: str, text: str, expected: str) -> None:
    assert wish_in_words(read_wish(text, now_local=NOW, language=language)) == expected


WORDS = {language: sorted(language_of(language).words) for language in ("en", "es")}
DIGITS = (
    *("0", "3", "8", "20", "31", "99", "8:30", "0830", "24.12.", "29.2.", "1/2", "2026-12-24", "31.12.9999", "15th"),
    *("-", ",", "+", "'", ":", "²", "٣", "八", "İ", "🙂"),
)


@given(st.data(), st.sampled_from(("en", "es", "xx")), st.datetimes())
def test_any_words_are_read_or_refused_at_any_time(data: st.DataObject, language: str, now: datetime) -> None:
    words = st.sampled_from([*WORDS.get(language, WORDS["en"]), *DIGITS])
    text = data.draw(st.lists(words, max_size=12).map(" ".join) | st.text(max_size=80))

    wish = read_wish(text, now_local=now, language=language)
    span = read_duration(text, now_local=now, language=language)

    assert span is None or span.until > now.replace(second=0, microsecond=0)
    assert wish is None or wish != Wish(doubts=wish.doubts)
    assert wish is None or wish.date is None or not wish.times or "past" in wish.doubts or _is_ahead(wish, now)


def _is_ahead(wish: Wish, now: datetime) -> bool:
    return wish.date is not None and datetime.combine(wish.date, wish.times[0]) > now.replace(second=0, microsecond=0)


def test_a_long_text_is_a_message_and_no_wish() -> None:
    assert read_wish("please " * 30 + "8 pm", now_local=NOW) is None


def test_a_word_that_is_unknown_refuses_the_whole_wish() -> None:
    for _, text, expected in listed("wishes.yaml"):
        if expected != "none":
            assert read_wish(f"{text} xyzzy", now_local=NOW, language="es") is None


@pytest.mark.parametrize("word", ["not", "except", "never", "unless", "no"])
def test_a_no_is_never_dropped(word: str) -> None:
    assert read_wish(f"{word} at 8 pm", now_local=NOW) is None
    assert read_wish(f"8 pm {word}", now_local=NOW) is None
    assert read_wish(f"every day {word} at 8 pm", now_local=NOW) is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "weekdays 7am weekends 10am", ("mon,tue,wed,thu,fri 07:00", "sat,sun 10:00")),
        ("en", "mondays at 8 and thursdays at 10 pm", ("mon 08:00 ?half_of_day", "thu 22:00")),
        ("es", "entre semana 7am y el finde 10am", ("mon,tue,wed,thu,fri 07:00", "sat,sun 10:00")),
        ("en", "mondays or tuesdays at 8 pm and fridays at 9 pm", None),
        ("en", "weekdays 7am and weekends", None),
        ("en", "8 am and mondays at 9 pm", None),
    ],
)
def test_two_wishes_are_read_where_each_says_days_and_an_hour(
    language: str, text: str, expected: tuple[str, str] | None
) -> None:
    found = read_two_wishes(text, now_local=NOW, language=language)
    assert (found and tuple(map(wish_in_words, found))) == expected
