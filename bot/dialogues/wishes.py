"""Puts a typed wish into the draft of a reminder: all that it says, so that only the rest is asked. Pure.

Called by `reminder_setup`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from pydantic import ValidationError

from bot.dialogues.reminder_draft import ReminderDraft, Rhythm
from bot.domain.schedule import EVERY_DAY, Recurring
from bot.domain.typed_times import Wish

# Doubts that a sentence to confirm does not settle: which of two was meant has to be said.
UNCLEAR = frozenset({"several", "order_of_date"})


def with_wish(draft: ReminderDraft, wish: Wish, now_local: datetime) -> ReminderDraft | None:
    """Returns the draft with what the wish says; None if it is not clear, or says nothing that fits.

    What comes from a wish is confirmed before it is set.
    """
    if wish.doubts & UNCLEAR or (wish.window and wish.window[0] >= wish.window[1]):
        return None
    changes = {"is_wish": True, "doubts": tuple(sorted(wish.doubts)), **_hours(wish)}
    if wish.date or wish.is_once:
        return draft.model_copy(update=changes | _once(wish, now_local))
    try:
        days = _days_of(wish, now_local.date())
    except ValidationError:
        return None  # such as every 400 days, or an end before the beginning
    if wish.times_a_day and not wish.times and (wish.times_a_day > 1 or wish.window):
        changes |= {"rhythm": Rhythm.SPREAD, "times": wish.times_a_day, "days": days}
    elif wish.window:
        changes |= {"rhythm": Rhythm.SPREAD, "days": days}
    elif days:
        changes |= {"rhythm": Rhythm.DAILY, "days": days}
    elif wish.times_a_day == 1:
        changes |= {"rhythm": Rhythm.DAILY}
    elif not wish.times:
        return None  # a part of the day, say, without more
    return draft.model_copy(update=changes)


def _hours(wish: Wish) -> dict[str, object]:
    times: dict[str, object] = {"at": wish.times[0], "also": wish.times[1:]} if wish.times else {}
    return times | ({"start": wish.window[0], "end": wish.window[1]} if wish.window else {})


def once(wish: Wish, today: date) -> Wish:
    """Returns the wish as an answer to "when?": "friday" alone is the next one, not every one."""
    if len(wish.weekdays) != 1 or wish.every_weeks or wish.first_day or wish.last_day:
        return wish
    days = (wish.weekdays[0] - today.weekday() - 1) % 7 + 1
    return replace(wish, weekdays=(), date=today + timedelta(days=days))


def _once(wish: Wish, now_local: datetime) -> dict[str, object]:
    changes: dict[str, object] = {"rhythm": Rhythm.ONCE, "on": wish.date, "at": None, "also": ()}
    if wish.times and wish.date:
        changes["moment"] = datetime.combine(wish.date, wish.times[0])
    elif wish.times:
        today = datetime.combine(now_local.date(), wish.times[0])
        changes["moment"] = today if today > now_local else today + timedelta(days=1)
    return changes


def _days_of(wish: Wish, today: date) -> Recurring | None:
    """Returns the days that the wish names; None if it names none."""
    first, last = wish.first_day, wish.last_day
    if wish.every_days and wish.every_days > 1:
        return Recurring(every_days=wish.every_days, first=first or today, last=last)
    if wish.days_of_month:
        return Recurring(month_days=wish.days_of_month, first=first, last=last)
    if wish.nth_weekday:
        nth, weekday = wish.nth_weekday
        return Recurring(nth=nth, weekdays=(weekday,), first=first, last=last)
    weekdays = wish.weekdays or (EVERY_DAY if wish.is_daily or wish.every_days else ())
    if wish.every_weeks and wish.every_weeks > 1:
        return Recurring(
            every_weeks=wish.every_weeks, weekdays=weekdays or (today.weekday(),), first=first or today, last=last
        )
    if wish.every_weeks and not weekdays:
        weekdays = (today.weekday(),)
    if weekdays or first or last:
        return Recurring(weekdays=weekdays or EVERY_DAY, first=first, last=last)
    return None
