"""Flood limits: answers per group and minute, and one answer to a repeated request. Called by `handlers.flood_guard`.

The counts live in memory only, and no longer than they are needed.
"""

from collections import deque
from collections.abc import Callable, Hashable

from cachetools import TLRUCache, TTLCache

ANSWERS = 10  # to commands and taps, per group and minute; Telegram takes 20 messages, reminders among them
WINDOW_SECONDS = 60.0  # seconds
DOUBLE = 2.0  # seconds; a second tap within them is a double tap
AGAIN = 10.0  # seconds; the same request within them has an answer already
MAX_REMEMBERED_CHATS = 10_000


class FloodLimits:
    """Counts answers. `seconds` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._given: TTLCache[int, deque[float]] = TTLCache(MAX_REMEMBERED_CHATS, WINDOW_SECONDS, seconds)
        # What was asked -> how many seconds its answer serves.
        self._asked: TLRUCache[Hashable, float] = TLRUCache(MAX_REMEMBERED_CHATS, _end_of_window, seconds)

    def is_repeated(self, asked: Hashable, *, within: float) -> bool:
        """Returns whether the same request was answered within so many seconds; if not, records it as answered now.

        `asked` identifies the person, the chat and the request.
        """
        if asked in self._asked:
            return True
        self._asked[asked] = within
        return False

    def allow(self, group: int) -> bool:
        """Returns whether this group may get one more answer now; if so, counts it."""
        now = self._seconds()
        given = self._given.get(group, deque[float]())
        while given and now - given[0] >= WINDOW_SECONDS:
            given.popleft()
        if len(given) >= ANSWERS:
            return False
        given.append(now)
        self._given[group] = given  # remembered for a minute from now
        return True


def _end_of_window(asked: Hashable, within: float, now: float) -> float:
    return now + within
