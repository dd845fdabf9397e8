"""The turn of an update's answers: in order within its chat, and in nobody's way. Made by `entrypoints.update_queue`.

`rate_limits` waits for a turn before it sends an answer, and `transport` gives urgent ones connections of their own.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

MOST_FOR_EXTRAS = 0.6  # seconds that an urgent answer waits in all for what it can do without
FREED_AFTER = 0.2  # seconds that an answer may be on its way before the next update of its chat begins


class ReplyTurn:
    """One update's place in its chat. `began_at` is on the clock of the rate limits, in seconds.

    `is_urgent`: it waits for no other. `freed` is done when the next update of the chat may begin: this one is done, or
    only waits for Telegram to take its answer. `done` is done when this one is.
    """

    def __init__(self, began_at: float, earlier: Sequence["ReplyTurn"] = (), *, is_urgent: bool = False) -> None:
        loop = asyncio.get_running_loop()
        self.began_at = began_at
        self.is_urgent = is_urgent
        self.is_anew = False  # its effect was lost when this process hung, and has to be had again
        self.left_for_extras = MOST_FOR_EXTRAS
        self.freed: asyncio.Future[None] = loop.create_future()
        self.done: asyncio.Future[None] = loop.create_future()
        self._earlier = earlier

    async def begin(self) -> None:
        """Waits until those before it are done or only wait for Telegram; an urgent one waits for nobody."""
        if not self.is_urgent and (busy := [turn.freed for turn in self._earlier if not turn.freed.done()]):
            await asyncio.wait(busy)

    async def wait_in_order(self) -> None:
        """Waits until the answers before it were taken or given up; an urgent one waits for nobody."""
        unanswered = [turn.done for turn in self._earlier if not turn.done.done()]
        if unanswered and not self.is_urgent:
            self.free()
            await asyncio.wait(unanswered)

    def free(self) -> None:
        """Lets the next update of the chat begin."""
        if not self.freed.done():
            self.freed.set_result(None)

    def end(self) -> None:
        """Says that the update is done with."""
        self.free()
        if not self.done.done():
            self.done.set_result(None)
        self._earlier = ()

    @contextmanager
    def on_its_way(self) -> Iterator[None]:
        """While an answer is sent: one that takes long does not hold up what else is asked in the chat."""
        timer = asyncio.get_running_loop().call_later(FREED_AFTER, self.free)
        try:
            yield
        finally:
            timer.cancel()


CURRENT: ContextVar[ReplyTurn | None] = ContextVar("reply_turn", default=None)


def is_urgent() -> bool:
    """Returns whether what is sent now answers someone in need."""
    turn = CURRENT.get()
    return turn is not None and turn.is_urgent


async def in_time(work: Coroutine[Any, Any, T]) -> T:
    """Returns what the work returns. Raises TimeoutError where an urgent answer cannot wait for it; it goes on then."""
    turn = CURRENT.get()
    if turn is None or not turn.is_urgent:
        return await work
    loop = asyncio.get_running_loop()
    task, began = loop.create_task(work), loop.time()
    task.add_done_callback(_look_at)
    done, _ = await asyncio.wait({task}, timeout=max(turn.left_for_extras, 0.0))
    turn.left_for_extras -= loop.time() - began
    if not done:
        raise TimeoutError("an urgent answer does not wait for it")
    return task.result()


def _look_at(task: asyncio.Task[Any]) -> None:
    """Its error is nobody's when nobody waited for it."""
    if not task.cancelled():
        task.exception()


def allow_extras() -> None:
    """The database answers: what comes now may take as long as if nothing had been waited for."""
    if turn := CURRENT.get():
        turn.left_for_extras = MOST_FOR_EXTRAS


def begin_anew() -> None:
    """What this update wrote was lost, so that it is not done with although an answer may be on its way."""
    if turn := CURRENT.get():
        turn.is_anew = True


def make_urgent() -> None:
    """From now on this update's answers go ahead of all others: what was typed has opened the support card."""
    if turn := CURRENT.get():
        turn.is_urgent = True
