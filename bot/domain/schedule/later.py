"""When a message that is put off (snooze) comes again: soon, this evening, tomorrow morning. Called by `usecases`."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.schedule.due import is_quiet, quiet_ends_at
from bot.domain.schedule.rules import QuietHours

SOON = timedelta(minutes=20)
EVENING, MORNING = time(19), time(8)


class Later(StrEnum):
    """What a person chooses. The values stand in the buttons of old messages."""

    SOON = "s"
    EVENING = "e"
    MORNING = "m"


def wall_of(later: Later, now_local: datetime) -> datetime | None:
    """Returns the local time that the choice names, naive as `now_local`; None for a time from now."""
    match later:
        case Later.SOON:
            return None
        case Later.EVENING:
            return datetime.combine(now_local.date(), EVENING)
        case Later.MORNING:
            return datetime.combine(now_local.date() + timedelta(days=1), MORNING)


def comes_at(later: Later, *, now: datetime, zone: ZoneInfo, quiet: QuietHours | None) -> datetime | None:
    """Returns the moment, out of quiet hours; None for an evening that is past, or in quiet hours."""
    wall = wall_of(later, now.astimezone(zone).replace(tzinfo=None))
    at = now + SOON if wall is None else wall.replace(tzinfo=zone).astimezone(now.tzinfo)
    if later is Later.EVENING and (at <= now or is_quiet(at, zone=zone, quiet=quiet)):
        return None
    return quiet_ends_at(at, zone=zone, quiet=quiet)
