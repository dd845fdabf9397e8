"""The answers so far in setting a reminder up. Pure. Used by `reminder_setup` and `wishes`."""

from datetime import date, datetime, time
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.domain.schedule import Recurring

WINDOW = (time(9), time(21))


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
    # What a typed wish said beyond the questions; it is confirmed before it is set.
    is_wish: bool = False
    days: Recurring | None = None  # in place of the weekdays of `rhythm`
    also: tuple[time, ...] = ()  # more times of the same day
    on: date | None = None  # the day of a moment whose hour is not known yet
    doubts: tuple[str, ...] = ()  # `typed_times.doubts`
    is_confirmed: bool = False
