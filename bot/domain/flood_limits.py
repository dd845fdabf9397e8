"""How much a group is told in a minute, and that whoever asks the same again and again is answered once: pure.

It remembers in memory alone, and only as long as it needs to. Called by `handlers.flood_guard`.
"""

from collections import deque
from collections.abc import Callable, Hashable

from cachetools import TLRUCache, TTLCache

ANSWERS = 10  # to commands and taps, in one group and one minute; Telegram takes 20 messages, and reminders come too
MINUTE = 60.0  # seconds
DOUBLE = 2.0  # seconds; a second tap within them was the same one
AGAIN = 10.0  # seconds; who asks the same again within them has an answer already
MOST_REMEMBERED = 10_000


class FloodLimits:
    """`seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._given: TTLCache[int, deque[float]] = TTLCache(MOST_REMEMBERED, MINUTE, seconds)
        # What was asked -> how many seconds its answer serves.
        self._asked: TLRUCache[Hashable, float] = TLRUCache(MOST_REMEMBERED, _end_of_window, seconds)

    def is_repeated(self, asked: Hashable, *, within: float) -> bool:
        """Whether just this had its answer within so many seconds; else it has one now.

        `asked` says by whom, where and what.
        """
        if asked in self._asked:
            return True
        self._asked[asked] = within
        return False

    def allow(self, group: int) -> bool:
        """Whether this group may be given one more answer now; if so, it counts as given."""
        now = self._seconds()
        given = self._given.get(group, deque[float]())
        while given and now - given[0] >= MINUTE:
            given.popleft()
        if len(given) >= ANSWERS:
            return False
        given.append(now)
        self._given[group] = given  # remembered for a minute from now
        return True


def _end_of_window(asked: Hashable, within: float, now: float) -> float:
    return now + within
