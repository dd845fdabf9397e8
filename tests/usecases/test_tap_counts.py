"""The counts on buttons: the first at once, then few, the last one right, and nothing hangs."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.database.engine import Database
from bot.database.models import OffReason, PostKind
from bot.delivery.rate_limits import Pacer
from bot.delivery.sending import Later, Off, Outcome, Refused, Sent
from bot.usecases import taps
from bot.usecases.tap_counts import RETRY_SECONDS, Recount
from bot.usecases.taps import TappedMessage, Unshown
from localtelegram.clock import MovableClock
from tests.wire import until

GROUP = -1_001


class Screen:
    """Takes what is shown, as Telegram would; `answers` are its next ones, then all is well."""

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.answers: list[Outcome | Exception] = []
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def show(self, telegram_id: int, post: Unshown) -> Outcome:
        self.shown.append(post.count)
        await self.is_open.wait()
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, Exception):
            raise answer
        return answer


class Room:
    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database = database
        self.clock = clock
        self.screen = Screen()
        self.taps = 0
        self.began_at = clock()
        self.recount = self.another()

    def another(self) -> Recount:
        """As another process has it, or the next life of this one."""

        def seconds() -> float:
            return (self.clock() - self.began_at).total_seconds()

        return Recount(self.database, self.screen.show, Pacer(30, clock=seconds), self.clock, seconds)

    async def tap(self, *, is_told: bool = True) -> None:
        self.taps += 1
        place = TappedMessage(GROUP, 0, "supergroup", 7, self.began_at)
        await taps.take_tap(
            self.database, place, PostKind.ME_TOO, self.taps, key=b"k", update_id=self.taps, now=self.clock()
        )
        if is_told:
            self.recount.changed(GROUP)

    async def pass_by(self, seconds: float) -> None:
        self.clock.move(timedelta(seconds=seconds))
        self.recount.show_due()
        await self.recount.settle()


@pytest.fixture
async def room(database: Database, clock: MovableClock) -> AsyncIterator[Room]:
    room = Room(database, clock)
    yield room
    room.recount.stop()
    await room.recount.settle()


async def test_the_first_is_shown_at_once_and_the_rest_together(room: Room) -> None:
    await room.tap()
    await room.recount.settle()
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
    await room.recount.settle()
    assert room.screen.shown == [1]
    await room.pass_by(5)
    assert room.screen.shown == [1, 2]


async def test_two_processes_keep_one_pace(room: Room) -> None:
    other = room.another()
    await room.tap()
    await room.recount.settle()
    await room.tap()
    other.changed(GROUP)
    await other.settle()
    assert room.screen.shown == [1]
    room.clock.move(timedelta(seconds=5))
    for each in (other, room.recount):
        each.show_due()
        await each.settle()
    assert room.screen.shown == [1, 2]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Later(30.0, True, "asked to wait"), 30.0),
        (Later(0.0, False, "no connection"), RETRY_SECONDS),
        (RuntimeError("whatever"), RETRY_SECONDS),
    ],
)
async def test_what_did_not_get_through_is_shown_later(room: Room, answer: Outcome | Exception, seconds: float) -> None:
    room.screen.answers = [answer]
    await room.tap()
    await room.recount.settle()
    await room.pass_by(seconds - 1)
    assert room.screen.shown == [1]
    await room.pass_by(1)
    assert room.screen.shown == [1, 1]
    await room.pass_by(60)
    assert room.screen.shown == [1, 1]


@pytest.mark.parametrize("answer", [Refused("message to edit not found"), Off(OffReason.BLOCKED, "bot was kicked")])
async def test_what_cannot_be_shown_is_given_up(room: Room, answer: Outcome) -> None:
    room.screen.answers = [answer]
    await room.tap()
    await room.recount.settle()
    await room.pass_by(60)
    await room.recount.pick_up()
    await room.recount.settle()
    assert room.screen.shown == [1]


async def test_what_nobody_was_told_of_is_picked_up(room: Room) -> None:
    await room.tap(is_told=False)
    await room.recount.pick_up()
    await room.recount.settle()
    assert room.screen.shown == [1]


async def test_a_stop_waits_for_no_edit_that_hangs(room: Room) -> None:
    room.screen.is_open.clear()
    await room.tap()
    await until(lambda: room.screen.shown == [1])
    room.recount.stop()
    async with asyncio.timeout(3):
        await room.recount.settle()
    room.screen.is_open.set()
    room.clock.move(timedelta(seconds=5))
    room.recount = room.another()
    await room.recount.pick_up()
    await room.recount.settle()
    assert room.screen.shown == [1, 1]
