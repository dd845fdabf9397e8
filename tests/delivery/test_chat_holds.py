"""What waited for a refusal goes one a second, until one is taken."""

from bot.delivery.chat_holds import MOST_HOLDS, REMEMBERED_SECONDS, ChatHolds
from bot.domain.ids import TelegramId
from tests.delivery.test_rate_limits import Clock

ANA, BEN = TelegramId(1), TelegramId(2)


def test_a_hold_is_as_long_as_the_longest_that_was_asked_for() -> None:
    holds = ChatHolds(clock := Clock())
    holds.hold(ANA, 30)
    holds.hold(ANA, 5)
    assert (holds.wait(ANA), holds.wait(BEN)) == (30, 0)
    clock.now += 30
    assert holds.wait(ANA) == 0


def test_what_waited_is_late_and_what_is_asked_after_it_is_not() -> None:
    holds = ChatHolds(clock := Clock())
    began = clock.now
    holds.hold(ANA, 30)
    clock.now += 31
    assert holds.is_late(ANA, began)
    assert not holds.is_late(ANA, clock.now)
    assert not holds.is_late(BEN, began)
    clock.now += REMEMBERED_SECONDS
    assert holds.wait(ANA) == 0
    assert not holds.is_late(ANA, began)


def test_one_a_second_goes_until_one_is_taken_and_one_that_is_urgent() -> None:
    holds = ChatHolds(clock := Clock())
    holds.hold(ANA, 30)
    clock.now += 30
    assert holds.wait_late(ANA, is_urgent=False) == 0
    holds.take_late(ANA, is_urgent=False)
    assert holds.wait_late(ANA, is_urgent=False) == 1
    assert holds.wait_late(ANA, is_urgent=True) == 0
    holds.end(ANA)
    assert holds.wait_late(ANA, is_urgent=False) == 0


def test_what_was_taken_during_a_hold_ends_nothing() -> None:
    holds = ChatHolds(clock := Clock())
    holds.hold(ANA, 30)
    holds.end(ANA)  # it was on its way before the refusal
    clock.now += 30
    holds.take_late(ANA, is_urgent=False)
    assert holds.wait_late(ANA, is_urgent=False) == 1


def test_holds_do_not_pile_up() -> None:
    holds = ChatHolds(clock := Clock())
    for number in range(MOST_HOLDS):
        holds.hold(TelegramId(number), 1)
        holds.take_late(TelegramId(number), is_urgent=True)
    clock.now += 5
    holds.hold(TelegramId(MOST_HOLDS), 30)
    assert not holds.is_late(ANA, clock.now - 4.5)
    assert holds.wait(TelegramId(MOST_HOLDS)) == 30
