# ruff: noqa: DTZ001 - a person's own time, without a zone
from datetime import date, datetime, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.typed_times import read_hours, read_moment, read_time, read_weekdays, read_wish
from bot.domain.typed_times.dates import next_weekday

WEDNESDAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, 0, 30)


def read_date(text: str, *, today: date, language: str = "en") -> date | None:
    """The only date of a wish; a weekday is the next one after today."""
    wish = read_wish(text, now_local=datetime.combine(today, time(12)), language=language)
    if wish is None or wish.doubts & {"several", "order_of_date"} or wish.times or wish.part:
        return None
    return next_weekday(today, wish.weekdays[0]) if len(wish.weekdays) == 1 else wish.date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8:30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("08:30", time(8, 30)),
        ("08:30:00", time(8, 30)),
        ("0830", time(8, 30)),
        ("830", time(8, 30)),
        ("8", time(8)),
        ("at 8", time(8)),
        ("8.", time(8)),
        ("8 am", time(8)),
        ("8AM", time(8)),
        ("8 a.m.", time(8)),
        ("7:45 pm", time(19, 45)),
        ("7.45pm", time(19, 45)),
        ("12 am", time(0)),
        ("12:30 am", time(0, 30)),
        ("12 pm", time(12)),
        ("19 pm", time(19)),
        ("19h", time(19)),
        ("19h30", time(19, 30)),
        ("8 o'clock", time(8)),
        ("8 in the morning", time(8)),
        ("8 in the evening", time(20)),
        ("10 at night", time(22)),
        ("2 at night", time(2)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("24:00", time(0)),
        ("half past 8", time(8, 30)),
        ("quarter to 9 pm", time(20, 45)),
        ("quarter to midnight", time(23, 45)),
        ("８：３０", time(8, 30)),
        ("٨:٣٠", time(8, 30)),
        ("८:३०", time(8, 30)),
    ],
)
def test_read_time(text: str, expected: time) -> None:
    assert read_time(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "25", "8:60", "8:5", "24:01", "13 am", "0 pm", "-8", "8-9", "12345", "8 hours", "24.12."),
        *("10.11.", "8:30 x", "八", "half past", "8" * 500),
    ],
)
def test_read_time_is_none_for_what_is_no_time(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("2026/12/24", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("24. 12. 2026", date(2026, 12, 24)),
        ("24.12.26", date(2026, 12, 24)),
        ("24.12.", date(2026, 12, 24)),
        ("24.12", date(2026, 12, 24)),
        ("5.6.", date(2027, 6, 5)),
        ("25.11.", WEDNESDAY),
        ("24.11.", date(2027, 11, 24)),
        ("29.2.", date(2028, 2, 29)),
        ("24 dec", date(2026, 12, 24)),
        ("24 Dec.", date(2026, 12, 24)),
        ("24th of December", date(2026, 12, 24)),
        ("the 1st of may 2027", date(2027, 5, 1)),
        ("dec 24", date(2026, 12, 24)),
        ("December 24th, 2027", date(2027, 12, 24)),
        ("sept 3", date(2027, 9, 3)),
        ("24/12", date(2026, 12, 24)),
        ("12/24", date(2026, 12, 24)),
        ("12/24/2027", date(2027, 12, 24)),
        ("24-12-2027", date(2027, 12, 24)),
        ("5/5", date(2027, 5, 5)),
        ("1.1.2020", date(2020, 1, 1)),
        ("today", WEDNESDAY),
        ("Tomorrow!", date(2026, 11, 26)),
        ("the day after tomorrow", date(2026, 11, 27)),
        ("thursday", date(2026, 11, 26)),
        ("on Friday", date(2026, 11, 27)),
        ("wednesday", date(2026, 12, 2)),
        ("next tue", date(2026, 12, 1)),
        ("in 3 days", date(2026, 11, 28)),
        ("in a week", date(2026, 12, 2)),
        ("in two weeks", date(2026, 12, 9)),
        ("next week", date(2026, 12, 2)),
        ("in 3 months", date(2027, 2, 25)),
        ("in a year", date(2027, 11, 25)),
        ("٢٤.١٢.٢٠٢٦", date(2026, 12, 24)),
    ],
)
def test_read_date(text: str, expected: date) -> None:
    assert read_date(text, today=WEDNESDAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "someday", "5/6", "5/6/2027", "05-06-2027", "31.2.2027", "30 feb", "0.0.", "13/13", "99.99.2026"),
        *("2026-13-01", "32 dec", "24", "24 dec 26 7", "in days", "in 3 hours", "in 9999 years", "0000-01-01"),
        *("24xx dec", "may", "4" * 500),
    ],
)
def test_read_date_is_none_for_what_is_no_date_or_two(text: str) -> None:
    assert read_date(text, today=WEDNESDAY) is None


