"""Waits that become longer with each attempt in a row: exponential backoff. Pure."""

import math

MOST_DOUBLINGS = 64  # more change nothing: the limit is reached long before


def backoff(first: float, attempt: int, longest: float) -> float:
    """Returns the seconds to wait after an attempt, 0 for the first one: `first`, twice as long each time.

    At most `longest`, after however many attempts: Python's 2.0 ** 1024 is an error.
    """
    return min(math.ldexp(first, min(attempt, MOST_DOUBLINGS)), longest)
