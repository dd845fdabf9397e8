"""How much slower reminders go after Telegram has refused them: for `rate_limits`. Pure.

Each probe that is refused slows them down. From the first one that is taken on they become quicker again by the clock,
however few go out: in a minute or so they are as quick as before.
"""

SLOWER, SLOWEST = 1.5, 30.0
HALVED_SECONDS = 15.0  # until they are slowed down half as much


class Slowdown:
    """A factor of the time between two reminders, 1 or more. All times are seconds on a monotonic clock."""

    def __init__(self) -> None:
        self._factor = 1.0
        self._since = 0.0  # when it was that

    def factor(self, now: float) -> float:
        """Returns it as it is by now."""
        if self._factor > 1.0:
            self._factor = max(1.0, self._factor * 0.5 ** ((now - self._since) / HALVED_SECONDS))
            self._since = now
        return self._factor

    def slow_down(self, now: float) -> None:
        """Another probe was refused."""
        self._factor, self._since = min(self.factor(now) * SLOWER, SLOWEST), now

    def begin_anew(self, now: float) -> None:
        """A probe was taken: from now on it goes down, however long the refusals were."""
        self._since = now
