"""Moving the clock from the page: step by step from one due time to the next, so that all arrives as it would have."""

from datetime import datetime, timedelta
from typing import Literal, Protocol

from localtelegram.clock import MovableClock

MOST_STEPS = 500
SETTLING = timedelta(seconds=2)  # what a chat's own pace may put off is waited for
Target = Literal["next", "hour", "day", "real"]
DISTANCES = {"hour": timedelta(hours=1), "day": timedelta(days=1)}

NOTHING_SET = "Nothing is to come yet. Subscribe in a chat first, then move to its next reminder."
STOPPED_EARLY = "So much was due on the way that the clock stopped before the end. It can go on from here."


class House(Protocol):
    """The running bot, as the page sees it."""

    async def next_due_at(self) -> datetime | None:
        """The earliest moment at which anything is due."""
        ...

    async def catch_up(self) -> None:
        """Do everything that is due now; return when all is sent."""
        ...

    def flows(self) -> dict[str, str]:
        """The titles of the bot's conversations, by name."""
        ...

    def picture(self, flow: str) -> str:
        """One of them as SVG. Raises KeyError for a name that is not there."""
        ...


async def travel(clock: MovableClock, house: House | None, to: Target) -> str:
    """Move, and say what there is to say about it; an empty text when all went as asked."""
    if to == "real":
        clock.back_to_real()
        if house:
            await house.catch_up()
        return ""
    now = clock()
    due = await house.next_due_at() if house else None
    if to == "next" and due is None:
        return NOTHING_SET
    target = max(due or now, now) if to == "next" else now + DISTANCES[to]
    if house is None:
        clock.set(target)
        return ""
    return await _step_to(clock, house, target)


async def _step_to(clock: MovableClock, house: House, target: datetime) -> str:
    for _ in range(MOST_STEPS):
        due = await house.next_due_at()
        if due is None or due >= target:
            clock.set(max(target, clock()))
            await house.catch_up()
            return ""
        clock.set(max(due, clock()))
        await house.catch_up()
        if await house.next_due_at() == due:
            # It waits for something else than the clock; a little later it will have moved on.
            clock.move(SETTLING)
            await house.catch_up()
    return STOPPED_EARLY
