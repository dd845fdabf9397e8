"""Sets a reminder up, one question at a time. Pure. Called by `handlers` and `screens`.

The answers so far are the Draft; the next question is the first that the draft does not answer.
"""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.schedule import EVERY_DAY, MONDAY_TO_FRIDAY, Daily, Once, Spread
from bot.domain.typed_times import read_hours, read_moment, read_time, read_weekdays

TIMES = (time(7, 30), time(8, 30), time(12, 30), time(17), time(20), time(21, 30))
COUNTS = (2, 3, 5)
WINDOW = (time(9), time(21))
EVENING, MORNING = time(20), time(8, 30)


class SetupStep(StrEnum):
    """The question that waits for an answer."""

    RHYTHM = "rhythm"
    TIME = "time"
    TIMES = "times"
    MOMENT = "moment"
    ZONE = "zone"
    DAYS = "days"
    THEMES = "themes"
    LOOK = "look"
    DONE = "done"


class Rhythm(StrEnum):
    """How often a reminder comes."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    SPREAD = "spread"
    ONCE = "once"


class ReminderDraft(BaseModel):
    """The answers so far. With `reminder_id` it changes that reminder instead of adding one.

    A group or a channel (`is_shared`) is asked for a time, days, themes, and words or pictures, in this order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str | None = None  # Telegram's language code, which suggests time zones
    reminder_id: int | None = None
    rhythm: Rhythm | None = None
    at: time | None = None
    times: int | None = None
    start: time = WINDOW[0]
    end: time = WINDOW[1]
    moment: datetime | None = None  # local, naive
    is_shared: bool = False
    weekdays: tuple[int, ...] = ()
    has_days: bool = False  # the choice of days is complete
    left_out: tuple[str, ...] = ()
    has_themes: bool = False
    shows_pictures: bool | None = None
    zone: str | None = None  # of a shared chat that has none yet
    is_first: bool = False  # the chat had no reminder when setup began


Problem = Literal["unread", "past"]
# The fields of the answer before each question; before ZONE they depend on the draft.
FIELDS_BEFORE: dict[SetupStep, tuple[str, ...]] = {
    SetupStep.TIME: ("rhythm",),
    SetupStep.TIMES: ("rhythm", "start", "end"),
    SetupStep.MOMENT: ("rhythm",),
    SetupStep.DAYS: ("at", "weekdays"),
    SetupStep.THEMES: ("has_days", "left_out"),
    SetupStep.LOOK: ("has_themes",),
}
# Answers of buttons that nobody types by chance.
EVERY, WORKING, READY, WORDS, PICTURES = "every", "working", "ready", "words", "pictures"


def draft_of(rule: Daily, language: str | None) -> ReminderDraft | None:
    """Returns a draft that this rule answers; None for days that no button offers."""
    rhythm = {EVERY_DAY: Rhythm.DAILY, MONDAY_TO_FRIDAY: Rhythm.WEEKDAYS}.get(rule.weekdays)
    is_plain = rule == Daily(at=rule.at, weekdays=rule.weekdays)
    return ReminderDraft(language=language, rhythm=rhythm, at=rule.at) if rhythm and is_plain else None


def next_step(draft: ReminderDraft, *, has_zone: bool) -> SetupStep:
    """Returns the next question, DONE if there is none. `has_zone`: the chat has a time zone."""
    if draft.is_shared:
        return _next_shared(draft, has_zone=has_zone)
    if draft.rhythm is None:
        return SetupStep.RHYTHM
    if draft.rhythm is Rhythm.ONCE:
        # "This evening" needs the time zone first.
        missing = SetupStep.MOMENT if draft.moment is None else None
        return SetupStep.ZONE if not has_zone else missing or SetupStep.DONE
    if draft.rhythm is Rhythm.SPREAD and draft.times is None:
        return SetupStep.TIMES
    if draft.rhythm is not Rhythm.SPREAD and draft.at is None:
        return SetupStep.TIME
    return SetupStep.DONE if has_zone else SetupStep.ZONE


def _next_shared(draft: ReminderDraft, *, has_zone: bool) -> SetupStep:
    missing = {
        SetupStep.TIME: draft.at is None,
        SetupStep.DAYS: not draft.has_days,
        SetupStep.ZONE: not has_zone,
        # A change of the time does not ask for themes and look again.
        SetupStep.THEMES: not draft.has_themes and draft.reminder_id is None,
        SetupStep.LOOK: draft.shows_pictures is None and draft.reminder_id is None,
    }
    return next((step for step, is_missing in missing.items() if is_missing), SetupStep.DONE)


