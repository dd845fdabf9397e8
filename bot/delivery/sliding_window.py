"""A sliding window: so many messages go to Telegram in any one second, and no more. Called by `rate_limits`.

A little headroom is kept, because messages come closer to one another on the way. Reminders take what is free; a reply
takes the next place, ahead of them; an urgent one goes ahead of replies that have a later place.
"""

from bisect import insort
from collections import deque
from collections.abc import Callable

SECOND = 1.01  # seconds in which so many are sent
REPLIES_SHARE = 0.9  # of the second; the rest is for urgent ones
LATE_SHARE = 0.5  # of the second, for what a refusal has kept waiting; the rest is for what is asked now


class SlidingWindow:
    """`per_second`: what Telegram takes. `clock` is monotonic, in seconds."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._most = int(per_second)
        self._taken: deque[float] = deque()  # in the last second; those of replies may be ahead of now
        self._replies: deque[float] = deque(maxlen=int(self._most * REPLIES_SHARE))
        self._late: deque[float] = deque(maxlen=max(1, int(self._most * LATE_SHARE)))

    def wait(self) -> float:
        """Returns the seconds until a place is free; 0 means now."""
        now = self._clock()
        while self._taken and self._taken[0] <= now - SECOND:
            self._taken.popleft()
        return max(0.0, self._taken[-self._most] + SECOND - now) if len(self._taken) >= self._most else 0.0

    def take(self) -> None:
        """Takes a place now, for a reminder."""
        now = self._clock()
        self._taken.append(max(now, self._taken[-1]) if self._taken else now)

    def wait_late(self) -> float:
        """Returns the seconds until a reply that comes late may ask for its place; 0 means now, and counts it."""
        now = self._clock()
        if len(self._late) == self._late.maxlen and (wait := self._late[0] + SECOND - now) > 0:
            return wait
        self._late.append(now)
        return 0.0

    def take_next(self) -> float:
        """Takes the next place for a reply. Returns the seconds until then."""
        now = self._clock()
        at = max(now + self.wait(), self._taken[-1] if self._taken else now)
        if len(self._replies) == self._replies.maxlen:
            at = max(at, self._replies[0] + SECOND)
        self._replies.append(at)
        self._taken.append(at)
        return at - now

    def take_first(self) -> float:
        """Takes the first place that is not used up, for an urgent reply. Returns the seconds until then."""
        self.wait()
        now = self._clock()
        used = [at for at in self._taken if at <= now]
        at = max(now, used[-self._most] + SECOND) if len(used) >= self._most else now
        insort(self._taken, at)
        return at - now
