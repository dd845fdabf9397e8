"""Flood limits: a repeated request is answered once, and a group gets only so many answers a minute."""

import itertools

import pytest

from bot.domain.flood_limits import AGAIN, ANSWERS, AT_ONCE, CROWD, DOUBLE, WINDOW_SECONDS, FloodLimits


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


def answers(limits: FloodLimits, seconds: Seconds, count: int, *, waiting: int, every: float) -> list[float]:
    """Returns when one person was answered who sends so many updates, `every` so many seconds."""
    given = []
    for _ in range(count):
        if limits.allow_person(7, waiting=waiting):
            given.append(seconds.now - 100)
        seconds.now += every
    return given


def test_a_flood_is_answered_once_a_second_and_then_once_a_minute() -> None:
    seconds = Seconds()
    given = answers(FloodLimits(seconds), seconds, 300, waiting=CROWD, every=0.25)
    assert given[:5] == [0, 1, 2, 3, 4]
    assert len([at for at in given if at < 60]) <= 22
    assert len(given) <= 23
    assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(given))


def test_whoever_waits_for_each_answer_goes_at_their_own_pace() -> None:
    seconds = Seconds()
    assert len(answers(FloodLimits(seconds), seconds, AT_ONCE, waiting=0, every=0.125)) == AT_ONCE
    assert len(answers(FloodLimits(seconds), seconds, 1_000, waiting=0, every=1.0)) == 1_000


def test_after_a_minute_of_rest_a_flood_is_forgotten() -> None:
    seconds = Seconds()
    limits = FloodLimits(seconds)
    answers(limits, seconds, 300, waiting=CROWD, every=0.125)
    seconds.now += WINDOW_SECONDS
    assert answers(limits, seconds, 3, waiting=0, every=0.125) == pytest.approx([97.5, 97.625, 97.75])


def test_people_are_remembered_in_a_bounded_number() -> None:
    limits = FloodLimits(Seconds())
    for person in range(30_000):
        limits.allow_person(person, waiting=0)
    assert len(limits._people) == 10_000
