"""Sets a reminder up, one question at a time. Pure. Called by `handlers` and `screens`.

The answers so far are the Draft; the next question is the first that the draft does not answer.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.dialogues.changes import EVENING, MORNING
from bot.dialogues.group_setup import answer_days, answer_look, answer_themes
from bot.dialogues.reminder_draft import Problem, ReminderDraft, Rhythm, can_be_set, fits
from bot.dialogues.wishes import once, with_wish
from bot.domain.schedule import EVERY_DAY, MONDAY_TO_FRIDAY, MOST_TIMES, Daily
from bot.domain.schedule.rules import minute_of
from bot.domain.typed_times import Wish, read_hours, read_moment, read_time, read_two_wishes, read_wish

TIMES = (time(7, 30), time(8, 30), time(12, 30), time(17), time(20), time(21, 30))
COUNTS = (2, 3, 5)


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
    CONFIRM = "confirm"
    DONE = "done"


# The fields of the answer before each question; before ZONE they depend on the draft.
FIELDS_BEFORE: dict[SetupStep, tuple[str, ...]] = {
    SetupStep.TIME: ("rhythm", "days"),
    SetupStep.TIMES: ("rhythm", "days", "start", "end"),
    SetupStep.MOMENT: ("rhythm",),
    SetupStep.DAYS: ("at", "weekdays"),
    SetupStep.THEMES: ("has_days", "left_out"),
    SetupStep.LOOK: ("has_themes",),
}
# Answers of buttons that nobody types by chance.
AS_READ, OTHER_HALF = "as-read", "other-half"
NOT_SETTLED = frozenset(
    {"night", "rough", "around", "past", "far", "which_week"}
)  # doubts about a time that are confirmed


def draft_of(rule: Daily, language: str | None) -> ReminderDraft | None:
    """Returns a draft that this rule answers; None for days that no button offers."""
    rhythm = {EVERY_DAY: Rhythm.DAILY, MONDAY_TO_FRIDAY: Rhythm.WEEKDAYS}.get(rule.weekdays)
    is_plain = rule == Daily(at=rule.at, weekdays=rule.weekdays)
    return ReminderDraft(language=language, rhythm=rhythm, at=rule.at) if rhythm and is_plain else None


def next_step(draft: ReminderDraft, *, has_zone: bool) -> SetupStep:
    """Returns the next question, DONE if there is none. `has_zone`: the chat has a time zone."""
    step = _next_shared(draft, has_zone=has_zone) if draft.is_shared else _next_private(draft, has_zone=has_zone)
    is_doubtful = (draft.is_wish or draft.encrypted_text) and not draft.is_confirmed
    return SetupStep.CONFIRM if step is SetupStep.DONE and is_doubtful else step


def _next_private(draft: ReminderDraft, *, has_zone: bool) -> SetupStep:
    if draft.rhythm is None:
        return SetupStep.RHYTHM
    if draft.rhythm is Rhythm.ONCE:
        # "This evening" needs the time zone first.
        asked = SetupStep.MOMENT if draft.on is None else SetupStep.TIME
        missing = asked if draft.moment is None else None
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
    answered = _answer(draft, step, text, now_local, language, themes)
    return answered if isinstance(answered, str) or can_be_set(answered) else "unread"


def _answer(
    draft: ReminderDraft, step: SetupStep, text: str, now_local: datetime, language: str, themes: Sequence[str]
) -> ReminderDraft | Problem:
    match step:
        case SetupStep.RHYTHM:
            return _answer_rhythm(draft, text, now_local, language)
        case SetupStep.TIME:
            return _answer_time(draft, text, now_local, language)
        case SetupStep.TIMES:
            return _answer_times(draft, text, now_local, language)
        case SetupStep.MOMENT:
            return _answer_moment(draft, text, now_local, language)
        case SetupStep.CONFIRM if text in (AS_READ, OTHER_HALF):
            return _confirmed(draft, has_other_half=text == OTHER_HALF)
        case SetupStep.DAYS:
            return answer_days(draft, text, language)
        case SetupStep.THEMES:
            return answer_themes(draft, text, themes)
        case SetupStep.LOOK:
            return answer_look(draft, text)
        case _:
            return "unread"


def _answer_rhythm(draft: ReminderDraft, text: str, now_local: datetime, language: str) -> ReminderDraft | Problem:
    if text in list(Rhythm):
        return draft.model_copy(update={"rhythm": Rhythm(text)})
    wish = read_wish(text, now_local=now_local, language=language)
    two = None if wish or draft.is_shared else read_two_wishes(text, now_local=now_local, language=language)
    if two is None:
        return _answer_wish(draft, wish, now_local)
    blank = ReminderDraft(language=draft.language)
    first, second = _answer_wish(draft, two[0], now_local), _answer_wish(blank, two[1], now_local)
    if isinstance(first, str) or isinstance(second, str) or not can_be_set(second):
        return "unread"
    return first.model_copy(update={"then": second})


def _answer_moment(draft: ReminderDraft, text: str, now_local: datetime, language: str) -> ReminderDraft | Problem:
    moment = read_moment(text, now_local=now_local, language=language)
    if moment is None:
        wish = read_wish(text, now_local=now_local, language=language)
        return _answer_wish(draft, wish and once(wish, now_local.date()), now_local)
    return draft.model_copy(update={"moment": moment}) if moment > now_local else "past"


def _answer_wish(draft: ReminderDraft, wish: Wish | None, now_local: datetime) -> ReminderDraft | Problem:
    """Takes all that a wish says, at whichever question it was typed."""
    answered = with_wish(draft, wish, now_local) if wish else None
    if answered is None:
        return "unread"
    if answered.moment and answered.moment <= now_local:
        return "past"
    if answered.rhythm is Rhythm.SPREAD and answered.times and not fits(answered, answered.times):
        return "unread"
    return answered


def _answer_time(draft: ReminderDraft, text: str, now_local: datetime, language: str) -> ReminderDraft | Problem:
    """Takes a time; more than that if more was said. What a time leaves open is confirmed."""
    wish, at = read_wish(text, now_local=now_local, language=language), read_time(text, language=language)
    if at and (wish is None or not wish.doubts & NOT_SETTLED) and not _says_more(wish):
        return _at(draft, at, now_local)
    if draft.is_shared and wish and wish.times and not wish.doubts:
        weekdays = wish.weekdays or (EVERY_DAY if wish.is_daily else ())
        days = {"weekdays": weekdays, "has_days": True} if weekdays else {}
        return draft.model_copy(update={"at": wish.times[0], **days})
    if wish and draft.on and wish.times and not _says_more(wish):
        return _at(draft.model_copy(update={"is_wish": True}), wish.times[0], now_local)
    if wish and wish.times and not _says_more(wish):  # the days were said before
        more = {"at": wish.times[0], "also": wish.times[1:], "is_wish": True, "doubts": tuple(sorted(wish.doubts))}
        return draft.model_copy(update=more) if "several" not in wish.doubts else "unread"
    return _answer_wish(draft, wish, now_local)


def _says_more(wish: Wish | None) -> bool:
    """Whether a wish says more than times."""
    return wish is not None and (len(wish.times) > 1 or Wish(times=wish.times, doubts=wish.doubts) != wish)


def _at(draft: ReminderDraft, at: time, now_local: datetime) -> ReminderDraft | Problem:
    if draft.on is None:
        return draft.model_copy(update={"at": at})
    moment = datetime.combine(draft.on, at)
    return draft.model_copy(update={"moment": moment}) if moment > now_local else "past"


def _confirmed(draft: ReminderDraft, *, has_other_half: bool) -> ReminderDraft:
    changes: dict[str, object] = {"is_confirmed": True}
    if has_other_half and (other := other_half(draft)):
        changes |= {"moment": datetime.combine(draft.moment.date(), other)} if draft.moment else {"at": other}
    return draft.model_copy(update=changes)


def other_half(draft: ReminderDraft) -> time | None:
    """Returns the same time in the other half of the day, if it was not said which one is meant."""
    at = draft.moment.time() if draft.moment else draft.at
    return time((at.hour + 12) % 24, at.minute) if at and "half_of_day" in draft.doubts and not draft.also else None


def with_next_moment(draft: ReminderDraft, now_local: datetime) -> ReminderDraft:
    """Returns the draft of what comes once, at a time that was said before, with the next such moment."""
    if draft.rhythm is not Rhythm.ONCE or draft.at is None or draft.moment or draft.on:
        return draft
    today = datetime.combine(now_local.date(), draft.at)
    return draft.model_copy(update={"moment": today if today > now_local else today + timedelta(days=1)})


def step_back(draft: ReminderDraft, step: SetupStep) -> ReminderDraft:
    """Returns the draft without the last answer, when `step` is the current question; a wish goes as a whole."""
    if draft.is_wish and not draft.is_shared:
        kept = ("language", "reminder_id", "is_first", "encrypted_text")
        return ReminderDraft(**{name: getattr(draft, name) for name in kept})
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


def offered_moments(now_local: datetime) -> dict[str, datetime]:
    """Returns the moments that buttons offer, by the names of their labels; this evening only while it is ahead."""
    today = now_local.date()
    moments = {
        "this_evening": datetime.combine(today, EVENING),
        "tomorrow": datetime.combine(today + timedelta(days=1), MORNING),
        "in_a_week": datetime.combine(today + timedelta(days=7), MORNING),
    }
    return {name: moment for name, moment in moments.items() if moment > now_local}


def _answer_times(draft: ReminderDraft, text: str, now_local: datetime, language: str) -> ReminderDraft | Problem:
    if text.strip().isdecimal() and int(text) in range(1, MOST_TIMES + 1):
        return draft.model_copy(update={"times": int(text)}) if fits(draft, int(text)) else "unread"
    hours = read_hours(text, language=language)
    if hours is None:
        wish = read_wish(text, now_local=now_local, language=language)
        return _answer_wish(draft, wish, now_local) if _says_more(wish) else "unread"
    if minute_of(hours[1]) - minute_of(hours[0]) < 60:
        return "unread"
    return draft.model_copy(update={"start": hours[0], "end": hours[1]})
