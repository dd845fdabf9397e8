"""Rate limits: reminders stay below Telegram's limits, replies go first, and `retry_after` is obeyed."""

import asyncio
import random
from datetime import timedelta
from itertools import count, pairwise

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.delivery.rate_limits import (
    FIRST_PROBE,
    GROUP_MESSAGES,
    GROUP_SECONDS,
    LONGEST_REPLY_WAIT,
    MANY_SECONDS,
    PROBE_LOOK,
    PROBE_SECONDS,
    REPLY_PAUSES,
    RateLimiter,
)
from bot.delivery.slowdown import HALVED_SECONDS, SLOWER
from bot.domain.ids import TelegramId


class Clock:
    """A clock that moves only when someone waits."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return clock


def reminders_in(limiter: RateLimiter, clock: Clock, seconds: float) -> list[float]:
    """Returns the moments at which reminders may go, if some are always waiting."""
    end, turns = clock.now + seconds, []
    while clock.now < end:
        if (wait := limiter.wait_for_turn()) > 0:
            clock.now += wait
        else:
            turns.append(clock.now)
    return turns


async def reply(limiter: RateLimiter, chat_id: int, *refusals: float) -> int:
    """Makes one call through PTB's rate limiter, refused once for each of `refusals`; returns the number of tries."""
    answers = list(refusals)
    tries = 0

    async def call() -> bool:
        nonlocal tries
        tries += 1
        if answers:
            raise RetryAfter(timedelta(seconds=answers.pop(0)))
        return True

    assert await limiter.process_request(call, (), {}, "sendMessage", {"chat_id": chat_id}, None)
    return tries


def test_reminders_never_exceed_the_rate_in_any_second(clock: Clock) -> None:
    turns = reminders_in(RateLimiter(30, clock=clock), clock, 10)
    assert 295 <= len(turns) <= 302
    assert all(later - earlier >= 0.98 for earlier, later in zip(turns, turns[30:], strict=False))


