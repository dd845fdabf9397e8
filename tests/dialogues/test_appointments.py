"""What people type about their sessions, read on Monday, 2 March 2026, at noon."""

from datetime import date, datetime, time

import pytest

from bot.content.library import Library
from bot.dialogues.appointments import (
    beginning,
    begins_later,
    missing,
    read_act,
    read_day,
    read_holiday,
    read_new_time,
    read_when,
    session_rule,
)
from bot.dialogues.reminder_draft import ReminderDraft
from bot.domain.schedule import Daily, Once

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - a local time
TODAY = NOON.date()
TUESDAYS = Daily(at=time(17, 30), weekdays=(1,))
EVERY_OTHER_THURSDAY = Daily(at=time(9), weekdays=(3,), every_weeks=2, first=TODAY)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("tuesdays at 17:30", TUESDAYS),
        ("tuesday 5:30 pm", TUESDAYS),
        ("every week on tuesday at 17:30", TUESDAYS),
        ("tuesdays at half past five", TUESDAYS),  # of the afternoon
        ("every second thursday 9am", EVERY_OTHER_THURSDAY),
        ("every 4th thursday at 3pm", Daily(at=time(15), weekdays=(3,), every_weeks=4, first=TODAY)),
        ("first monday of the month at 10", Daily(at=time(10), weekdays=(0,), nth=1)),
        ("last friday of the month at 2 pm", Daily(at=time(14), weekdays=(4,), nth=-1)),
        ("mondays and thursdays at 8am", Daily(at=time(8), weekdays=(0, 3))),
        ("12 dec 4pm", Once(at=datetime(2026, 12, 12, 16))),  # noqa: DTZ001 - a local time
        ("tomorrow at 9:00", Once(at=datetime(2026, 3, 3, 9))),  # noqa: DTZ001 - a local time
    ],
)
def test_when_sessions_are(text: str, rule: Daily | Once) -> None:
    read = read_when(ReminderDraft(), text, NOON, "en")
    assert not isinstance(read, str)
    assert missing(read) is None
    assert session_rule(read) == rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("los martes a las 5 y media de la tarde", TUESDAYS),
        ("cada dos jueves a las 9", EVERY_OTHER_THURSDAY),
        ("el primer lunes del mes a las 10", Daily(at=time(10), weekdays=(0,), nth=1)),
        ("12 de diciembre a las 16:00", Once(at=datetime(2026, 12, 12, 16))),  # noqa: DTZ001 - a local time
    ],
)
def test_when_sessions_are_in_spanish(text: str, rule: Daily | Once) -> None:
    read = read_when(ReminderDraft(), text, NOON, "es")
    assert not isinstance(read, str)
    assert session_rule(read) == rule


@pytest.mark.parametrize(
    ("texts", "left", "rule"),
    [
        (("tuesdays", "17:30"), "time", TUESDAYS),
        (("17:30", "tuesdays"), "day", TUESDAYS),
        (("12 december", "4 pm"), "time", Once(at=datetime(2026, 12, 12, 16))),  # noqa: DTZ001 - a local time
        (("4 pm", "12 december"), "day", Once(at=datetime(2026, 12, 12, 16))),  # noqa: DTZ001 - a local time
        (("every second thursday", "9 am"), "time", EVERY_OTHER_THURSDAY),
    ],
)
def test_half_of_it_is_kept(texts: tuple[str, str], left: str, rule: Daily | Once) -> None:
    half = read_when(ReminderDraft(), texts[0], NOON, "en")
    assert not isinstance(half, str)
    assert missing(half) == left
    whole = read_when(half, texts[1], NOON, "en")
    assert not isinstance(whole, str)
    assert (missing(whole), session_rule(whole)) == (None, rule)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("whenever", "unread"),
        ("", "unread"),
        ("3 times a day", "unread"),
        ("tuesdays at 9 and 17:30", "unread"),
        ("tuesday or wednesday at 9", "unread"),
        ("today at 9 am", "past"),
    ],
)
def test_what_makes_no_session_is_asked_again(text: str, problem: str) -> None:
    assert read_when(ReminderDraft(), text, NOON, "en") == problem


def test_what_counts_weeks_can_begin_a_week_later_and_a_second_tap_changes_nothing() -> None:
    read = read_when(ReminderDraft(), "every second thursday 9am", NOON, "en")
    assert not isinstance(read, str)
    assert begins_later(read) == date(2026, 3, 9)
    later = beginning(read, "2026-03-09")
    assert session_rule(later) == EVERY_OTHER_THURSDAY.model_copy(update={"first": date(2026, 3, 9)})
    assert beginning(later, "2026-03-09") == later
    weekly = read_when(ReminderDraft(), "thursdays 9am", NOON, "en")
    assert not isinstance(weekly, str)
    assert begins_later(weekly) is None


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("friday 10:00", datetime(2026, 3, 6, 10)),  # noqa: DTZ001 - a local time
        ("thursday at 5", datetime(2026, 3, 5, 17)),  # noqa: DTZ001 - a local time
        ("12 dec 4pm", datetime(2026, 12, 12, 16)),  # noqa: DTZ001 - a local time
        ("18:00", datetime(2026, 3, 2, 18)),  # noqa: DTZ001 - a local time
        ("9 am", datetime(2026, 3, 3, 9)),  # noqa: DTZ001 - a local time
        ("today at 9 am", "past"),
        ("tomorrow", "unread"),
        ("fridays and mondays at 9", "unread"),
        ("later", "unread"),
    ],
)
def test_to_when_a_session_moves(text: str, to: datetime | str) -> None:
    assert read_new_time(text, NOON, "en") == to


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Skip the next one.", ("skip", "")),
        ("not this week", ("skip", "")),
        ("skipping stones", None),
        ("moved to friday 10:00", ("move", "friday 10:00")),
        ("It's moved to friday", ("move", "friday")),
        ("back on 7 January", ("holiday", "7 january")),
        ("on holiday until monday", ("holiday", "monday")),
        ("end of therapy", ("end", "")),
        ("the end of the world", None),
        ("my session is tuesdays at 5", ("when", "tuesdays at 5")),
        ("friday 10:00", None),
    ],
)
def test_what_a_change_begins_with(library: Library, text: str, act: tuple[str, str] | None) -> None:
    assert read_act(library.of("en").interface.session.typed, text) == act


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7 january", (None, date(2027, 1, 7))),
        ("until 7 Jan", (None, date(2027, 1, 7))),
        ("in two weeks", (None, date(2026, 3, 16))),
        ("from 23 december to 7 january", (date(2026, 12, 23), date(2027, 1, 7))),
        ("from 1 may to 20 april", "unread"),
        ("soon", "unread"),
    ],
)
def test_a_break(text: str, found: object) -> None:
    assert read_holiday(text, NOON, "en") == found


def test_a_day() -> None:
    assert read_day("18 december", NOON, "en") == date(2026, 12, 18)
    assert read_day("friday", NOON, "en") == date(2026, 3, 6)
    assert read_day("fridays at 9", NOON, "en") is None