def answer(
    draft: ReminderDraft,
    step: SetupStep,
    text: str,
    now_local: datetime,
    language: str = "en",
    themes: Sequence[str] = (),
) -> ReminderDraft | Problem:
    """Returns the draft with this answer, tapped or typed, or the problem. ZONE is not answered here: it is the chat's.

    `themes` are the ids of all themes, in the order of their buttons.
    """
    match step:
        case SetupStep.RHYTHM:
            return draft.model_copy(update={"rhythm": Rhythm(text)}) if text in list(Rhythm) else "unread"
        case SetupStep.TIME:
            at = read_time(text, language=language)
            return draft.model_copy(update={"at": at}) if at else "unread"
        case SetupStep.TIMES:
            return _answer_times(draft, text, language)
        case SetupStep.MOMENT:
            moment = read_moment(text, now_local=now_local, language=language)
            if moment is None:
                return "unread"
            return draft.model_copy(update={"moment": moment}) if moment > now_local else "past"
        case SetupStep.DAYS:
            return _answer_days(draft, text, language)
        case SetupStep.THEMES:
            return _answer_themes(draft, text, themes)
        case SetupStep.LOOK if text in (WORDS, PICTURES):
            return draft.model_copy(update={"shows_pictures": text == PICTURES})
        case _:
            return "unread"


def step_back(draft: ReminderDraft, step: SetupStep) -> ReminderDraft:
    """Returns the draft without the last answer, when `step` is the current question."""
    if step is not SetupStep.ZONE:
        last = FIELDS_BEFORE.get(step, ())
    elif draft.is_shared:
        last = ("has_days",)
    elif draft.rhythm is Rhythm.ONCE:
        last = ("rhythm",)
    else:
        last = ("at", "times", "moment")
    fields = ReminderDraft.model_fields
    return draft.model_copy(update={name: fields[name].default for name in last})


def rule_of(draft: ReminderDraft) -> Daily | Spread | Once:
    """Returns the rule of a finished draft. Raises ValueError for an unfinished one."""
    match draft:
        case ReminderDraft(is_shared=True, at=time() as at) if draft.weekdays:
            return Daily(at=at, weekdays=draft.weekdays)
        case ReminderDraft(rhythm=Rhythm.DAILY, at=time() as at):
            return Daily(at=at)
        case ReminderDraft(rhythm=Rhythm.WEEKDAYS, at=time() as at):
            return Daily(at=at, weekdays=MONDAY_TO_FRIDAY)
        case ReminderDraft(rhythm=Rhythm.SPREAD, times=int() as times):
            window = _minutes(draft.end) - _minutes(draft.start)
            return Spread(
                times=times, start=draft.start, end=draft.end, apart=_apart(window, times), weekdays=EVERY_DAY
            )
        case ReminderDraft(rhythm=Rhythm.ONCE, moment=datetime() as moment):
            return Once(at=moment)
        case _:
            raise ValueError(f"the draft is not finished: {draft!r}")


def offered_moments(now_local: datetime) -> dict[str, datetime]:
    """Returns the moments that buttons offer, by the names of their labels; this evening only while it is ahead."""
    today = now_local.date()
    moments = {
        "this_evening": datetime.combine(today, EVENING),
        "tomorrow": datetime.combine(today + timedelta(days=1), MORNING),
        "in_a_week": datetime.combine(today + timedelta(days=7), MORNING),
    }
    return {name: moment for name, moment in moments.items() if moment > now_local}


def _answer_days(draft: ReminderDraft, text: str, language: str) -> ReminderDraft | Problem:
    """All days at once, typed or tapped; or +2 and -2 for single days, and READY at the end."""
    if text in (EVERY, WORKING):
        return draft.model_copy(update={"weekdays": EVERY_DAY if text == EVERY else MONDAY_TO_FRIDAY, "has_days": True})
    if text == READY:
        return draft.model_copy(update={"has_days": True}) if draft.weekdays else "unread"
    if re.fullmatch("[+-][0-6]", text):
        days = set(draft.weekdays)
        if text[0] == "+":
            days.add(int(text[1]))
        else:
            days.discard(int(text[1]))
        return draft.model_copy(update={"weekdays": tuple(sorted(days))})
    days_read = read_weekdays(text, language=language)
    return draft.model_copy(update={"weekdays": days_read, "has_days": True}) if days_read else "unread"


def _answer_themes(draft: ReminderDraft, text: str, themes: Sequence[str]) -> ReminderDraft | Problem:
    """-3 leaves the theme with index 3 out, +3 takes it in again; READY at the end."""
    if text == READY:
        return draft.model_copy(update={"has_themes": True})
    if not re.fullmatch("[+-][0-9]{1,2}", text) or int(text[1:]) >= len(themes):
        return "unread"
    theme, left_out = themes[int(text[1:])], set(draft.left_out)
    if text[0] == "-":
        left_out.add(theme)
    else:
        left_out.discard(theme)
    return draft.model_copy(update={"left_out": tuple(sorted(left_out))})


def _answer_times(draft: ReminderDraft, text: str, language: str) -> ReminderDraft | Problem:
    if text.strip().isdecimal() and int(text) in range(1, 13):
        changed = draft.model_copy(update={"times": int(text)})
        return changed if _minutes(draft.end) - _minutes(draft.start) >= 30 * int(text) else "unread"
    hours = read_hours(text, language=language)
    if hours is None or _minutes(hours[1]) - _minutes(hours[0]) < 60:
        return "unread"
    return draft.model_copy(update={"start": hours[0], "end": hours[1]})


def _apart(window: int, times: int) -> int:
    """Returns the least minutes between two occurrences: half of an even spacing, so that they vary, not cluster."""
    return window // times // 2


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
