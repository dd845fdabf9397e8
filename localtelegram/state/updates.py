"""The updates that wait for one bot, and long polling. `update_delivery` delivers them in the other ways."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from localtelegram.answers import Json, conflict

KEPT_FOR = timedelta(hours=24)
LONGEST_POLL = 50  # seconds
_LEFT_OUT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FIRST_ID = 100_000_001
# An offset that is further beyond the next id confirms nothing: Telegram's server (`get` in td's TQueue.cpp) hands over
# what is there as if none had been given.
_FURTHEST_AHEAD = 10


@dataclass(frozen=True)
class WaitingUpdate:
    update: Json
    chat_key: int  # updates of one chat go in order
    since: datetime

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


@dataclass
class Poll:
    """A getUpdates that waits for the first update."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""


class UpdateQueue:
    def __init__(self) -> None:
        self.waiting: deque[WaitingUpdate] = deque()
        self.allowed: list[str] | None = None  # None: Telegram's default choice
        self.next_id = _FIRST_ID
        self._poll: Poll | None = None

    def wants(self, kind: str) -> bool:
        if not self.allowed:
            return kind not in _LEFT_OUT_BY_DEFAULT
        return kind in self.allowed

    def push(self, kind: str, payload: Json, *, chat_key: int, now: datetime) -> bool:
        """Adds an update. Returns False where the bot did not ask for this kind: it is lost, as at Telegram."""
        if not self.wants(kind):
            return False
        self.waiting.append(WaitingUpdate({"update_id": self.next_id, kind: payload}, chat_key, now))
        self.next_id += 1
        if self._poll:
            self._poll.woken.set()
        return True

    def take(self, waiting: WaitingUpdate) -> None:
        """Removes an update that was delivered, if it is still there."""
        for at, other in enumerate(self.waiting):
            if other is waiting:
                del self.waiting[at]
                return

    def forget_old(self, now: datetime) -> None:
        while self.waiting and now - self.waiting[0].since > KEPT_FOR:
            self.waiting.popleft()

    def end_poll(self, reason: str) -> None:
        if self._poll:
            self._poll.ended_by = reason
            self._poll.woken.set()

    async def poll(self, *, offset: int, limit: int, wait: float) -> list[Json]:
        """Waits up to `wait` real seconds for an update. A newer poll ends this one with Telegram's 409."""
        self.end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._confirm(offset)
        if not self.waiting and wait > 0:
            await self._wait(wait)
        return [waiting.update for waiting in list(self.waiting)[: max(1, min(limit, 100))]]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        if offset > self.next_id + _FURTHEST_AHEAD:
            return
        while offset > 0 and self.waiting and self.waiting[0].id < offset:
            self.waiting.popleft()

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = Poll()
        try:
            await asyncio.wait_for(poll.woken.wait(), min(seconds, LONGEST_POLL))
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None
        if poll.ended_by:
            raise conflict(poll.ended_by)
