"""Exponential backoff: twice as long each time, up to a limit, and never an error."""

import pytest

from bot.domain.backoff import backoff


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(0, 2.0), (1, 4.0), (4, 32.0), (5, 60.0), (1_023, 60.0), (10**9, 60.0)]
)
def test_it_doubles_with_each_attempt_up_to_the_limit(attempt: int, seconds: float) -> None:
    assert backoff(2.0, attempt, longest=60.0) == seconds


def test_a_limit_below_the_first_wait_is_the_wait() -> None:
    assert backoff(2.0, 0, longest=0.5) == 0.5