def test_a_month_ahead_keeps_to_the_month() -> None:
    assert read_date("in a month", today=date(2027, 1, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:00", datetime(2026, 11, 25, 18)),
        ("12:01", datetime(2026, 11, 25, 12, 1)),
        ("12:00", datetime(2026, 11, 26, 12)),
        ("9", datetime(2026, 11, 26, 9)),
        ("10.11", datetime(2026, 11, 26, 10, 11)),
        ("9 tonight", datetime(2026, 11, 25, 21)),
        ("tonight at 9", datetime(2026, 11, 25, 21)),
        ("tomorrow 9:00", datetime(2026, 11, 26, 9)),
        ("tomorrow at 9", datetime(2026, 11, 26, 9)),
        ("9 am tomorrow", datetime(2026, 11, 26, 9)),
        ("tomorrow, half past 8 pm", datetime(2026, 11, 26, 20, 30)),
        ("the day after tomorrow at noon", datetime(2026, 11, 27, 12)),
        ("24 dec 18:00", datetime(2026, 12, 24, 18)),
        ("24 dec 8", datetime(2026, 12, 24, 8)),
        ("dec 24 8", datetime(2026, 12, 24, 8)),
        ("dec 24 2027 8 pm", datetime(2027, 12, 24, 20)),
        ("18:00 on 24 December", datetime(2026, 12, 24, 18)),
        ("24.12. 18.30", datetime(2026, 12, 24, 18, 30)),
        ("24.12.2026, 18h", datetime(2026, 12, 24, 18)),
        ("2026-12-24 18:00", datetime(2026, 12, 24, 18)),
        ("2026-12-24T18:00", datetime(2026, 12, 24, 18)),
        ("friday 8 pm", datetime(2026, 11, 27, 20)),
        ("8 pm on friday", datetime(2026, 11, 27, 20)),
        ("wednesday 18:00", datetime(2026, 11, 25, 18)),
        ("wednesday 9:00", datetime(2026, 12, 2, 9)),
        ("next wednesday 18:00", datetime(2026, 12, 2, 18)),
        ("in 3 days at 7", datetime(2026, 11, 28, 7)),
        ("in 2 hours", datetime(2026, 11, 25, 14)),
        ("in 30 minutes", datetime(2026, 11, 25, 12, 30)),
        ("in an hour", datetime(2026, 11, 25, 13)),
        ("today 8:00", datetime(2026, 11, 25, 8)),
    ],
)
def test_read_moment(text: str, expected: datetime) -> None:
    assert read_moment(text, now_local=NOW) == expected


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "24 dec", "24.12.2026", "friday", "in 3 days", "5/6 8:00", "tomorrow evening", "dec 24 2026"],
)
def test_read_moment_is_none_without_day_or_time(text: str) -> None:
    assert read_moment(text, now_local=NOW) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22-7", (time(22), time(7))),
        ("22:00 - 07:00", (time(22), time(7))),
        ("22:00–07:30", (time(22), time(7, 30))),
        ("10pm to 7am", (time(22), time(7))),
        ("from 10 p.m. until 7 a.m.", (time(22), time(7))),
        ("between 9 and 21", (time(9), time(21))),
        ("9 and 21", (time(9), time(21))),
        ("2200-0700", (time(22), time(7))),
        ("half past 9 to quarter to 10", (time(9, 30), time(9, 45))),
        ("midnight to 7", (time(0), time(7))),
    ],
)
def test_read_hours(text: str, expected: tuple[time, time]) -> None:
    assert read_hours(text) == expected


@pytest.mark.parametrize("text", ["", "22", "-", "22-", "-7", "7-7", "22-25", "22-7-8", "none", "22 7"])
def test_read_hours_is_none_for_what_is_no_span(text: str) -> None:
    assert read_hours(text) is None


