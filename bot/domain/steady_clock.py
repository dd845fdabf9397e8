"""Whether the wall clock can be believed: so far that things are sent by it, and that they are deleted by their age.

A machine without a clock of its own may start in any year, and a wall clock may be set to any other at any moment. What
tells is the monotonic clock, which nobody sets: when the two do not go on together, the wall clock has leapt.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

SETTLES_SECONDS = 60.0  # after a leap forth, in which nothing is sent: services for the time put a wrong clock right
LEAP_SECONDS = 600.0  # less is a correction: nothing is kept for so short a time that it would matter
STEADY_SECONDS = 3600.0  # on the monotonic clock, without a leap, after a start or a leap
# A start so soon after a time that was sure is a small leap at most: what is deleted by age is kept for longer.
NEAR = timedelta(days=1)


class SteadyClock:
    """Compares the wall clock with a monotonic one, in `seconds`, whenever it is asked."""

    def __init__(self, clock: Callable[[], datetime], seconds: Callable[[], float]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._since = seconds()
        self._zero = self._settled_zero = self._read_zero()
        self._is_near = False

    def recall(self, sure_at: datetime | None) -> None:
        """Takes a time that was sure before the program was started anew. None: there is none."""
        self._is_near = sure_at is not None and not self.has_leapt() and sure_at <= self._clock() <= sure_at + NEAR

    def is_sure(self) -> bool:
        """Whether things may be deleted by their age now."""
        return not self.has_leapt() and (self._is_near or self._seconds() - self._since >= STEADY_SECONDS)

    def is_settled(self) -> bool:
        """Whether things may be sent now: not shortly after a leap forth, beyond what the clock had come to before."""
        self.has_leapt()
        if self._seconds() - self._since >= SETTLES_SECONDS:
            self._settled_zero = self._zero
        return self._zero < self._settled_zero + LEAP_SECONDS

    def has_leapt(self) -> bool:
        """Whether the wall clock was set since it was last asked; from then on it has to be steady anew."""
        zero = self._read_zero()
        if abs(zero - self._zero) < LEAP_SECONDS:
            return False
        self._zero, self._since, self._is_near = zero, self._seconds(), False
        return True

    def _read_zero(self) -> float:
        """Returns what the wall clock said when the monotonic one was at 0, by what both say now, in Unix time.

        As a number, because it is asked before each message.
        """
        return self._clock().timestamp() - self._seconds()
