"""The answers so far of a set-up, and the rule that they make. Pure. For `reminder_setup` and `wishes`."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.schedule import EVERY_DAY, MONDAY_TO_FRIDAY, MOST_TIMES, Daily, Once, Recurring, Spread
from bot.domain.schedule.rules import DAY, minute_of

WINDOW = (time(9), time(21))
AROUND = 15  # minutes before and after a time that was not meant exactly


Problem = Literal["unread", "past", "none_left"]  # why an answer is not taken


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
    is_time_only: bool = False  # of a change: the days stay as they are
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
    # What a typed wish said beyond the questions; it is confirmed before it is set.
    is_wish: bool = False
    days: Recurring | None = None  # in place of the weekdays of `rhythm`
    also: tuple[time, ...] = ()  # more times of the same day
    on: date | None = None  # the day of a moment whose hour is not known yet
    doubts: tuple[str, ...] = ()  # `typed_times.doubts`
    is_confirmed: bool = False
    then: "ReminderDraft | None" = None  # the other of two wishes that were said in one go: it is set up next
    # What the reminder says in place of a message, in the person's words: encrypted, as all of this is stored.
    encrypted_text: str | None = None


def rule_of(draft: ReminderDraft) -> Daily | Spread | Once:
    """Returns the rule of a finished draft. Raises ValueError for an unfinished one."""
    match draft:
        case ReminderDraft(is_shared=True, at=time() as at) if draft.weekdays:
            return Daily(at=at, weekdays=draft.weekdays)
        case ReminderDraft(rhythm=Rhythm.DAILY | Rhythm.WEEKDAYS, at=time() as at) if is_around(draft):
            weekdays = {"weekdays": MONDAY_TO_FRIDAY} if draft.rhythm is Rhythm.WEEKDAYS else _days(draft)
            start, end = _window_around(at)
            return Spread(times=1, start=start, end=end, apart=0, **weekdays)
        case ReminderDraft(rhythm=Rhythm.DAILY, at=time() as at):
            return Daily(at=at, also=draft.also, **_days(draft))
        case ReminderDraft(rhythm=Rhythm.WEEKDAYS, at=time() as at):
            return Daily(at=at, also=draft.also, weekdays=MONDAY_TO_FRIDAY)
        case ReminderDraft(rhythm=Rhythm.SPREAD, times=int() as times):
            window = minute_of(draft.end) - minute_of(draft.start)
            return Spread(times=times, start=draft.start, end=draft.end, apart=_apart(window, times), **_days(draft))
        case ReminderDraft(rhythm=Rhythm.ONCE, moment=datetime() as moment):
            return Once(at=moment)
        case _:
            raise ValueError(f"the draft is not finished: {draft!r}")


def draft_of_time(rule: Daily | Spread | Once, language: str | None, reminder_id: int) -> ReminderDraft:
    """Returns the draft that asks for another time of a reminder, and for nothing else."""
    draft = ReminderDraft(language=language, reminder_id=reminder_id, is_time_only=True)
    if isinstance(rule, Once):
        return draft.model_copy(update={"rhythm": Rhythm.ONCE})
    days = Recurring(**{name: getattr(rule, name) for name in Recurring.model_fields})
    is_spread = isinstance(rule, Spread) and rule.times > 1
    hours = {"start": rule.start, "end": rule.end} if isinstance(rule, Spread) and is_spread else {}
    rhythm = Rhythm.SPREAD if is_spread else Rhythm.DAILY
    weekdays = rule.weekdays if rule.falls_by_weekday else ()  # what a group is asked for, and has already
    changes = {"rhythm": rhythm, "days": days, "weekdays": weekdays, "has_days": bool(weekdays), **hours}
    return draft.model_copy(update=changes)


def draft_of_rule(rule: Daily | Spread | Once, language: str | None, reminder_id: int) -> ReminderDraft:
    """Returns the draft that makes this rule, to be changed."""
    draft = draft_of_time(rule, language, reminder_id).model_copy(update={"is_time_only": False})
    match rule:
        case Once(at=moment):
            return draft.model_copy(update={"moment": moment})
        case Spread(times=1, start=start):
            middle = minute_of(start) + AROUND
            return draft.model_copy(update={"at": time(middle // 60 % 24, middle % 60), "doubts": ("around",)})
        case Spread(times=times):
            return draft.model_copy(update={"times": times})
        case Daily(at=at, also=also):
            return draft.model_copy(update={"at": at, "also": also})


def is_around(draft: ReminderDraft) -> bool:
    """Whether "around 8" was said, and one time: then it comes at another moment each day, a little before or after."""
    return "around" in draft.doubts and not draft.also


def can_be_set(draft: ReminderDraft) -> bool:
    """Whether what is there can make a rule: a year of 2500, or thirteen times a day, cannot."""
    try:
        rule_of(draft)
    except ValidationError:
        return False
    except ValueError:
        return True  # it is not finished
    return True


def fits(draft: ReminderDraft, times: int) -> bool:
    """Whether so many times a day leave half an hour for each."""
    return times <= MOST_TIMES and minute_of(draft.end) - minute_of(draft.start) >= 30 * times


def _days(draft: ReminderDraft) -> dict[str, Any]:  # Any: fields of different types
    return draft.days.model_dump() if draft.days else {"weekdays": EVERY_DAY}


def _window_around(at: time) -> tuple[time, time]:
    first, last = minute_of(at) - AROUND, minute_of(at) + AROUND
    start, end = max(first, 0), min(last, DAY - 1)
    return time(start // 60, start % 60), time(end // 60, end % 60)


def _apart(window: int, times: int) -> int:
    """Returns the least minutes between two occurrences: half of an even spacing, so that they vary, not cluster."""
    return window // times // 2
