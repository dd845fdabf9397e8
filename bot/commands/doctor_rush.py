"""Whether the reminders of the next day fit under the limit, and what to do if they do not. For `doctor`."""

from datetime import datetime, timedelta
from typing import Literal

from bot.database.engine import Database
from bot.domain.rush import Rush, rush_of
from bot.settings import Settings
from bot.usecases.planned import list_planned

NOTED, TOO_LATE = timedelta(minutes=1), timedelta(minutes=15)  # that the last of a rush may wait
MOST_PAID = 1000  # messages a second that Telegram allows with paid broadcasts


async def look(database: Database, settings: Settings, now: datetime) -> tuple[Literal["ok", "note", "wrong"], str]:
    """Returns what to say of the next 24 hours."""
    async with database.read() as session:
        planned = await list_planned(session, now)
    rush = rush_of(planned, settings.messages_per_second)
    if rush.worst_at is None:
        return "ok", "no reminders in the next 24 hours"
    text = (
        f"{rush.messages} reminders in the next 24 hours, at {settings.messages_per_second:g} a second; of the biggest "
        f"rush, at {rush.worst_at:%H:%M} UTC, the last waits {_in_words(rush.longest)}"
    )
    if rush.longest <= NOTED:
        return "ok", text
    return "wrong" if rush.longest > TOO_LATE else "note", "\n".join([text, *_what_to_do(rush, settings)])


def _in_words(wait: timedelta) -> str:
    seconds = round(wait.total_seconds())
    return f"{seconds} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _what_to_do(rush: Rush, settings: Settings) -> list[str]:
    lines = ['invite people to say "around 8" instead of "at 8": such reminders spread over half an hour']
    if not settings.paid_broadcast:
        seconds = rush.longest.total_seconds() * settings.messages_per_second / MOST_PAID
        at_most = _in_words(timedelta(seconds=seconds))
        lines.append(f"or pay for broadcasts (PAID_BROADCAST, up to {MOST_PAID} a second): then {at_most} at most")
    lines.append("or share people out among several bots, which have a limit each: docs/scale.md")
    return lines
