"""The counts on buttons: the first at once, then few, the last one right, and nothing hangs."""

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
from bot.screens.outgoing import Rows
from bot.usecases import taps
from bot.usecases.tap_counts import RETRY_EDIT_SECONDS, TapCounts
from bot.usecases.taps import TappedMessage
from localtelegram.clock import MovableClock
from tests.patience import PATIENCE
from tests.wire import until

GROUP = -1_001


class Screen:
    """Takes what is shown, as Telegram would; `answers` are its next ones, then all is well."""

    def __init__(self) -> None:
        self.username = "tears_bot"
        self.shown: list[int] = []
        self.answers: list[Outcome | Exception] = []
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def change_buttons(self, telegram_id: int, message_id: int, rows: Rows) -> Outcome:
        count = re.search(r"\d+", rows[0][0].label)
        self.shown.append(int(count[0]) if count else 0)
        await self.is_open.wait()
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, Exception):
            raise answer
        return answer


class Room:
    def __init__(self, database: Database, library: Library, clock: MovableClock) -> None:
        self.database = database
        self.library = library
        self.clock = clock
        self.screen = Screen()
        self.taps = 0
        self.began_at = clock()
        self.tap_counts = self.another()

    def another(self) -> TapCounts:
        """As another process has it, or the next life of this one."""

        def seconds() -> float:
            return (self.clock() - self.began_at).total_seconds()

        return TapCounts(
            database=self.database,
            library=self.library,
            sender=cast("Sender", self.screen),  # all of it that is used here
            pacer=RateLimiter(30, clock=seconds),
            clock=self.clock,
            seconds=seconds,
        )

    async def tap(self, *, is_told: bool = True) -> None:
        self.taps += 1
        place = TappedMessage(GROUP, 0, "supergroup", 7, self.began_at)
        await taps.take_tap(
            self.database, place, PostKind.ME_TOO, self.taps, key=b"k", update_id=self.taps, now=self.clock()
        )
        if is_told:
            self.tap_counts.changed(GROUP)

    async def pass_by(self, seconds: float) -> None:
        self.clock.move(timedelta(seconds=seconds))
        self.tap_counts.show_due()
        await self.tap_counts.settle()


@pytest.fixture
async def room(database: Database, library: Library, clock: MovableClock) -> AsyncIterator[Room]:
    room = Room(database, library, clock)
    yield room
    room.tap_counts.stop()
    await room.tap_counts.settle()


async def test_the_first_is_shown_at_once_and_the_rest_together(room: Room) -> None:
    await room.tap()
    await room.tap_counts.settle()
    assert room.screen.shown == [1]
    for _ in range(5):
        await room.tap()
    await room.pass_by(4.9)
    assert room.screen.shown == [1]
    await room.pass_by(0.1)
    assert room.screen.shown == [1, 6]
    await room.pass_by(5)
    assert room.screen.shown == [1, 6]


async def test_what_is_tapped_while_it_is_shown_comes_with_the_next(room: Room) -> None:
    room.screen.is_open.clear()
    await room.tap()
    await until(lambda: room.screen.shown == [1])
    await room.tap()
    room.screen.is_open.set()
    await room.tap_counts.settle()
    assert room.screen.shown == [1]
    await room.pass_by(5)
    assert room.screen.shown == [1, 2]


async def test_two_processes_keep_one_pace(room: Room) -> None:
    other = room.another()
    await room.tap()
    await room.tap_counts.settle()
    await room.tap()
    other.changed(GROUP)
    await other.settle()
    assert room.screen.shown == [1]
    room.clock.move(timedelta(seconds=5))
    for each in (other, room.tap_counts):
        each.show_due()
        await each.settle()
    assert room.screen.shown == [1, 2]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (RetryLater(30.0, True, "asked to wait"), 30.0),
        (RetryLater(0.0, False, "no connection"), RETRY_EDIT_SECONDS),
        (RuntimeError("whatever"), RETRY_EDIT_SECONDS),
    ],
)
async def test_what_did_not_get_through_is_shown_later(room: Room, answer: Outcome | Exception, seconds: float) -> None:
    room.screen.answers = [answer]
    await room.tap()
    await room.tap_counts.settle()
    await room.pass_by(seconds - 1)
    assert room.screen.shown == [1]
    await room.pass_by(1)
    assert room.screen.shown == [1, 1]
    await room.pass_by(60)
    assert room.screen.shown == [1, 1]


@pytest.mark.parametrize(
    "answer", [Refused("message to edit not found"), ChatLost(OffReason.BLOCKED, "bot was kicked")]
)
async def test_what_cannot_be_shown_is_given_up(room: Room, answer: Outcome) -> None:
    room.screen.answers = [answer]
    await room.tap()
    await room.tap_counts.settle()
    await room.pass_by(60)
    await room.tap_counts.pick_up()
    await room.tap_counts.settle()
    assert room.screen.shown == [1]


async def test_what_nobody_was_told_of_is_picked_up(room: Room) -> None:
    await room.tap(is_told=False)
    await room.tap_counts.pick_up()
    await room.tap_counts.settle()
    assert room.screen.shown == [1]


async def test_a_stop_waits_for_no_edit_that_hangs(room: Room) -> None:
    room.screen.is_open.clear()
    await room.tap()
    await until(lambda: room.screen.shown == [1])
    room.tap_counts.stop()
    async with asyncio.timeout(PATIENCE):
        await room.tap_counts.settle()
    room.screen.is_open.set()
    room.clock.move(timedelta(seconds=5))
    room.tap_counts = room.another()
    await room.tap_counts.pick_up()
    await room.tap_counts.settle()
    assert room.screen.shown == [1, 1]
