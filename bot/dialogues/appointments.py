"""Reads what people type about their sessions: when they are, and what changes. Pure. Called by `handlers`.

A typed wish goes into the same draft as that of a reminder; here it has to become one session a day.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.content.appointments import Act
from bot.dialogues.reminder_draft import ReminderDraft, Rhythm, can_be_set, rule_of
from bot.dialogues.wishes import once, with_wish
from bot.domain.folding import fold
from bot.domain.schedule import Daily, Once
from bot.domain.typed_times import Wish, read_duration, read_wish

Problem = Literal["unread", "past"]
Missing = Literal["day", "time"]
UNCLEAR = frozenset({"several", "order_of_date"})
EARLIEST = 7  # o'clock; an hour before it, without am or pm, is one of the afternoon
AFTERNOON = 12
SPACE = re.compile(r"\s+")


class AppointmentStep(StrEnum):
    """The question that waits for an answer. HOME asks nothing: a typed change is read there."""

    WHEN = "session-when"
    ZONE = "session-zone"
    CONFIRM = "session-confirm"
    HOME = "session-home"
    MOVE = "session-move"
    HOLIDAY = "session-holiday"
    FIRST = "session-first"
    LENGTH = "session-length"
    END = "session-end"
    REMOVE = "session-remove"


class ChangeDraft(BaseModel):
    """What a question is about: a session by its appointment and day, or the day of return."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: int = 0
    day: date | None = None
    back: date | None = None


def read_when(draft: ReminderDraft, text: str, now_local: datetime, language: str) -> ReminderDraft | Problem:
    """Returns the draft with what the text says about when sessions are; what it does not say stays as it was."""
    wish = read_wish(text, now_local=now_local, language=language)
    if wish is None or len(wish.times) > 1:
        return "unread"
    if draft.on and wish == Wish(times=wish.times, doubts=wish.doubts):
        answered: ReminderDraft | None = _on_its_day(draft, wish)
    elif draft.rhythm and wish == Wish(times=wish.times, doubts=wish.doubts):
        answered = draft.model_copy(update={"at": wish.times[0], "doubts": tuple(sorted(wish.doubts))})
    else:
        answered = with_wish(draft, wish, now_local)
        if answered and answered.rhythm is Rhythm.ONCE and answered.on and not answered.moment and draft.at:
            answered = answered.model_copy(update={"moment": datetime.combine(answered.on, draft.at)})
    answered = answered and _by_day(answered)
    if answered is None or answered.rhythm is Rhythm.SPREAD or not can_be_set(answered):
        return "unread"
    return "past" if answered.moment and answered.moment <= now_local else answered


def _on_its_day(draft: ReminderDraft, wish: Wish) -> ReminderDraft:
    moment = datetime.combine(draft.on, wish.times[0]) if draft.on else None
    return draft.model_copy(update={"moment": moment, "doubts": tuple(sorted(wish.doubts))})


def _by_day(draft: ReminderDraft) -> ReminderDraft:
    """Returns the draft with an hour that may be of either half of the day in the one in which people are awake."""
    if "half_of_day" not in draft.doubts:
        return draft
    at, moment = draft.at, draft.moment
    if at and at.hour < EARLIEST:
        at = at.replace(hour=at.hour + AFTERNOON)
    if moment and moment.hour < EARLIEST:
        moment = moment.replace(hour=moment.hour + AFTERNOON)
    return draft.model_copy(update={"at": at, "moment": moment})


def missing(draft: ReminderDraft) -> Missing | None:
    """Returns what the draft does not say yet."""
    if draft.rhythm is Rhythm.ONCE:
        return None if draft.moment else "time" if draft.on else "day"
    return "day" if draft.rhythm is None else None if draft.at else "time"


def session_rule(draft: ReminderDraft) -> Daily | Once:
    """Returns the rule of a finished draft. Raises ValueError for an unfinished one."""
    rule = rule_of(draft)
    if not isinstance(rule, Daily | Once):
        raise ValueError(f"sessions are at fixed times: {rule!r}")
    return rule


def begins_later(draft: ReminderDraft) -> date | None:
    """Returns the day from which it counts weeks, a week later; None for what is the same every week."""
    days = draft.days
    return days.first + timedelta(weeks=1) if days and days.every_weeks > 1 and days.first else None


def beginning(draft: ReminderDraft, first: str) -> ReminderDraft:
    """Returns the draft beginning on this day, if it is the one that `begins_later` names; else as it is."""
    later = begins_later(draft)
    if draft.days is None or later is None or first != later.isoformat():
        return draft
    return draft.model_copy(update={"days": draft.days.model_copy(update={"first": later})})


def read_new_time(text: str, now_local: datetime, language: str) -> datetime | Problem:
    """Reads to when one session moves, as a local moment: "friday 10:00", "12 dec 4pm"."""
    wish = read_wish(text, now_local=now_local, language=language)
    said = once(wish, now_local.date()) if wish else None
    if said is None or len(said.times) != 1 or said.doubts & UNCLEAR or said.weekdays or said.is_daily:
        return "unread"
    at = _in_the_day(said)
    moment = datetime.combine(said.date or now_local.date(), at)
    if said.date is None and moment <= now_local:
        moment += timedelta(days=1)
    return moment if moment > now_local else "past"


def _in_the_day(wish: Wish) -> time:
    at = wish.times[0]
    is_open = "half_of_day" in wish.doubts and at.hour < EARLIEST
    return at.replace(hour=at.hour + AFTERNOON) if is_open else at


def read_holiday(text: str, now_local: datetime, language: str) -> tuple[date | None, date] | Problem:
    """Reads a break: its first day, if it was said, and the day of return."""
    wish = read_wish(text, now_local=now_local, language=language)
    if wish and wish.first_day and wish.last_day:
        if wish.doubts & UNCLEAR or wish != Wish(first_day=wish.first_day, last_day=wish.last_day, doubts=wish.doubts):
            return "unread"
        is_there = wish.last_day > max(wish.first_day, now_local.date())
        return (wish.first_day, wish.last_day) if is_there else "past"
    span = read_duration(text, now_local=now_local, language=language)
    if span is None or span.doubts & UNCLEAR:
        return "unread"
    back = span.until.date()
    return (None, back) if back > now_local.date() else "past"


def read_day(text: str, now_local: datetime, language: str) -> date | None:
    """Reads one day from today on: "18 december", "friday"; None for anything else."""
    wish = read_wish(text, now_local=now_local, language=language)
    said = once(wish, now_local.date()) if wish else None
    if said is None or said.date is None or said.doubts & UNCLEAR or said.times:
        return None
    return said.date if said.date >= now_local.date() else None


def read_act(typed: Mapping[Act, Sequence[str]], text: str) -> tuple[Act, str] | None:
    """Returns which change a typed text begins with, and the rest of it; None for one that is no change.

    "skip" and "end" take no rest.
    """
    words = plain(text)
    known = [(plain(begin), act) for act, begins in typed.items() for begin in begins]
    for begin, act in sorted(known, key=lambda pair: -len(pair[0])):
        if words == begin and act in ("skip", "end"):
            return act, ""
        if words.startswith(f"{begin} ") and act in ("when", "move", "holiday"):
            return act, words.removeprefix(begin).strip()
    return None


def plain(text: str) -> str:
    """Returns the text as it is compared: without case, accents and a full stop at its end."""
    return SPACE.sub(" ", fold(text)).strip().rstrip(".!").strip()
