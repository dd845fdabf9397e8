"""Flood limits: a repeated request is answered once, and a group gets only so many answers a minute."""

from bot.domain.flood_limits import AGAIN, ANSWERS, DOUBLE, WINDOW_SECONDS, FloodLimits


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_same_within_a_moment_is_repeated_and_later_it_is_not() -> None:
    seconds = Seconds()
    flood_limits = FloodLimits(seconds)
    assert not flood_limits.is_repeated((1, 2, "/affirm"), within=DOUBLE)
    assert flood_limits.is_repeated((1, 2, "/affirm"), within=DOUBLE)
    assert not flood_limits.is_repeated((1, 3, "/affirm"), within=DOUBLE)
    assert not flood_limits.is_repeated((1, 2, "/ground"), within=DOUBLE)
    seconds.now += DOUBLE
    assert not flood_limits.is_repeated((1, 2, "/affirm"), within=DOUBLE)


def test_whoever_never_stops_asking_is_answered_from_time_to_time() -> None:
    seconds = Seconds()
    flood_limits = FloodLimits(seconds)
    answered = []
    for _ in range(60):
        if not flood_limits.is_repeated((1, 2, "/affirm"), within=AGAIN):
            answered.append(seconds.now - 100)
        seconds.now += 0.5
    assert answered == [0, AGAIN, 2 * AGAIN]


def test_a_group_has_room_for_so_many_answers_in_any_minute() -> None:
    seconds = Seconds()
    flood_limits = FloodLimits(seconds)
    given = []
    for _ in range(600):
        if flood_limits.allow(-1):
            given.append(seconds.now)
        seconds.now += 0.5
    assert len(given) == 5 * ANSWERS
    assert given[ANSWERS] - given[0] == WINDOW_SECONDS
    assert all(later - earlier >= 60 for earlier, later in zip(given, given[ANSWERS:], strict=False))
    assert flood_limits.allow(-2)
