"""Queues the reminders that are due, batch by batch, and hands them to the outbox. Called by `scheduler`."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.content.library import Library
from bot.database.engine import Database
from bot.domain.rotation import Choice
from bot.usecases.batched_marks import Counts
from bot.usecases.handed_over import HandedOver
from bot.usecases.reminders.due import DUE_AT_ONCE, queue_due

ROOM_SECONDS = 1.0  # of a rush; a hiccup of the machine, such as a full disk cache, is shorter
LONGEST_SECONDS = 5.0  # of a rush; then all else that is due has its turn


class DueReminders:
    """Calls `start_sending` for each batch that is handed over. In `counts` stands what was due and is not queued."""

    def __init__(
        self,
        database: Database,
        library: Library,
        handed: HandedOver,
        start_sending: Callable[[], None],
        *,
        counts: Counts,
    ) -> None:
        self._database = database
        self._library = library
        self._handed = handed
        self._start_sending = start_sending
        self._counts = counts
        self._is_stopped = False

    async def queue(self, now: datetime) -> bool:
        """Queues what is due at `now` and meanwhile, for a few seconds at most. Returns whether more is."""
        can_wait = True  # a moment for room to send at once what is queued; else it waits in the queue
        began_at = _seconds()
        with self._handed.feeding():
            while not self._is_stopped:
                can_wait = can_wait and await self._handed.has_room(DUE_AT_ONCE, ROOM_SECONDS)
                room = self._handed.room if can_wait else 0
                # A claim lasts from when it is made. The clock itself may have been moved meanwhile.
                made_at = now + timedelta(seconds=_seconds() - began_at)
                batch = await queue_due(self._database, self._choice_of, made_at, room=room)
                if not batch.handled:
                    return False
                self._counts.skipped += batch.skipped
                self._handed.put(batch.claimed)
                self._start_sending()
                if _seconds() - began_at >= LONGEST_SECONDS:
                    return True
        return False

    def stop(self) -> None:
        """Queues nothing more."""
        self._is_stopped = True

    def _choice_of(self, practice: str | None, language: str | None, left_out: str, themes: str) -> Choice:
        return self._library.of_practice(practice).choice(language, left_out, themes)


def _seconds() -> float:
    return asyncio.get_running_loop().time()
