"""Counts on buttons: the first is shown at once, later ones seldom, the last one is right, and nothing hangs."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import pytest

from bot.content.library import Library
from bot.database.engine import Database
from bot.database.values import OffReason, PostKind
from bot.delivery.outcomes import ChatLost, Outcome, Refused, RetryLater, Sent
from bot.delivery.rate_limits import RateLimiter
from bot.delivery.sending import Sender
from bot.domain.ids import TelegramId
from bot.screens.outgoing import Rows
from bot.usecases import taps
from bot.usecases.tap_counts import RETRY_EDIT_SECONDS, TapCounts
from bot.usecases.taps import TappedMessage
from localtelegram.clock import MovableClock
from tests.patience import PATIENCE
from tests.wire import until

GROUP = TelegramId(-1_001)


class FakeSender:
    """Records the counts that are shown. `answers` are its next outcomes; after them every call succeeds."""

    def __init__(self) -> None:
        self.username = "tears_bot"
        self.shown: list[int] = []
        self.answers: list[Outcome | Exception] = []
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def change_buttons(self, telegram_id: TelegramId, message_id: int, rows: Rows) -> Outcome:
        count = re.search(r"\d+", rows[0][0].label)
        self.shown.append(int(count[0]) if count else 0)
        await self.is_open.wait()
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, Exception):
            raise answer
        return answer


class Group:
    def __init__(self, database: Database, library: Library, clock: MovableClock) -> None:
        self.database = database
        self.library = library
        self.clock = clock
        self.sender = FakeSender()
        self.taps = 0
        self.began_at = clock()
        self.tap_counts = self.another()

    def another(self) -> TapCounts:
        """Returns TapCounts as another process has them, or this one after a restart."""

        def seconds() -> float:
            return (self.clock() - self.began_at).total_seconds()

        return TapCounts(
            database=self.database,
            library=self.library,
            sender=cast("Sender", self.sender),  # has all methods that are used here
            pacer=RateLimiter(30, clock=seconds),
            clock=self.clock,
            seconds=seconds,
        )

    async def tap(self, *, is_announced: bool = True) -> None:
        self.taps += 1
        message = TappedMessage(GROUP, 0, "supergroup", 7, self.began_at)
        await taps.take_tap(
            self.database,
            message,
            PostKind.ME_TOO,
            TelegramId(self.taps),
            key=b"k",
            update_id=self.taps,
            now=self.clock(),
        )
        if is_announced:
            self.tap_counts.changed(GROUP)

    async def wait(self, seconds: float) -> None:
        self.clock.move(timedelta(seconds=seconds))
        self.tap_counts.show_due()
        await self.tap_counts.settle()


@pytest.fixture
async def group(database: Database, library: Library, clock: MovableClock) -> AsyncIterator[Group]:
    group = Group(database, library, clock)
    yield group
    group.tap_counts.stop()
    await group.tap_counts.settle()


async def test_the_first_is_shown_at_once_and_the_rest_together(group: Group) -> None:
    await group.tap()
    await group.tap_counts.settle()
    assert group.sender.shown == [1]
    for _ in range(5):
        await group.tap()
    await group.wait(4.9)
    assert group.sender.shown == [1]
    await group.wait(0.1)
    assert group.sender.shown == [1, 6]
    await group.wait(5)
    assert group.sender.shown == [1, 6]


async def test_what_is_tapped_while_it_is_shown_comes_with_the_next(group: Group) -> None:
    group.sender.is_open.clear()
    await group.tap()
    await until(lambda: group.sender.shown == [1])
    await group.tap()
    group.sender.is_open.set()
    await group.tap_counts.settle()
    assert group.sender.shown == [1]
    await group.wait(5)
    assert group.sender.shown == [1, 2]


async def test_two_processes_keep_one_pace(group: Group) -> None:
    other = group.another()
    await group.tap()
    await group.tap_counts.settle()
    await group.tap()
    other.changed(GROUP)
    await other.settle()
    assert group.sender.shown == [1]
    group.clock.move(timedelta(seconds=5))
    for counts in (other, group.tap_counts):
        counts.show_due()
        await counts.settle()
    assert group.sender.shown == [1, 2]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (RetryLater(30.0, True, "asked to wait"), 30.0),
        (RetryLater(0.0, False, "no connection"), RETRY_EDIT_SECONDS),
        (RuntimeError("whatever"), RETRY_EDIT_SECONDS),
    ],
)
async def test_a_count_that_did_not_get_through_is_shown_later(
    group: Group, answer: Outcome | Exception, seconds: float
) -> None:
    group.sender.answers = [answer]
    await group.tap()
    await group.tap_counts.settle()
    await group.wait(seconds - 1)
    assert group.sender.shown == [1]
    await group.wait(1)
    assert group.sender.shown == [1, 1]
    await group.wait(60)
    assert group.sender.shown == [1, 1]


@pytest.mark.parametrize(
    "answer", [Refused("message to edit not found"), ChatLost(OffReason.BLOCKED, "bot was kicked")]
)
async def test_a_count_that_cannot_be_shown_is_given_up(group: Group, answer: Outcome) -> None:
    group.sender.answers = [answer]
    await group.tap()
    await group.tap_counts.settle()
    await group.wait(60)
    await group.tap_counts.pick_up()
    await group.tap_counts.settle()
    assert group.sender.shown == [1]


async def test_a_count_that_was_not_announced_is_picked_up(group: Group) -> None:
    await group.tap(is_announced=False)
    await group.tap_counts.pick_up()
    await group.tap_counts.settle()
    assert group.sender.shown == [1]


async def test_a_stop_waits_for_no_edit_that_hangs(group: Group) -> None:
    group.sender.is_open.clear()
    await group.tap()
    await until(lambda: group.sender.shown == [1])
    group.tap_counts.stop()
    async with asyncio.timeout(PATIENCE):
        await group.tap_counts.settle()
    group.sender.is_open.set()
    group.clock.move(timedelta(seconds=5))
    group.tap_counts = group.another()
    await group.tap_counts.pick_up()
    await group.tap_counts.settle()
    assert group.sender.shown == [1, 1]
