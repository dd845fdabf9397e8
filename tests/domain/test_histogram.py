"""Durations are counted by their bounds."""

from bot.domain.histogram import Histogram


def test_each_bound_counts_what_is_at_most_as_long() -> None:
    histogram = Histogram((1.0, 5.0))
    for seconds in (0.5, 1.0, 1.1, 5.0, 99.0, -3.0):
        histogram.observe(seconds)
    assert histogram.cumulative() == [("1.0", 3), ("5.0", 5), ("+Inf", 6)]
    assert histogram.total == 0.5 + 1.0 + 1.1 + 5.0 + 99.0
