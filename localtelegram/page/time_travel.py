"""Moves the clock from the page, step by step from one due time to the next, so that each message comes at its time."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from localtelegram.clock import MovableClock

MOST_STEPS = 500
SETTLING = timedelta(seconds=2)  # a rate limit may put a message off for that long
Target = Literal["next", "hour", "day", "real"]
DISTANCES = {"hour": timedelta(hours=1), "day": timedelta(days=1)}

NOTHING_SET = "Nothing is to come yet. Subscribe in a chat first, then move to its next reminder."
STOPPED_EARLY = "So much was due on the way that the clock stopped before the end. It can go on from here."


class NextDue(NamedTuple):
    """What the bot does next by itself: when, in which chat, and what it is, as in "a reminder"."""

    at: datetime
    chat_id: int
    what: str


class RunningBot(Protocol):
    """What the page asks of the bot that runs beside it."""

    async def next_due(self) -> NextDue | None:
        """What is due first."""
        ...

    async def zones(self) -> dict[str, str]:
        """The time zones of chats, by "chat id/topic id" (0: no topic), as far as they are known."""
        ...

    async def catch_up(self) -> None:
        """Does everything that is due now. Returns when all of it is sent."""
        ...

    async def show_message(self, language: str, name: str) -> None:
        """Shows one of its messages to the person You. Raises KeyError, or ValueError in words to show."""
        ...

    def flows(self) -> dict[str, str]:
        """The titles of the bot's flows, by name."""
        ...

    def alts(self) -> list[dict[str, str]]:
        """What the bot's moving pictures show: `file`, its name; `says`, a text sent with it; `alt`; `language`."""
        ...

    def picture(self, flow: str) -> str:
        """A flow as SVG. Raises KeyError for an unknown name."""
        ...


async def travel(clock: MovableClock, bot: RunningBot | None, to: Target) -> str:
    """Moves the clock. Returns what the person should be told; an empty text where all went as asked."""
    if to == "real":
        clock.back_to_real()
        if bot:
            await bot.catch_up()
        return ""
    now = clock()
    due = await _due_at(bot) if bot else None
    if to == "next" and due is None:
        return NOTHING_SET
    target = max(due or now, now) if to == "next" else now + DISTANCES[to]
    if bot is None:
        clock.set(target)
        return ""
    return await _step_to(clock, bot, target)


async def _due_at(bot: RunningBot) -> datetime | None:
    due = await bot.next_due()
    return due.at if due else None


async def _step_to(clock: MovableClock, bot: RunningBot, target: datetime) -> str:
    for _ in range(MOST_STEPS):
        due = await _due_at(bot)
        if due is None or due >= target:
            clock.set(max(target, clock()))
            await bot.catch_up()
            return ""
        clock.set(max(due, clock()))
        await bot.catch_up()
        if await _due_at(bot) == due:
            # A rate limit holds it back: a little later it is sent.
            clock.move(SETTLING)
            await bot.catch_up()
    return STOPPED_EARLY
