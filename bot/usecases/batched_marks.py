"""Marks what became of messages, many in one transaction, and counts it. Called by the outbox."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.database.engine import Database
from bot.delivery.outcomes import Moved, Outcome, RetryLater, Sent, Skipped, TopicClosed
from bot.domain.histogram import SLOW, Histogram
from bot.usecases.claims import Claimed
from bot.usecases.marks import mark

log = logging.getLogger(__name__)

ENOUGH = 100  # are written at once
LONGEST_WAIT = 0.05  # seconds until fewer are
AGAIN_SECONDS = 1.0  # until the next try, while they cannot be written


@dataclass(slots=True)
class Counts:
    """How many messages were sent, postponed, skipped and failed since the start; for metrics."""

    sent: int = 0
    postponed: int = 0
    skipped: int = 0
    failed: int = 0


class BatchedMarks:
    """The outcomes that are not in the database yet. `when_written` is told how many have just been written."""

    def __init__(self, database: Database, clock: Callable[[], datetime], when_written: Callable[[int], None]) -> None:
        self.counts = Counts()
        self.lateness = Histogram(SLOW)
        self._database = database
        self._clock = clock
        self._when_written = when_written
        self._outcomes: list[tuple[Claimed, Outcome]] = []
        self._has_enough = asyncio.Event()

    def add(self, message: Claimed, outcome: Outcome) -> None:
        """Has this outcome written soon."""
        self._outcomes.append((message, outcome))
        if len(self._outcomes) >= ENOUGH:
            self._has_enough.set()

    async def keep_writing(self, ended: asyncio.Event) -> None:
        """Writes them until `ended` is set. Whatever goes wrong is tried again: nothing is sent meanwhile."""
        while not ended.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_WAIT):
                    await self._has_enough.wait()
            self._has_enough.clear()
            try:
                await self.write()
            except Exception:
                log.exception("cannot mark what was sent; sending waits", extra={"unmarked": len(self._outcomes)})
                await asyncio.sleep(AGAIN_SECONDS)

    async def write(self) -> None:
        """Writes all of them. Raises what `mark` raises; then they are still to be written."""
        outcomes, self._outcomes = self._outcomes, []
        if not outcomes:
            return
        try:
            now = self._clock()
            await mark(self._database, outcomes, now)
        except BaseException:
            self._outcomes = outcomes + self._outcomes
            raise
        self._when_written(len(outcomes))
        for message, outcome in outcomes:
            self._count(message, outcome, now)

    def _count(self, message: Claimed, outcome: Outcome, now: datetime) -> None:
        match outcome:
            case Sent():
                self.counts.sent += 1
                self.lateness.observe(message.seconds_late(now))
            case RetryLater() | Moved() | TopicClosed():
                self.counts.postponed += 1
            case Skipped():
                self.counts.skipped += 1
            case _:
                self.counts.failed += 1
