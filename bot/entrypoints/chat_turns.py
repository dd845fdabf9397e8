"""Idempotency and order: an update has one effect, and a chat's are in order, in however many processes.

For `update_queue`.

With SQLite there is one process (`database.lead` sees to it), and no statement more than to remember what was handled.
On PostgreSQL a process takes a chat's turn before it handles an update of it, and asks whether another one did already.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from itertools import chain, repeat
from typing import Protocol

from bot.database.chat_turns import RENEW_SECONDS, ChatTurn, ChatTurns
from bot.database.effects import EFFECTS, Effects, TurnLostError
from bot.database.engine import DATABASE_ERRORS, Database
from bot.delivery.reply_turns import allow_extras, begin_anew, in_time, is_urgent
from bot.usecases import handled_updates

log = logging.getLogger(__name__)

LOOK_AGAIN = (0.005, 0.02, 0.05, 0.1)  # seconds between two looks whether a turn is free; the last one repeats
LONGEST_URGENT_WAIT = 0.5  # seconds for another process that has the same urgent update, or for the end of a turn

NOBODYS = (0, "")  # a turn that nobody has: without one, only what is urgent may write

QueueKey = tuple[int, int]  # the Telegram ids of a chat and a person; either may be 0
Work = Callable[[], Awaitable[None]]


class HandleOnce(Protocol):
    """Handles one update by `work`, unless it was handled before. `key`: what it has to be in order with, or None."""

    async def __call__(self, update_id: int, key: QueueKey | None, work: Work, /, *, is_urgent: bool) -> None: ...


async def in_memory(_update_id: int, _key: QueueKey | None, work: Work, *, is_urgent: bool) -> None:
    """Remembers nothing beyond this process."""
    await work()


def make_handle_once(database: Database, clock: Callable[[], datetime]) -> HandleOnce:
    """Returns what fits the database: one process on SQLite, any number on PostgreSQL."""
    return _OneProcess(database, clock) if database.is_sqlite else ManyProcesses(database, clock)


class _OneProcess:
    """Remembers what an update wrote, so that none has a second effect after a restart."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._handled = handled_updates.HandledUpdates(database)
        self._clock = clock

    async def __call__(self, update_id: int, _key: QueueKey | None, work: Work, *, is_urgent: bool) -> None:
        effects = Effects()
        EFFECTS.set(effects)
        await work()
        if effects.is_any:
            await self._handled.remember(update_id, self._clock())


class _Held:
    """A turn that this process has; `users` updates of the chat are under way in it."""

    def __init__(self, turn: ChatTurn) -> None:
        self.turn = turn
        self.users = 1


class ManyProcesses:
    """Handles an update while this process has its chat's turn. Whose turn was lost meanwhile is handled anew."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._turns = ChatTurns(database)
        self._clock = clock
        self._held: dict[int, _Held] = {}  # by the turn's key
        self._renewing: asyncio.Task[None] | None = None

    async def __call__(self, update_id: int, key: QueueKey | None, work: Work, *, is_urgent: bool) -> None:
        """An urgent update waits for no other of its chat, and is handled when the database is away, as all are."""
        if key is None:
            await work()
            return
        number, is_done = _number(("update", update_id) if is_urgent else key), False
        while not is_done:
            held = await self._begin(number, may_wait=not is_urgent)
            effects = Effects(None if is_urgent else NOBODYS)
            is_done = await (self._handle(held, update_id, effects, work) if held else _do(effects, work))
            if not is_done:
                begin_anew()

    async def _handle(self, held: _Held, update_id: int, effects: Effects, work: Work) -> bool:
        """Returns whether the update is done with; False where the turn was lost, and with it what was written."""
        is_handled = is_ours = False
        try:
            try:
                if await in_time(self._turns.was_handled(update_id)):
                    return True
                effects.turn = held.turn.key, held.turn.holder
            except DATABASE_ERRORS as error:
                log.warning("whether an update was handled is not known", extra={"error": type(error).__name__})
            is_handled = await _do(effects, work)
        finally:
            is_ours = await self._leave(held, update_id if is_handled else None, is_brief=not effects.is_any)
        return is_handled and is_ours

    async def _begin(self, number: int, *, may_wait: bool) -> _Held | None:
        """Waits for the turn. None where the database cannot be used, or the update is too urgent to wait on."""
        waited = 0.0
        for pause in _pauses():
            if held := self._held.get(number):
                held.users += 1
                return held
            turn = ChatTurn(number, secrets.token_hex(8))
            try:
                if await in_time(self._turns.take(turn)):
                    return self._hold(turn)
            except DATABASE_ERRORS as error:
                log.warning("a chat's turn cannot be taken", extra={"error": type(error).__name__})
                return None
            if not may_wait and waited > LONGEST_URGENT_WAIT:
                return None
            waited += pause
            await asyncio.sleep(pause)
        raise AssertionError("pauses do not end")

    def _hold(self, turn: ChatTurn) -> _Held:
        allow_extras()
        held = self._held[turn.key] = _Held(turn)
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        return held

    async def _leave(self, held: _Held, update_id: int | None, *, is_brief: bool) -> bool:
        """Ends the turn, unless another update is under way in it. Returns False where it was lost."""
        held.users -= 1
        stays = held.users > 0
        if not stays and self._held.get(held.turn.key) is held:
            del self._held[held.turn.key]
        now = self._clock()
        try:
            async with asyncio.timeout(LONGEST_URGENT_WAIT if is_urgent() else None):
                if update_id is not None:
                    handled_at = handled_updates.briefly(now) if is_brief else now
                    return await self._turns.end(held.turn, update_id, handled_at, stays=stays)
                if not stays:
                    await self._turns.give_up(held.turn)
        except DATABASE_ERRORS as error:
            log.warning("an update may be handled again by another process", extra={"error": type(error).__name__})
        return True

    async def _renew(self) -> None:
        """Renews turns that take longer, again and again while there are any. Those that are lost are taken anew."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            if not self._held:
                break
            held = dict(self._held)
            try:
                kept = await self._turns.renew([one.turn.holder for one in held.values()])
            except DATABASE_ERRORS as error:
                log.warning("turns of chats cannot be renewed", extra={"error": type(error).__name__})
                continue
            for number, one in held.items():
                if one.turn.holder not in kept and self._held.get(number) is one:
                    del self._held[number]
        self._renewing = None


async def _do(effects: Effects, work: Work) -> bool:
    """Does the work; returns False if it wrote what it may not."""
    EFFECTS.set(effects)
    try:
        await work()
    except TurnLostError:
        return False
    finally:
        effects.turn = None  # what a handler has begun to do by itself is no part of the update
    return not effects.is_lost


def _pauses() -> Iterator[float]:
    return chain(LOOK_AGAIN, repeat(LOOK_AGAIN[-1]))


def _number(key: object) -> int:
    """Returns a number of 64 bits that tells chats apart and says nothing of them. Two that share one only wait."""
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest(), signed=True)
