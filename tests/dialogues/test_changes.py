"""A typed change of what is about to be set: what it says is taken, and the rest stays."""

from datetime import datetime

import pytest

from bot.content.library import Library
from bot.dialogues.changes import change, written_out
from bot.dialogues.reminder_draft import ReminderDraft, rule_of
from bot.dialogues.reminder_setup import SetupStep, answer
from bot.domain.schedule import write_rule

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - a local time; a Monday


def changed(library: Library, said: str, typed: str, language: str = "en", **more: object) -> str:
    """The rule after the change, or the problem."""
    draft = answer(ReminderDraft(**more), SetupStep.RHYTHM, said, NOON, language)
    assert isinstance(draft, ReminderDraft), said
    small = library.of(language).interface.setup.change_words
    found = change(draft, typed, small, NOON, language)
    return found if isinstance(found, str) else write_rule(rule_of(found))


@pytest.mark.parametrize(
    ("said", "typed", "as_if"),
    [
        ("every day at 9 pm", "8", "every day at 8:00"),
        ("every day at 9 pm", "20h", "every day at 20:00"),
        ("every day at 9 pm", "at 10pm", "every day at 22:00"),
        ("every day at 9 pm", "make it 10pm", "every day at 22:00"),
        ("every day at 9 pm", "no, change the time to 10pm please", "every day at 22:00"),
        ("every day at 9 pm", "actually noon-ish", "every day around noon"),
        ("weekdays at 8:00", "9:30", "weekdays at 9:30"),
        ("weekdays at 8:00", "monday instead", "every monday at 8:00"),
        ("weekdays at 8:00", "monday and thursday half eight in the evening", "every monday and thursday at 20:30"),
        ("every day at 9:00", "9:00 and 21:00", "every day at 9:00 and 21:00"),
        ("every day at 9:00", "3 times a day", "3 times a day"),
        ("3 times a day", "weekdays", "3 times a day on weekdays"),
        ("3 times a day", "9:00", "every day at 9:00"),
        ("3 times a day", "between 10:00 and 16:00", "3 times a day between 10:00 and 16:00"),
        ("tomorrow at 9:00", "10:30", "tomorrow at 10:30"),
        ("tomorrow at 9:00", "friday instead", "this friday at 9:00"),
        ("tomorrow at 9:00", "every day", "every day at 9:00"),
        ("every day at 9:00", "tomorrow", "tomorrow at 9:00"),
        ("every other day at 9:00", "21:00", "every other day at 21:00"),
    ],
)
def test_what_is_said_changes_and_the_rest_stays(library: Library, said: str, typed: str, as_if: str) -> None:
    wanted = answer(ReminderDraft(), SetupStep.RHYTHM, as_if, NOON, "en")
    assert isinstance(wanted, ReminderDraft)
    assert changed(library, said, typed) == write_rule(rule_of(wanted))


@pytest.mark.parametrize("typed", ["no, mejor a las 9", "cámbialo a las 9", "que sea a las 9", "a las 9"])
def test_in_spanish(library: Library, typed: str) -> None:
    assert changed(library, "todos los días a las 20:00", typed, "es") == changed(library, "every day at 20:00", "9:00")


@pytest.mark.parametrize("typed", ["tired", "no", "i dont know", "8 or 9", "13 times a day", "", "   ", "instead"])
def test_what_cannot_be_read_is_said_so(library: Library, typed: str) -> None:
    assert changed(library, "every day at 9 pm", typed) == "unread"


def test_a_moment_that_has_gone_by_is_said_so(library: Library) -> None:
    assert changed(library, "today at 18:00", "9:00") == "past"


def test_another_hour_settles_which_half_of_the_day_was_meant(library: Library) -> None:
    draft = answer(ReminderDraft(), SetupStep.RHYTHM, "every day at 8", NOON, "en")
    assert isinstance(draft, ReminderDraft)
    assert draft.doubts == ("half_of_day",)
    after = change(draft, "20:30", (), NOON, "en")
    assert isinstance(after, ReminderDraft)
    assert after.doubts == ()
    days = change(draft, "weekdays", (), NOON, "en")
    assert isinstance(days, ReminderDraft)
    assert days.doubts == ("half_of_day",)


@pytest.mark.parametrize("language", ["en", "es"])
def test_mornings_and_evenings_are_two_times_a_day(library: Library, language: str) -> None:
    said = library.of(language).interface.setup.morning_and_evening
    for text in said:
        draft = answer(ReminderDraft(), SetupStep.RHYTHM, written_out(text, said), NOON, language)
        assert isinstance(draft, ReminderDraft)
        assert write_rule(rule_of(draft)) == changed(library, "every day at 9:00", "8:30 and 20:00")
    assert written_out("mornings", said) == "mornings"
