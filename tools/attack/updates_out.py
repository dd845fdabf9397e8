"""Hands updates over to the bot as Telegram does, by polling or by webhook, until it has confirmed them. For `far_end`.

By webhook an update is delivered again, a quarter of a second later, until it is answered with 200. Telegram itself
waits longer and longer, which says nothing about the bot.
"""

import asyncio
import time
from collections import deque
from contextlib import suppress
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import aiohttp

AGAIN_AFTER = 0.25  # seconds until an update is delivered again
GIVEN_UP_AFTER = 60.0  # seconds that a delivery may take
AT_ONCE = 40  # deliveries; as many as Telegram makes where max_connections is not set
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


class UpdatesOut:
    """What waits for the bot, and since when it could not be reached."""

    def __init__(self, *, by_webhook: bool) -> None:
        self.by_webhook = by_webhook
        self.bot_port = 0  # where the bot listens
        self.away: list[tuple[float, float]] = []  # from and until when nobody could reach the bot
        self.there = asyncio.Event()  # whether it asks for updates, or has said where it takes them
        self._away_since: float | None = None
        self._comes_back = True
        self._waiting: deque[dict[str, Any]] = deque()  # Any: Bot API JSON
        self._numbers = 0
        self._polls = 0
        self._news = asyncio.Event()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._delivering: set[asyncio.Task[None]] = set()
        self._target: tuple[str, str] | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def waiting(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._waiting) + len(self._delivering)

    def put(self, content: dict[str, object]) -> None:
        """One more update with this content."""
        self._numbers += 1
        update = {"update_id": self._numbers, **content}
        if self.by_webhook:
            task = asyncio.create_task(self._deliver(update))
            self._delivering.add(task)
            task.add_done_callback(self._delivering.discard)
        else:
            self._waiting.append(update)
            self._news.set()

    def lose(self) -> None:
        """From now on nobody can reach the bot."""
        self._comes_back = False
        self.there.clear()
        if self._away_since is None:
            self._away_since = time.monotonic()

    def expect(self) -> None:
        """It is there again when it next asks for updates, or says where it takes them."""
        self._comes_back = True

    def find(self) -> None:
        """It can be reached again."""
        if self._away_since is not None:
            self.away.append((self._away_since, time.monotonic()))
            self._away_since = None
        self.there.set()

    def own_part(self, asked_at: float, answered_at: float) -> float:
        """Returns the seconds of a wait in which the bot could be reached."""
        away = [*self.away, *([(self._away_since, answered_at)] if self._away_since is not None else [])]
        lost = sum(max(0.0, min(until, answered_at) - max(since, asked_at)) for since, until in away)
        return answered_at - asked_at - lost

    def deliver_to(self, given: dict[str, Any]) -> None:  # Any: Bot API JSON
        """setWebhook."""
        self._target = (urlsplit(given["url"]).path, given.get("secret_token", ""))
        if self._comes_back:
            self.find()

    async def hand_out(self, given: dict[str, Any]) -> list[dict[str, Any]] | None:  # Any: Bot API JSON
        """getUpdates. Returns None where another one asks since."""
        self._polls += 1
        mine = self._polls
        self._news.set()  # whoever asked before is told so
        if self._comes_back:
            self.find()
        while self._waiting and self._waiting[0]["update_id"] < given.get("offset", 0):
            self._waiting.popleft()
        ends_at = time.monotonic() + given.get("timeout", 0)
        while not self._waiting and (left := ends_at - time.monotonic()) > 0:
            self._news = asyncio.Event()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)
            if mine != self._polls:
                return None
        return list(islice(self._waiting, given.get("limit", 100)))

    async def _deliver(self, update: dict[str, Any]) -> None:  # Any: Bot API JSON
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=GIVEN_UP_AFTER))
        is_taken = False
        while not is_taken:
            is_taken = self._target is not None and await self._post(self._session, update, *self._target)
            await asyncio.sleep(0 if is_taken else AGAIN_AFTER)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any], path: str, secret: str) -> bool:
        url = f"http://127.0.0.1:{self.bot_port}{path}"
        try:
            async with self._places, session.post(url, json=update, headers={SECRET_HEADER: secret}) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        """Delivers nothing more."""
        for task in self._delivering:
            task.cancel()
        await asyncio.gather(*self._delivering, return_exceptions=True)
        if self._session:
            await self._session.close()
