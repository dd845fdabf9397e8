"""Handles updates once each: in order within a chat, concurrently across chats. Called by polling and the webhook.

Taps in a group or a channel are in order per person only, because hundreds of people may tap within seconds.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from cachetools import FIFOCache
from telegram import Bot, Update

from bot.entrypoints.raw_updates import UnreadableUpdateError, read_update

log = logging.getLogger(__name__)

QueueKey = tuple[int, int]  # the Telegram ids of a chat and a person; either may be 0
MAX_REMEMBERED_UPDATES = 4096  # Telegram repeats an update only shortly after


class UpdateQueue:
    """`take` returns after the update was handled, so that it is not confirmed to Telegram before."""

    def __init__(self, process: Callable[[Update], Awaitable[None]]) -> None:
        self._process = process
        self._seen: FIFOCache[int, None] = FIFOCache(MAX_REMEMBERED_UPDATES)
        self._handling: dict[int, asyncio.Task[None]] = {}  # by update id
        self._last_of_chat: dict[QueueKey, asyncio.Task[None]] = {}
        self._waiting: Counter[QueueKey] = Counter()  # updates that are not handled yet, the one under way among them
        self._newest_query: dict[QueueKey, int] = {}  # of those that wait: update ids of inline queries

    async def take(self, update: Update) -> None:
        """Handles an update, once: Telegram repeats updates. A repeated one returns when the first was handled."""
        if update.update_id in self._seen:
            if task := self._handling.get(update.update_id):
                await asyncio.shield(task)
            return
        self._seen[update.update_id] = None
        key = _key(update)
        if update.inline_query:
            self._newest_query[key] = update.update_id
        task = asyncio.create_task(self._after(self._last_of_chat.get(key), update))
        self._waiting[key] += 1
        self._last_of_chat[key] = self._handling[update.update_id] = task
        task.add_done_callback(lambda task: self._settle(task, key, update.update_id))
        await asyncio.shield(task)  # it goes on when whoever delivered it does not wait

    def _settle(self, task: asyncio.Task[None], key: QueueKey, update_id: int) -> None:
        self._handling.pop(update_id, None)
        self._waiting[key] -= 1
        if not self._waiting[key]:
            del self._waiting[key]
        if self._last_of_chat.get(key) is task:
            del self._last_of_chat[key]
            self._newest_query.pop(key, None)

    def count_waiting(self, update: Update) -> int:
        """Returns how many updates of the same chat wait until this one is handled."""
        return max(0, self._waiting[_key(update)] - 1)

    async def take_raw(self, raw: dict[str, Any], bot: Bot) -> None:  # Any: JSON as Telegram sends it
        """Handles a raw update. An unreadable one, and one whose handler fails, is only logged.

        Otherwise Telegram would repeat it endlessly and hold back all others.
        """
        number = raw.get("update_id")
        try:
            update = read_update(raw, bot)
        except UnreadableUpdateError as error:
            log.error("an update was passed over: it cannot be read", extra={"update": number, "error": str(error)})
            return
        if update is None:
            return
        try:
            await self.take(update)
        except Exception:  # what handlers raise is answered by PTB's error handler; this is what that one raises
            log.exception("an update could not be handled", extra={"update": number})

    async def settle(self, seconds: float) -> None:
        """Waits for updates that are being handled; cancels those that take longer than `seconds`."""
        tasks = list(self._last_of_chat.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()

    async def _after(self, earlier: asyncio.Task[None] | None, update: Update) -> None:
        if earlier:
            await asyncio.wait([earlier])
        if update.inline_query and self._newest_query.get(_key(update), 0) > update.update_id:
            return  # the person has typed on: nobody waits for an answer to fewer letters
        await self._process(update)


def _key(update: Update) -> QueueKey:
    chat = update.effective_chat.id if update.effective_chat else 0
    person = update.effective_user.id if update.effective_user else 0
    is_shared_tap = update.callback_query is not None and chat < 0
    return (chat, person) if is_shared_tap or not chat else (chat, 0)
