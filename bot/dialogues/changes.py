"""Takes a typed change of what is about to be set: "make it 10pm", "monday instead". Pure. Called by `handlers`.

What a text does not say stays as it was; what it says is confirmed anew.
"""

import string
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from bot.dialogues.reminder_draft import Problem, ReminderDraft, Rhythm, can_be_set, fits
from bot.dialogues.wishes import UNCLEAR, once, with_wish
from bot.domain.folding import fold
from bot.domain.schedule import EVERY_DAY, MONDAY_TO_FRIDAY, Recurring
from bot.domain.typed_times import Wish, read_wish

EVENING, MORNING = time(20), time(8, 30)
BOTH = f"every day at {MORNING:%H:%M} and {EVENING:%H:%M}"  # English is read beside every language
PUNCTUATION = f"{string.punctuation}¡¿…"
OF_DAYS = frozenset({"rough", "which_week", "far"})  # doubts that another hour does not settle


def written_out(text: str, both: Collection[str]) -> str:
    """Returns "mornings and evenings" with their hours; any other text as it is."""
    return BOTH if _words(text) in [_words(said) for said in both] else text


def hour_of(text: str, parts_of_day: Mapping[str, Collection[str]]) -> str:
    """Returns the hour that "after breakfast" stands for where one is asked for; any other text as it is."""
    said = _words(text)
    return next((hour for hour, typed in parts_of_day.items() if said in [_words(one) for one in typed]), text)


def change(
    draft: ReminderDraft, text: str, small_words: Collection[str], now_local: datetime, language: str
) -> ReminderDraft | Problem:
    """Returns the draft with the change, or the problem. `small_words` ("make it", "instead") may stand around it."""
    for words in dict.fromkeys((text, without_small_words(text, small_words))):
        if wish := read_wish(words, now_local=now_local, language=language):
            return _checked(_changed(draft, wish, now_local), now_local)
    return "unread"


def _checked(changed: ReminderDraft | None, now_local: datetime) -> ReminderDraft | Problem:
    if changed is None or not can_be_set(changed):
        return "unread"
    if changed.moment and changed.moment <= now_local:
        return "past"
    is_crowded = changed.rhythm is Rhythm.SPREAD and changed.times and not fits(changed, changed.times)
    return "unread" if is_crowded else changed


def _changed(draft: ReminderDraft, wish: Wish, now_local: datetime) -> ReminderDraft | None:
    if wish.doubts & UNCLEAR:
        return None
    if draft.is_shared:
        return _of_a_group(draft, wish)
    said = once(wish, now_local.date()) if draft.rhythm is Rhythm.ONCE else wish
    if draft.rhythm is Rhythm.ONCE and not _repeats(said):
        return _at_another_moment(draft, said)
    if said.date or said.is_once:
        said = replace(said, times=said.times or ((draft.at,) if draft.at else ()))
        return with_wish(draft, said, now_local)
    return _recurring(draft, said, now_local)


def _of_a_group(draft: ReminderDraft, wish: Wish) -> ReminderDraft | None:
    """A group or a channel has one time, and days of the week."""
    weekdays = wish.weekdays or (EVERY_DAY if wish.is_daily else ())
    plain = Wish(times=wish.times[:1], weekdays=wish.weekdays, is_daily=wish.is_daily, doubts=wish.doubts)
    if wish != plain:
        return None
    hours = {"at": wish.times[0], "doubts": tuple(sorted(wish.doubts))} if wish.times else {}
    days = {"weekdays": weekdays, "has_days": True} if weekdays else {}
    return draft.model_copy(update={**hours, **days, "is_wish": draft.is_wish or bool(wish.doubts)})


def _at_another_moment(draft: ReminderDraft, wish: Wish) -> ReminderDraft | None:
    before = draft.moment
    on, at = wish.date or _day(draft), wish.times[0] if wish.times else before.time() if before else draft.at
    if len(wish.times) > 1 or (not wish.times and not wish.date):
        return None
    moment = datetime.combine(on, at) if on and at else None
    changes = {"on": on, "at": None if moment else at, "moment": moment, "is_wish": True}
    return draft.model_copy(update={**changes, "doubts": _doubts(draft, wish)})


def _recurring(draft: ReminderDraft, wish: Wish, now_local: datetime) -> ReminderDraft | None:
    is_spread, has_days = wish.window is not None or bool(wish.times_a_day and not wish.times), _says_days(wish)
    # Of what comes once, or several times at changing hours, another hour keeps the days alone.
    kept = draft.model_copy(update={"moment": None, "on": None, "is_wish": True, "days": _days(draft)})
    if draft.rhythm is Rhythm.ONCE:
        kept = kept.model_copy(update={"at": draft.moment.time() if draft.moment else draft.at})
    if wish.times and not has_days:
        hours = {"rhythm": Rhythm.DAILY, "at": wish.times[0], "also": wish.times[1:], "times": None}
        return kept.model_copy(update={**hours, "doubts": _doubts(draft, wish)})
    answered = with_wish(kept, wish, now_local)
    if answered is None:
        return None
    changes: dict[str, object] = {"doubts": _doubts(draft, wish)}
    if not has_days:
        changes["days"] = kept.days
    if is_spread:
        changes |= {"at": None, "also": ()}
    elif draft.rhythm is Rhythm.SPREAD and not wish.times:
        changes["rhythm"] = Rhythm.SPREAD
    return answered.model_copy(update=changes)


def _day(draft: ReminderDraft) -> date | None:
    return draft.moment.date() if draft.moment else draft.on


def _days(draft: ReminderDraft) -> Recurring | None:
    return Recurring(weekdays=MONDAY_TO_FRIDAY) if draft.rhythm is Rhythm.WEEKDAYS else draft.days


def _repeats(wish: Wish) -> bool:
    is_counted = wish.every_days or wish.every_weeks or wish.days_of_month or wish.nth_weekday
    return bool(wish.weekdays or is_counted or wish.is_daily or wish.times_a_day or wish.window or wish.first_day)


def _says_days(wish: Wish) -> bool:
    is_counted = wish.every_days or wish.every_weeks or wish.days_of_month or wish.nth_weekday
    return bool(wish.weekdays or is_counted or wish.is_daily or wish.first_day or wish.last_day)


def _doubts(draft: ReminderDraft, wish: Wish) -> tuple[str, ...]:
    """Another hour settles what was not clear about the one before, and other days what was not about those."""
    has_days, has_hours = _says_days(wish) or wish.date, wish.times or wish.window or wish.times_a_day
    left = {doubt for doubt in draft.doubts if not (has_days if doubt in OF_DAYS else has_hours)}
    return tuple(sorted(wish.doubts | left))


def without_small_words(text: str, small_words: Collection[str]) -> str:
    """Returns the text without such words at its beginning and its end."""
    words, small = text.split(), sorted((_words(said) for said in small_words), key=len, reverse=True)
    while words and (found := next((said for said in small if _words(" ".join(words[: len(said)])) == said), None)):
        words = words[len(found) :]
    while words and (found := next((said for said in small if _words(" ".join(words[-len(said) :])) == said), None)):
        words = words[: -len(found)]
    return " ".join(words)


def _words(text: str) -> Sequence[str]:
    return [plain for word in text.split() if (plain := fold(word).strip(PUNCTUATION))]
