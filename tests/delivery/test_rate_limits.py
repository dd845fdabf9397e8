"""Rate limits: reminders stay below Telegram's limits, replies go first, and `retry_after` is obeyed."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from bot.delivery.rate_limits import RateLimiter
from bot.domain.ids import TelegramId


class Clock:
    """A clock that moves only when someone waits."""

    def __init__(self) -> None:
        self.now = 1000.0

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


def test_many_chats_refused_at_once_hold_all_reminders(clock: Clock) -> None:
    limiter = RateLimiter(30, clock=clock)
    for chat_id in (1, 2):
        limiter.refuse(TelegramId(chat_id), 5)
    assert limiter.wait_for_turn() == 0
    limiter.refuse(TelegramId(3), 5)
    clock.now += 1
    assert limiter.wait_for_turn() == pytest.approx(4)


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
