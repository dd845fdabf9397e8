"""Messages on their way to the outbox, claimed by who has just queued them. Put there by `scheduler`."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from bot.usecases.claims import Claimed


class HandedOver:
    """What is claimed and not begun with, for one who puts and one who takes. `most`: so many may be claimed."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._messages: list[Claimed] = []
        self._unstarted = 0  # claimed, here or by the outbox, and neither started nor given back
        self._has_room = asyncio.Event()
        self._is_fed = False
        self._is_more_queued = True  # than what is here
        self._changed = asyncio.Event()
        self._is_stopped = False

    @property
    def room(self) -> int:
        """How many more messages may be claimed, so that they are sent before their claims end."""
        return 0 if self._is_stopped else max(0, self._most - self._unstarted)

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
        """While it is open, who takes waits for the next `put`, and looks into the queue only where that says so."""
        self._is_fed, self._is_more_queued = True, False
        try:
            yield
        finally:
            self._is_fed = False
            self._changed.set()

    def put(self, claimed: Sequence[Claimed]) -> None:
        """Has these sent next. None: what was queued waits in the queue."""
        self._messages += claimed
        self.count_on(len(claimed))
        self._is_more_queued = self._is_more_queued or not claimed
        self._changed.set()

    def take(self) -> list[Claimed]:
        """Returns all that was put and not taken yet."""
        messages, self._messages = self._messages, []
        return messages

    async def wait(self) -> bool:
        """Waits while nothing is here and more will be put. Returns whether anything is here."""
        while self._is_fed and not (self._messages or self._is_more_queued or self._is_stopped):
            self._changed.clear()
            await self._changed.wait()
        self._is_more_queued = False
        return bool(self._messages)

    def is_expected(self) -> bool:
        """Whether anything is here, or will be put."""
        return bool(self._messages) or self._is_fed

    def count_on(self, count: int) -> None:
        """Says that so many more are claimed and not begun with."""
        self._unstarted += count

    def count_off(self, count: int) -> None:
        """Says that so many were begun with, or given back."""
        self._unstarted -= count
        self._has_room.set()

    def stop(self) -> None:
        """Has no room any more, and lets nobody wait for what is put."""
        self._is_stopped = True
        self._has_room.set()
        self._changed.set()
