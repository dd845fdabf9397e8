"""Answers are as sure as reminders: tried again in order until their moment has passed; urgent ones wait for nobody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Chat, Message, Update
from telegram.error import NetworkError, RetryAfter

from bot.delivery import reply_turns
from bot.delivery.rate_limits import MOST_WAITING, RateLimiter
from bot.domain.ids import TelegramId
from bot.entrypoints import update_queue
from bot.entrypoints.update_queue import UpdateQueue

ANA, BEN, URGENT = 42, 43, 1_000  # update ids from URGENT on are urgent


class Time:
    """A clock that a test moves; who sleeps wakes when it has come so far."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._pause = asyncio.sleep

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            await self._pause(0)

    async def passes(self, seconds: float) -> None:
        for _ in range(int(seconds / 0.1)):
            self.now += 0.1
            for _ in range(10):
                await self._pause(0)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(asyncio, "sleep", time.sleep)
    monkeypatch.setattr(reply_turns, "FREED_AFTER", 0.0)
    monkeypatch.setattr(update_queue, "FREED_AFTER", 0.0)
    return time


class Telegram:
    """Takes answers, unless a chat or all is away until some moment."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.taken: list[int] = []
        self.tried: list[int] = []
        self.away_until = 0.0
        self.floods: dict[int, float] = {}  # chats that are refused until then
        self.hangs: set[int] = set()  # updates whose answer gets no answer

    async def take(self, number: int, chat_id: int) -> None:
        self.tried.append(number)
        if number in self.hangs:
            await asyncio.Event().wait()
        if self.time.now < self.away_until:
            raise NetworkError("Bad Gateway")
        if self.time.now < self.floods.get(chat_id, 0.0):
            raise RetryAfter(timedelta(seconds=int(self.floods[chat_id] - self.time.now) + 1))
        self.taken.append(number)


class Bot:
    """Answers each update with its number; `begun` are those whose effect is saved."""

    def __init__(self, time: Time) -> None:
        self.telegram = Telegram(time)
        self.pacer = RateLimiter(30, clock=time)
        self.begun: list[int] = []
        self.slow: set[int] = set()  # updates whose effect takes until `may_go_on`
        self.may_go_on = asyncio.Event()
        self.queue = UpdateQueue(self._answer, is_urgent=lambda update: update.update_id >= URGENT, seconds=time)
        self.taking: dict[int, asyncio.Task[None]] = {}

    def gets(self, number: int, chat_id: int = ANA) -> None:
        message = Message(number, datetime(2026, 3, 2, tzinfo=UTC), Chat(chat_id, "private"), text="x")
        self.taking[number] = asyncio.create_task(self.queue.take(Update(number, message=message)))

    async def _answer(self, update: Update) -> None:
        number, chat = update.update_id, update.effective_chat
        assert chat
        if number in self.slow:
            await self.may_go_on.wait()
        self.begun.append(number)
        call: Callable[[], Awaitable[None]] = lambda: self.telegram.take(number, chat.id)  # noqa: E731 - one call
        await self.pacer.process_request(call, (), {}, "sendMessage", {"chat_id": chat.id}, None)  # type: ignore[arg-type]  # PTB wants a coroutine


@pytest.fixture
async def bot(time: Time) -> AsyncIterator[Bot]:
    bot = Bot(time)
    yield bot
    await bot.queue.settle(0)
    await asyncio.gather(*bot.taking.values(), return_exceptions=True)


async def test_answers_come_in_order_and_once_when_telegram_is_back(bot: Bot, time: Time) -> None:
    bot.telegram.away_until = time.now + 20
    for number in (1, 2, 3):
        bot.gets(number)
    await time.passes(19)
    assert bot.telegram.taken == []
    assert bot.begun == [1, 2, 3], "what was asked for is done meanwhile"
    await time.passes(6)
    assert bot.telegram.taken == [1, 2, 3]


async def test_an_answer_whose_moment_has_passed_is_not_sent_but_help_is(bot: Bot, time: Time) -> None:
    bot.telegram.away_until = time.now + 70
    bot.gets(1)
    bot.gets(URGENT)
    bot.gets(2)
    await time.passes(80)
    assert bot.telegram.taken == [URGENT]


async def test_help_that_is_ten_minutes_late_is_not_sent(bot: Bot, time: Time) -> None:
    bot.telegram.away_until = time.now + 650
    bot.gets(URGENT)
    await time.passes(660)
    assert bot.telegram.taken == []


async def test_help_is_not_queued_behind_an_answer_that_hangs(bot: Bot, time: Time) -> None:
    bot.telegram.hangs.add(1)
    bot.gets(1)
    bot.gets(2)
    bot.gets(URGENT)
    await time.passes(1)
    assert bot.telegram.taken == [URGENT]
    assert bot.begun[:1] == [1]


async def test_reminders_of_a_chat_wait_for_an_answer_that_waits(bot: Bot, time: Time) -> None:
    bot.telegram.away_until = time.now + 20
    bot.gets(1)
    await time.passes(2)
    assert bot.pacer.wait_for_chat(TelegramId(ANA)) > 0
    assert bot.pacer.wait_for_chat(TelegramId(BEN)) == 0
    await time.passes(25)
    assert bot.pacer.wait_for_chat(TelegramId(ANA)) == 0


async def test_a_chat_that_is_refused_holds_up_nobody_else_however_much_is_asked_there(bot: Bot, time: Time) -> None:
    bot.telegram.floods[ANA] = time.now + 40
    for number in range(1, 151):
        bot.gets(number)
    await time.passes(8)
    bot.gets(500, BEN)
    bot.gets(URGENT, BEN)
    await time.passes(1)
    assert bot.telegram.taken == [500, URGENT]
    assert sorted(bot.begun) == [*range(1, 151), 500, URGENT], "everything that was asked for is done"
    unconfirmed = [number for number, taking in bot.taking.items() if not taking.done()]
    assert len(unconfirmed) <= update_queue.MOST_HELD
    await time.passes(50)
    assert bot.telegram.taken[2:] == list(range(1, MOST_WAITING + 1)), "the others are too many to be answered"


async def test_nothing_is_confirmed_before_its_effect_however_many_wait(bot: Bot, time: Time) -> None:
    bot.slow = set(range(1, 61))
    for number in range(1, 121):
        bot.gets(number, 2_000 + number)
    bot.telegram.away_until = time.now + 50
    await time.passes(10)
    confirmed = {number for number, taking in bot.taking.items() if taking.done()}
    assert confirmed, "those that wait for Telegram alone make room"
    assert not confirmed & bot.slow
    assert confirmed <= set(bot.begun), "a kill now would lose none of their effects"
    bot.may_go_on.set()
    await time.passes(3)
    assert len([taking for taking in bot.taking.values() if not taking.done()]) <= update_queue.MOST_HELD


async def test_too_many_are_not_confirmed_either(bot: Bot, monkeypatch: pytest.MonkeyPatch, time: Time) -> None:
    monkeypatch.setattr(update_queue, "MOST_UNDONE", 1)
    bot.slow = {1}
    bot.gets(1)
    await time.passes(0.1)
    bot.gets(2, BEN)
    with pytest.raises(update_queue.TooManyUpdatesError):
        await bot.taking[2]
    bot.may_go_on.set()
    await bot.taking[1]
    bot.gets(2, BEN)
    await bot.taking[2]
    assert bot.begun == [1, 2]


async def test_help_in_a_refused_chat_comes_first_when_its_time_has_come(bot: Bot, time: Time) -> None:
    bot.telegram.floods[ANA] = time.now + 10
    for number in range(1, 10):
        bot.gets(number)
    await time.passes(1)
    bot.gets(URGENT)
    await time.passes(30)
    assert URGENT in bot.telegram.taken[:2]


def hold_in_chats(bot: Bot, time: Time, seconds: float, *, each: int, first: int = 1) -> range:
    """Twenty chats are refused for so long, while `each` updates come in each of them; returns their ids."""
    chats = range(2_001, 2_021)
    bot.telegram.floods = dict.fromkeys(chats, time.now + seconds)
    for place, chat in enumerate(chats):
        for number in range(each):
            bot.gets(first + place * each + number, chat)
    return chats


async def test_when_refusals_end_together_who_asks_now_does_not_wait_for_what_was_held(bot: Bot, time: Time) -> None:
    chats = hold_in_chats(bot, time, 30, each=10)
    hold_in_chats(bot, time, 30, each=10, first=URGENT + 1)
    await time.passes(29)
    bot.telegram.floods = dict.fromkeys(chats, time.now + 40)  # they are refused once more
    tried = len(bot.telegram.tried)
    bot.gets(500, BEN)
    bot.gets(URGENT + 500, BEN)
    await time.passes(0.4)
    assert {500, URGENT + 500} <= set(bot.telegram.taken)
    await time.passes(3)
    assert len(bot.telegram.tried) - tried <= 2 + 2 * len(chats), "one answer of each chat finds out, and one for help"
    bot.telegram.floods = {}
    await time.passes(60)
    assert {URGENT + 1 + number for number in range(200)} <= set(bot.telegram.taken), "what is urgent is never given up"


async def test_what_was_held_fills_half_of_the_second_at_most_when_it_is_taken(bot: Bot, time: Time) -> None:
    hold_in_chats(bot, time, 20, each=5)
    await time.passes(22)
    for number in range(10):
        taken = len(bot.telegram.taken)
        bot.gets(500 + number, BEN + number)
        await time.passes(0.3)
        assert 500 + number in bot.telegram.taken
        assert len(bot.telegram.taken) - taken <= 15 + 1
    await time.passes(10)
    assert set(range(1, 101)) <= set(bot.telegram.taken), "and nothing is lost"


async def test_one_hundred_who_flood_do_not_make_help_wait(bot: Bot, time: Time) -> None:
    for number in range(1, 601):
        bot.gets(number, 2_000 + number % 100)
    await time.passes(0.3)
    bot.gets(URGENT, BEN)
    await time.passes(0.3)
    assert URGENT in bot.telegram.taken
    assert len(bot.telegram.taken) <= 31, "and all together keep to what Telegram takes in a second"
