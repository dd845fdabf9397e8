"""Whether what is planned fits under a limit, and if not, how late the last of a rush comes. For `doctor`."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Rush(NamedTuple):
    """What becomes of a plan: messages in all, and the worst of its rushes."""

    messages: int
    longest: timedelta  # that the last of a rush waits
    worst_at: datetime | None  # when that rush is due; None without messages


def rush_of(planned: Iterable[tuple[datetime, int]], per_second: float) -> Rush:
    """Returns what becomes of so many messages at these moments, sorted, when no more than `per_second` are sent."""
    messages, longest = 0, timedelta(0)
    worst_at = free_at = None
    for at, count in planned:
        free_at = max(free_at or at, at) + timedelta(seconds=count / per_second)
        messages += count
        if worst_at is None or free_at - at > longest:
            longest, worst_at = free_at - at, at
    return Rush(messages, longest, worst_at)
