"""Never more in any second than Telegram takes, replies ahead of reminders, urgent ones ahead of all."""

import random

from bot.delivery.rate_limits import RateLimiter
from bot.delivery.sliding_window import SECOND, SlidingWindow
from tests.delivery.test_rate_limits import Clock


def most_in_a_second(moments: list[float]) -> int:
    moments = sorted(moments)
    return max(sum(1 for later in moments if 0 <= later - at < 1.0) for at in moments)


def test_a_drain_stays_below_thirty_in_any_second_and_takes_hardly_longer_than_it_must() -> None:
    """The machine is busy: every wait takes up to 10 ms longer, and every message up to 8 ms on its way."""
    clock, chance = Clock(), random.Random(7)  # noqa: S311 - a test's
    arrived: list[float] = []
    pacer, began = RateLimiter(30, clock=clock), clock.now
    while len(arrived) < 900:
        if (wait := pacer.wait_for_turn()) > 0:
            clock.now += wait + chance.uniform(0, 0.01)
        else:
            arrived.append(clock.now + chance.uniform(0, 0.008))
    assert most_in_a_second(arrived) <= 30
    assert clock.now - began <= 1.02 * 900 / 30


def test_replies_take_the_next_place_in_a_drain() -> None:
    clock = Clock()
    moments: list[float] = []
    pacer, waits = RateLimiter(30, clock=clock), [0.0]
    for number in range(3000):
        if pacer.wait_for_turn() == 0:
            moments.append(clock.now)
        if number % 40 == 39:
            wait = pacer._window.take_next()
            waits.append(wait)
            moments.append(clock.now + wait)
        clock.now += 0.005
    assert most_in_a_second(moments) <= 30
    assert max(waits) < 0.2


def test_an_urgent_reply_goes_ahead_of_replies_that_wait() -> None:
    window = SlidingWindow(30, Clock())
    waits = [window.take_next() for _ in range(100)]
    assert waits[26] == 0
    assert waits[-1] > 2
    assert [window.take_first() for _ in range(3)] == [0, 0, 0]
    assert 0 < window.take_first() <= SECOND