WORDS = (
    "in on at half quarter past to 3 0 24 31 9999 12:30 8.30 tomorrow dec 24.12. 29.2. 1/2 am pm next monday weeks "
    "years minutes - – T a ² ٣ 八 İ : . h"
)
FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)


@given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join), st.datetimes())
@example("in 9999 years", LAST)
@example("in 9999 minutes", LAST)
@example("tomorrow 8:00", LAST)
@example("8:00", LAST)
@example("29.2.", LAST)
@example("monday 8:00", LAST)
@example("monday 8:00", FIRST)
def test_reading_answers_any_text_at_any_time(text: str, now: datetime) -> None:
    at = read_time(text)
    hours = read_hours(text)
    day = read_date(text, today=now.date())
    moment = read_moment(text, now_local=now)

    times = [at, *(hours or ()), moment.time() if moment else None]
    assert [found for found in times if found and (found.second or found.microsecond or found.tzinfo)] == []
    assert day is None or type(day) is date
    assert moment is None or at is None or moment > now or now.date() == date.max


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("7:45 de la tarde", time(19, 45)),
        ("a las 8 de la mañana", time(8)),
        ("8 y media", time(8, 30)),
        ("8 y media de la mañana", time(8, 30)),
        ("9 menos cuarto", time(8, 45)),
        ("10 de la noche", time(22)),
        ("2 de la madrugada", time(2)),
        ("mediodía", time(12)),
        ("medianoche", time(0)),
        ("19h30", time(19, 30)),
        ("20 hrs", time(20)),
        ("7 pm", time(19)),
        ("quizá", None),
        ("mañana", None),
    ],
)
def test_times_are_read_in_spanish(text: str, at: time | None) -> None:
    assert read_time(text, language="es") == at


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24 de diciembre", date(2026, 12, 24)),
        ("24 diciembre 2027", date(2027, 12, 24)),
        ("el próximo lunes", date(2026, 3, 9)),
        ("el lunes que viene", date(2026, 3, 9)),
        ("miércoles", date(2026, 3, 4)),
        ("mañana", date(2026, 3, 3)),
        ("pasado mañana", date(2026, 3, 4)),
        ("en 3 días", date(2026, 3, 5)),
        ("dentro de dos semanas", date(2026, 3, 16)),
        ("next monday", date(2026, 3, 9)),
        ("algún día", None),
    ],
)
def test_days_are_read_in_spanish(text: str, day: date | None) -> None:
    assert read_date(text, today=date(2026, 3, 2), language="es") == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("mañana 9:00", datetime(2026, 3, 3, 9)),
        ("mañana a las 9 de la mañana", datetime(2026, 3, 3, 9)),
        ("24 de diciembre 18:00", datetime(2026, 12, 24, 18)),
        ("el viernes a las 8 de la tarde", datetime(2026, 3, 6, 20)),
        ("hoy a las 20", datetime(2026, 3, 2, 20)),
        ("en 2 horas", datetime(2026, 3, 2, 14)),
    ],
)
def test_moments_are_read_in_spanish(text: str, moment: datetime) -> None:
    assert read_moment(text, now_local=datetime(2026, 3, 2, 12), language="es") == moment


@pytest.mark.parametrize(
    "text", ["22-7", "de 22 a 7", "de las 22 a las 7", "entre las 22 y las 7", "22:00 hasta las 7:00"]
)
def test_hours_are_read_in_spanish(text: str) -> None:
    assert read_hours(text, language="es") == (time(22), time(7))


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("Tuesday", "en", (1,)),
        ("on Tuesdays? ", "en", (1,)),
        ("tue, fri", "en", (1, 4)),
        ("Friday and Tuesday", "en", (1, 4)),
        ("mon tue mon", "en", (0, 1)),
        ("martes y viernes", "es", (1, 4)),
        ("Tuesday", "es", (1,)),
        ("Tuesday 8:30", "en", None),
        ("and", "en", None),
        ("", "en", None),
        ("some day", "en", None),
    ],
)
def test_weekdays(text: str, language: str, days: tuple[int, ...] | None) -> None:
    assert read_weekdays(text, language=language) == days
