"""How often updates are asked for: whoever waits for /support waits for no pause of several seconds."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import RequestData

from bot.entrypoints import polling
from bot.entrypoints.polling import BATCH, LONGEST_HOLD, SHORTEST_HOLD, Poller, poll
from bot.entrypoints.update_queue import TooManyUpdatesError
from tests.patience import PATIENCE
from tests.wire import until


class Answers:
    """Stands for the bot and its connection: answers getUpdates with these, and notes how long each may be held."""

    base_url = "https://example.org/bot"

    def __init__(self, *answers: TelegramError | list[Any] | None) -> None:
        self.request, self.holds = SimpleNamespace(post=self._post), list[int]()
        self._answers = list(answers)

    async def _post(self, url: str, data: RequestData, read_timeout: float) -> list[Any]:
        self.holds.append(int(str(data.parameters["timeout"])))
        answer = self._answers.pop(0)
        if isinstance(answer, TelegramError):
            raise answer
        if answer is None:
            await asyncio.Event().wait()
        return answer or []


def poller_of(bot: Any) -> Poller:  # Any: only what polling uses of a Bot
    return Poller(bot, SimpleNamespace())  # type: ignore[arg-type]  # no update comes


async def pauses_after(*errors: TelegramError, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Returns the pauses in seconds that polling makes when it is answered with these, one after another."""
    pauses, stopping = list[float](), asyncio.Event()

    async def sleep(seconds: float, stopping: asyncio.Event) -> None:
        pauses.append(seconds)
        if len(pauses) == len(errors):
            stopping.set()

    monkeypatch.setattr(polling, "_sleep", sleep)
    bot: Any = Answers(*errors)  # Any: as above
    await poll(bot, SimpleNamespace(), stopping)  # type: ignore[arg-type]  # as above
    return pauses


@pytest.mark.parametrize("error", [NetworkError("gateway"), Conflict("other getUpdates"), TimedOut()])
async def test_it_asks_again_within_a_second_whatever_went_wrong(
    error: TelegramError, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await pauses_after(*[error] * 5, monkeypatch=monkeypatch) == [0.25, 0.5, 0.75, 0.75, 0.75]


async def test_it_waits_as_long_as_telegram_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await pauses_after(RetryAfter(7), monkeypatch=monkeypatch) == [pytest.approx(7, abs=1)]


async def test_questions_become_longer_while_all_is_well_and_short_after_trouble() -> None:
    bot = Answers([], [], [], [], [], NetworkError("gateway"), [], [])
    poller = poller_of(bot)
    for _ in range(5):
        await poller.fetch()
    with pytest.raises(NetworkError):
        await poller.fetch()
    for _ in range(2):
        await poller.fetch()
    assert bot.holds == [SHORTEST_HOLD, 2, 4, 8, LONGEST_HOLD, LONGEST_HOLD, 0, SHORTEST_HOLD]


async def test_an_answer_that_hangs_is_given_up_and_a_slow_line_gets_more_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polling, "SHORTEST_HOLD", 0)
    monkeypatch.setattr(polling, "SHORTEST_GRACE", 0.02)
    limits, timeout = list[float](), asyncio.timeout

    def noted(seconds: float) -> asyncio.Timeout:
        limits.append(seconds)
        return timeout(seconds)

    monkeypatch.setattr(asyncio, "timeout", noted)
    poller = poller_of(Answers(None, None, []))
    for _ in range(2):
        with pytest.raises(TimedOut):
            await poller.fetch()
    assert await poller.fetch() == []
    assert limits == [0.01, 0.02, 0.04]


class Queue:
    """Has no room for update 2 until there is."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.has_room = False

    async def take_raw(self, raw: dict[str, Any], _bot: object) -> None:
        if raw["update_id"] == 2 and not self.has_room:
            raise TooManyUpdatesError
        self.taken.append(raw["update_id"])


async def test_what_there_is_no_room_for_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FULL_SECONDS", 0.01)
    queue = Queue()
    poller = Poller(None, queue)  # type: ignore[arg-type]  # nothing is fetched
    poller.hand_over([{"update_id": number} for number in (1, 2, 3)])
    await poller.settle(0.05)
    assert (queue.taken, poller.offset) == ([1, 3], 2)
    poller.hand_over([{"update_id": number} for number in (2, 3)])  # Telegram repeats what is not confirmed
    queue.has_room = True
    while poller.offset == 2:
        await poller.settle(0.05)
        await asyncio.sleep(0)
    assert queue.taken[2:].count(2) == 1
    assert poller.offset == 4


async def test_it_follows_ids_that_begin_anew_after_a_quiet_week(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    queue = Queue()
    poller = Poller(None, queue)  # type: ignore[arg-type]  # nothing is fetched
    for first in (900_000, 500, 600):  # 600 goes on from 500
        poller.hand_over([{"update_id": number} for number in range(first, first + BATCH)])
        await poller.settle(PATIENCE)
        assert poller.offset == first + BATCH
    assert len(queue.taken) == 3 * BATCH
    assert caplog.text.count("begin anew") == 1


async def test_a_slow_update_from_before_keeps_no_newer_one_from_being_confirmed() -> None:
    class Slow(Queue):
        async def take_raw(self, raw: dict[str, Any], _bot: object) -> None:
            if raw["update_id"] == 900_000:
                await asyncio.Event().wait()
            await super().take_raw(raw, _bot)

    queue = Slow()
    poller = Poller(None, queue)  # type: ignore[arg-type]  # nothing is fetched
    poller.hand_over([{"update_id": 900_000}])
    poller.hand_over([{"update_id": 7}])
    await until(lambda: queue.taken == [7])
    await poller.settle(0)
    assert poller.offset == 8


async def test_while_more_wait_only_the_older_half_of_a_batch_is_waited_for() -> None:
    is_over = asyncio.Event()

    class Slow:
        async def take_raw(self, raw: dict[str, Any], _bot: object) -> None:
            if raw["update_id"] == BATCH:
                await is_over.wait()

    poller = Poller(None, Slow())  # type: ignore[arg-type]  # nothing is fetched
    poller.hand_over([{"update_id": number} for number in range(1, BATCH + 1)])
    await poller.make_room(PATIENCE)  # the newest is not done
    assert poller.offset > BATCH // 2
    poller.hand_over([{"update_id": BATCH + 1}])  # and no more wait
    last = asyncio.create_task(poller.make_room(PATIENCE))
    await asyncio.sleep(0.01)
    assert not last.done()
    is_over.set()
    await last
    assert poller.offset == BATCH + 2


async def test_a_stop_does_not_wait_for_a_telegram_that_hangs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(polling, "CONFIRM_SECONDS", 0.01)
    poller = Poller(Answers(None), Queue())  # type: ignore[arg-type]  # only what polling uses
    poller.hand_over([{"update_id": 1}])
    await poller.settle(PATIENCE)
    await asyncio.wait_for(poller.confirm(), PATIENCE)
    assert "cannot confirm the last updates" in caplog.text
