"""A plan under a limit: who is last waits for all before them, also for those of an earlier rush."""

from datetime import UTC, datetime, timedelta

from bot.domain.rush import Rush, rush_of

EIGHT = datetime(2026, 3, 3, 8, tzinfo=UTC)
A_MINUTE, A_SECOND = timedelta(minutes=1), timedelta(seconds=1)


def test_a_rush_takes_as_long_as_the_limit_says() -> None:
    planned = [(EIGHT - A_MINUTE, 30), (EIGHT, 3000), (EIGHT + 50 * A_SECOND, 3000)]

    assert rush_of(planned, 30) == Rush(6030, 150 * A_SECOND, EIGHT + 50 * A_SECOND)
    assert rush_of(planned, 1000).longest == 3 * A_SECOND


def test_one_a_second_never_waits_long() -> None:
    planned = [(EIGHT + second * A_SECOND, 30) for second in range(100)]

    assert rush_of(planned, 30).longest == A_SECOND
    assert rush_of([], 30).worst_at is None
