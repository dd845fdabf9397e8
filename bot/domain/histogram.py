"""Counts durations by how long they were. Plain integers, so that no use case needs Prometheus' library."""

from bisect import bisect_left

FAST = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds until a person has an answer
SLOW = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21600.0)  # seconds after which a reminder came


class Histogram:
    """How many durations were at most as long as each bound, in seconds; and their sum."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.total = 0.0
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)

    def observe(self, seconds: float) -> None:
        """Counts one duration; a negative one, after a clock was put back, as 0."""
        seconds = max(seconds, 0.0)
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self.total += seconds

    def cumulative(self) -> list[tuple[str, int]]:
        """Returns each bound as text, and how many were at most as long; the last bound is "+Inf"."""
        names = [*map(str, self._bounds), "+Inf"]
        return [(name, sum(self._counts[: place + 1])) for place, name in enumerate(names)]
