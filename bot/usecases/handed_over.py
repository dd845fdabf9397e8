"""Messages that were claimed when they were queued, on their way from the scheduler to the outbox.

`due_reminders` puts them here batch by batch, and the outbox takes them. While more batches come (`feeding`), it waits
for the next one, and looks into the queue in the database only when a batch was left there, or no more come.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from bot.usecases.claims import Claimed


class HandedOver:
    """At most `most` claims are open: of messages that are neither started nor given back, here and in the outbox."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._messages: list[Claimed] = []
        self._open_claims = 0
        self._has_room = asyncio.Event()
        self._is_feeding = False
        self._look_into_queue = True
        self._has_changed = asyncio.Event()
        self._is_stopped = False

    @property
    def room(self) -> int:
        """How many more messages may be claimed, so that they are sent before their claims end."""
        return 0 if self._is_stopped else max(0, self._most - self._open_claims)

    async def has_room(self, count: int, seconds: float) -> bool:
        """Waits until there is room for so many, and for so many seconds at most. Returns whether there is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.room < min(count, self._most) and not self._is_stopped:
                    self._has_room.clear()
                    await self._has_room.wait()
        return self.room >= min(count, self._most)

    @contextmanager
    def feeding(self) -> Iterator[None]:
        """While it is open, more batches come."""
        self._is_feeding, self._look_into_queue = True, False
        try:
            yield
        finally:
            self._is_feeding = False
            self._has_changed.set()

    def put(self, claimed: Sequence[Claimed]) -> None:
        """Has these sent next. None: the batch waits in the queue, unclaimed."""
        self._messages += claimed
        self.claims_opened(len(claimed))
        self._look_into_queue = self._look_into_queue or not claimed
        self._has_changed.set()

    def take(self) -> list[Claimed]:
        """Returns all that was put and not taken yet."""
        messages, self._messages = self._messages, []
        return messages

    async def wait(self) -> bool:
        """Waits for the next batch, if more come. Returns whether any message is here; else look into the queue."""
        while self._is_feeding and not (self._messages or self._look_into_queue or self._is_stopped):
            self._has_changed.clear()
            await self._has_changed.wait()
        self._look_into_queue = False
        return bool(self._messages)

    def is_expected(self) -> bool:
        """Whether a message is here, or more batches come."""
        return bool(self._messages) or self._is_feeding

    def claims_opened(self, count: int) -> None:
        """Counts claims that were made, here or by the outbox."""
        self._open_claims += count

    def claims_closed(self, count: int) -> None:
        """Counts claims whose messages were started, or given back."""
        self._open_claims -= count
        self._has_room.set()

    def stop(self) -> None:
        """Has no room any more, and lets nobody wait for a batch."""
        self._is_stopped = True
        self._has_room.set()
        self._has_changed.set()