def test_an_idle_time_is_not_saved_up_for_a_burst(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    limiter.wait_for_turn()
    clock.now += 3600
    assert len(reminders_in(limiter, clock, 1)) <= 31


async def test_a_reply_goes_at_once_while_reminders_wait(clock: Clock) -> None:
    limiter = RateLimiter(1, clock=clock)
    limiter.wait_for_turn()
    before = clock.now
    await reply(limiter, 42)
    assert clock.now == before
    assert limiter.wait_for_turn() > 0


async def test_replies_make_reminders_slower_but_never_silent(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    sent = 0
    for _ in range(200):
        await reply(limiter, 42 + _)
        clock.now += 0.02
        sent += limiter.wait_for_turn() == 0
    clock.now += 1.0
    assert limiter.wait_for_turn() == 0
    assert sent < 120


async def test_retry_after_holds_that_chat_and_no_other(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    limiter.refuse(TelegramId(42), 10)
    assert limiter.wait_for_chat(TelegramId(42)) == pytest.approx(10)
    assert limiter.wait_for_chat(TelegramId(43)) == 0
    clock.now += 10.1
    assert limiter.wait_for_chat(TelegramId(42)) == 0


async def test_a_refused_reply_waits_as_long_as_asked_and_is_repeated(clock: Clock) -> None:
    limiter, before = RateLimiter(30, clock=clock), clock.now
    assert await reply(limiter, 42, 7) == 2
    assert 7 <= clock.now - before <= 8.1


async def test_a_reply_that_would_wait_too_long_is_given_up(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    with pytest.raises(RetryAfter):
        await reply(limiter, 42, 300)
    with pytest.raises(RetryAfter):
        await reply(limiter, 42)


def test_many_chats_refused_in_a_row_hold_all_reminders_until_a_probe_is_taken(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    for chat_id in (1, 2):
        limiter.refuse(TelegramId(chat_id), 60)
    assert limiter.wait_for_turn() == 0
    limiter.refuse(TelegramId(3), 60)
    assert limiter.wait_for_turn() == pytest.approx(FIRST_PROBE)
    clock.now += FIRST_PROBE
    assert limiter.wait_for_turn() == 0
    clock.now += 0.1
    assert limiter.wait_for_turn() == PROBE_LOOK  # one at a time, until it is known what became of it
    limiter.refuse(TelegramId(4), 60)
    assert limiter.wait_for_turn() == pytest.approx(2 * FIRST_PROBE)
    clock.now += 2 * FIRST_PROBE
    assert limiter.wait_for_turn() == 0
    limiter.reached()
    clock.now += 0.1
    assert [limiter.wait_for_turn() for _ in range(2)] == [0, pytest.approx(SLOWER / 30, abs=0.011)]


def test_chats_that_are_refused_among_others_that_are_served_hold_nobody_else(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    for chat_id in range(1, 10):
        limiter.refuse(TelegramId(chat_id), 3600)
        limiter.reached()
    assert limiter.wait_for_turn() == 0
    assert limiter.wait_for_chat(TelegramId(9)) == 3600
    assert limiter.wait_for_chat(TelegramId(10)) == 0


def test_a_probe_of_which_nothing_is_heard_is_followed_by_another(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    for chat_id in (1, 2, 3):
        limiter.refuse(TelegramId(chat_id), 60)
    clock.now += FIRST_PROBE
    assert limiter.wait_for_turn() == 0
    clock.now += PROBE_SECONDS
    assert limiter.wait_for_turn() == 0


def test_a_wait_that_is_short_is_not_probed_later_than_it_ends(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    for chat_id in (1, 2, 3):
        limiter.refuse(TelegramId(chat_id), 0.5)
    assert limiter.wait_for_turn() == 0.5


def test_when_telegram_cannot_be_reached_the_waits_grow_and_end(clock: Clock) -> None:
    limiter, waits = RateLimiter(1000, clock=clock), []
    for _ in range(12):
        limiter.unreachable()
        clock.now += 0.01
        waits.append(wait := limiter.wait_for_turn())
        clock.now += wait + 0.01
    assert waits[:2] == [0, 0]
    assert waits[2:6] == pytest.approx([1.99, 3.99, 7.99, 15.99])
    assert max(waits) < 60
    limiter.reached()
    limiter.unreachable()
    assert limiter.wait_for_turn() == 0


def test_groups_that_got_nothing_for_a_minute_are_let_go(clock: Clock) -> None:
    limiter = RateLimiter(1000, clock=clock)
    for group in range(1, 1_001):
        limiter.wait_for_chat(TelegramId(-group))
        clock.now += 1.0
    assert len(limiter._groups) < 200


def test_days_without_telegram_and_hours_of_refusals_are_no_error(clock: Clock) -> None:
    limiter = RateLimiter(1000, clock=clock)
    for _ in range(2_000):
        limiter.unreachable()
        clock.now += limiter.wait_for_turn() + 0.01
    limiter = RateLimiter(1000, clock=clock)
    for _ in range(2_000):
        for chat_id in (1, 2, 3):
            limiter.refuse(TelegramId(chat_id), 1.5)
        clock.now += 2.0
    assert limiter.wait_for_turn() == 0


def test_a_private_chat_gets_one_reminder_a_second(clock: Clock) -> None:
    limiter = RateLimiter(1000, clock=clock)
    assert limiter.wait_for_chat(TelegramId(42)) == 0
    assert limiter.wait_for_chat(TelegramId(42)) == pytest.approx(1)
    clock.now += 1.01
    assert limiter.wait_for_chat(TelegramId(42)) == 0


async def test_a_group_gets_at_most_twenty_messages_in_any_minute(clock: Clock) -> None:
    limiter, sent = RateLimiter(1000, clock=clock), []
    for _ in range(60):
        await reply(limiter, -100)
        sent.append(clock.now)
    assert all(later - earlier >= 60 for earlier, later in zip(sent, sent[20:], strict=False))
    assert limiter.wait_for_chat(TelegramId(-100)) > 0


async def test_taps_are_answered_without_any_pace(clock: Clock) -> None:
    limiter, before = RateLimiter(0.001, clock=clock), clock.now

    async def call() -> bool:
        return True

    for _ in range(100):
        await limiter.process_request(call, (), {}, "answerCallbackQuery", {"callback_query_id": "1"}, None)
    assert clock.now == before


def gaps(turns: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(turns)]


class Calls:
    """What PTB would call: raises these errors first, and then answers."""

    def __init__(self, clock: Clock, *errors: TelegramError) -> None:
        self.made: list[tuple[float, tuple[object, ...], dict[str, object]]] = []
        self._clock, self._errors, self._began = clock, list(errors), clock.now

    async def __call__(self, *args: object, **kwargs: object) -> bool:
        self.made.append((self._clock.now - self._began, args, kwargs))
        if self._errors:
            raise self._errors.pop(0)
        return True

    @property
    def times(self) -> list[float]:
        return [at for at, _, _ in self.made]


async def send(pacer: RateLimiter, calls: Calls, chat_id: int | str = 42, endpoint: str = "sendMessage") -> None:
    await pacer.process_request(calls, ("url",), {"timeout": 5}, endpoint, {"chat_id": chat_id}, None)


@pytest.fixture
def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are exactly as long as Telegram asked."""
    monkeypatch.setattr(random, "random", lambda: 0.0)


def test_a_clock_that_begins_at_zero_holds_nothing_back() -> None:
    """A monotonic clock may count from the start of the machine."""
    pacer = RateLimiter(30, clock=Clock(0.0))
    assert pacer.wait_for_turn() == 0
    assert pacer.wait_for_chat(TelegramId(42)) == 0
    pacer.refuse(TelegramId(42), 0.5)
    assert pacer.delay(TelegramId(42)) == 0.5


def test_a_private_chat_keeps_its_second_whoever_is_sent_to_in_between(clock: Clock) -> None:
    pacer = RateLimiter(1000, clock=clock)
    for chat_id in (1, 2, 3):
        assert pacer.wait_for_chat(TelegramId(chat_id)) == 0
    assert pacer.wait_for_chat(TelegramId(1)) == pytest.approx(1)
    clock.now += 0.9
    assert pacer.wait_for_chat(TelegramId(4)) == 0
    clock.now += 0.6
    assert pacer.wait_for_chat(TelegramId(5)) == 0
    assert pacer.wait_for_chat(TelegramId(4)) == pytest.approx(0.4)


def test_reminders_in_a_group_keep_to_twenty_a_minute(clock: Clock) -> None:
    pacer = RateLimiter(1000, clock=clock)
    assert [pacer.wait_for_chat(TelegramId(-100)) for _ in range(GROUP_MESSAGES)] == [0] * GROUP_MESSAGES
    assert pacer.wait_for_chat(TelegramId(-100)) == GROUP_SECONDS
    assert pacer.wait_for_chat(TelegramId(-200)) == 0


def test_asking_how_long_a_reply_would_wait_counts_nothing(clock: Clock) -> None:
    pacer = RateLimiter(1000, clock=clock)
    assert [pacer.delay(TelegramId(-100)) for _ in range(2 * GROUP_MESSAGES)] == [0] * 2 * GROUP_MESSAGES
    assert [pacer.wait_for_reply(TelegramId(-100)) for _ in range(GROUP_MESSAGES)] == [0] * GROUP_MESSAGES
    assert pacer.delay(TelegramId(-100)) == GROUP_SECONDS
    pacer.refuse(TelegramId(42), 10)
    assert pacer.delay(TelegramId(42)) == 10
    clock.now += 11
    assert pacer.delay(TelegramId(42)) == 0


def test_a_shorter_refusal_does_not_end_a_longer_one(clock: Clock) -> None:
    pacer = RateLimiter(30, clock=clock)
    pacer.refuse(TelegramId(42), 10)
    pacer.refuse(TelegramId(42), 0.5)
    assert pacer.wait_for_chat(TelegramId(42)) == 10


async def test_a_reply_waits_for_part_of_a_second_too(clock: Clock) -> None:
    pacer, calls = RateLimiter(30, clock=clock), Calls(clock)
    pacer.refuse(TelegramId(42), 0.5)
    assert pacer.wait_for_reply(TelegramId(42)) == 0.5
    await send(pacer, calls)
    assert calls.times == [0.5]


def test_a_chat_that_was_refused_stays_held_however_many_others_are(clock: Clock) -> None:
    pacer = RateLimiter(30, clock=clock)
    began = clock.now
    for chat_id in range(1, 10_010):
        pacer.refuse(TelegramId(chat_id), 600)
        clock.now += 0.01
    assert pacer.wait_for_chat(TelegramId(1)) == began + 600 - clock.now


def test_three_chats_refused_within_two_seconds_are_many_and_one_chat_three_times_is_not(clock: Clock) -> None:
    pacer = RateLimiter(30, clock=clock)
    for _ in range(3):
        pacer.refuse(TelegramId(1), 5)
    assert pacer.wait_for_turn() == 0
    clock.now += 10
    for chat_id in (1, 2, 1, 3):
        pacer.refuse(TelegramId(chat_id), 5)
        clock.now += MANY_SECONDS / 3
    assert pacer.wait_for_turn() > 0
    spread, late = RateLimiter(30, clock=clock), RateLimiter(30, clock=clock)
    for chat_id in (1, 2, 3):
        clock.now += MANY_SECONDS / 2
        spread.refuse(TelegramId(chat_id), 5)
    assert spread.wait_for_turn() > 0
    for chat_id in (1, 2, 3):
        clock.now += MANY_SECONDS / 2 + 0.1
        late.refuse(TelegramId(chat_id), 5)
    assert late.wait_for_turn() == 0


def test_a_refused_probe_slows_reminders_down_and_time_speeds_them_up(clock: Clock) -> None:
    pacer = RateLimiter(10, clock=clock)

    def refuse_many() -> None:
        for chat_id in (1, 2, 3):
            pacer.refuse(TelegramId(chat_id), 5)

    refuse_many()
    refuse_many()  # they are held already: it is the same refusal
    clock.now += FIRST_PROBE
    assert pacer.wait_for_turn() == 0
    refuse_many()
    clock.now += 2 * FIRST_PROBE
    refuse_many()  # at the very end of the hold
    clock.now += 5
    pacer.reached()
    waits = gaps(reminders_in(pacer, clock, HALVED_SECONDS))[1:]
    assert waits[0] == pytest.approx(0.1 * SLOWER**2, rel=0.1)
    assert waits[-1] == pytest.approx(0.1 * SLOWER**2 / 2, rel=0.1)
    assert waits == sorted(waits, reverse=True)
    clock.now += HALVED_SECONDS
    assert gaps(reminders_in(pacer, clock, 3))[1:] == pytest.approx([0.1] * 29)


def test_after_waves_of_refusals_reminders_are_as_quick_as_before_within_a_minute(clock: Clock) -> None:
    """Four seconds in which everyone is refused, four in which everyone is served, and so on; then all is well."""
    pacer, began_at, chats = RateLimiter(15, clock=clock), clock.now, count(1)
    while (since := clock.now - began_at) < 90.0:
        if (wait := pacer.wait_for_turn()) > 0:
            clock.now += wait
        elif since < 26.0 and since % 8 < 4:
            pacer.refuse(TelegramId(next(chats)), 3.0)
        else:
            pacer.reached()
    assert len(reminders_in(pacer, clock, 10.0)) == pytest.approx(150, abs=2)


def test_an_attempt_at_the_very_end_of_a_wait_counts(clock: Clock) -> None:
    pacer = RateLimiter(1000, clock=clock)
    for _ in range(3):
        pacer.unreachable()
    assert pacer.wait_for_turn() == 2
    clock.now += 2
    pacer.unreachable()
    assert pacer.wait_for_turn() == 4


def test_after_one_message_got_through_the_failures_are_counted_anew(clock: Clock) -> None:
    pacer = RateLimiter(1000, clock=clock)
    pacer.unreachable()
    pacer.reached()
    for _ in range(2):
        pacer.unreachable()
    assert pacer.wait_for_turn() == 0


async def test_a_call_is_made_with_what_ptb_handed_over(clock: Clock) -> None:
    calls = Calls(clock)
    await send(RateLimiter(30, clock=clock), calls)
    assert calls.made == [(0, ("url",), {"timeout": 5})]


async def test_a_reply_without_an_answer_is_sent_again_three_times(clock: Clock) -> None:
    calls = Calls(clock, *(TimedOut() for _ in range(4)))
    with pytest.raises(TimedOut):
        await send(RateLimiter(30, clock=clock), calls)
    short, longer, long = REPLY_PAUSES
    assert calls.times == pytest.approx([0, short, short + longer, short + longer + long])
    calls = Calls(clock, NetworkError("gone"))
    await send(RateLimiter(30, clock=clock), calls)
    assert len(calls.made) == 2


async def test_a_reply_that_telegram_finds_wrong_is_not_sent_again(clock: Clock) -> None:
    calls = Calls(clock, BadRequest("message is empty"))
    with pytest.raises(BadRequest):
        await send(RateLimiter(30, clock=clock), calls)
    assert calls.times == [0]


async def test_what_counts_in_no_chat_waits_as_long_as_asked(clock: Clock, no_chance: None) -> None:
    pacer = RateLimiter(30, clock=clock)
    calls = Calls(clock, RetryAfter(7))
    await send(pacer, calls, -100, "getChatAdministrators")
    assert calls.times == [0, 7]
    calls = Calls(clock)
    for _ in range(2 * GROUP_MESSAGES):
        await send(pacer, calls, -100, "getChatAdministrators")
        await send(pacer, calls, "@a_channel")
    assert set(calls.times) == {0}
    assert pacer.delay(TelegramId(-100)) == 0


@pytest.mark.parametrize("endpoint", ["sendMessage", "getChat"])
async def test_a_reply_waits_as_long_as_it_may_and_no_longer(clock: Clock, no_chance: None, endpoint: str) -> None:
    calls = Calls(clock, RetryAfter(timedelta(seconds=LONGEST_REPLY_WAIT)))
    await send(RateLimiter(30, clock=clock), calls, endpoint=endpoint)
    assert calls.times == [0, LONGEST_REPLY_WAIT]
    calls = Calls(clock, RetryAfter(timedelta(seconds=LONGEST_REPLY_WAIT + 1)))
    with pytest.raises(RetryAfter):
        await send(RateLimiter(30, clock=clock), calls, endpoint=endpoint)
    assert calls.times == [0]


async def test_a_reply_that_is_given_up_says_how_long_it_would_have_waited(clock: Clock) -> None:
    pacer, calls = RateLimiter(30, clock=clock), Calls(clock)
    pacer.refuse(TelegramId(42), LONGEST_REPLY_WAIT + 1)
    with pytest.raises(RetryAfter) as given_up:
        await send(pacer, calls)
    assert given_up.value.retry_after == timedelta(seconds=LONGEST_REPLY_WAIT + 1)
    assert (calls.made, clock.now) == ([], 1000)
