"""Updates as they come, by polling or by webhook: each once, one chat's in their order, different chats' at once.

Taps in a group or a channel keep the order of each person, not of all: hundreds may tap within seconds, and nobody
waits for the others' answers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from cachetools import FIFOCache
from telegram import Bot, Update

log = logging.getLogger(__name__)

Place = tuple[int, int]  # a chat's number and a person's, either may be 0
REMEMBERED = 4096  # update numbers; Telegram repeats one only shortly after


class UpdateQueue:
    """`take` returns when the update has been handled, so that it is confirmed to Telegram no sooner than that."""

    def __init__(self, process: Callable[[Update], Awaitable[None]]) -> None:
        self._process = process
        self._seen: FIFOCache[int, None] = FIFOCache(REMEMBERED)
        self._last_of_chat: dict[Place, asyncio.Task[None]] = {}

    async def take(self, update: Update) -> None:
        """Safe to call twice with one update: Telegram repeats what it believes lost."""
        if update.update_id in self._seen:
            return
        self._seen[update.update_id] = None
        key = _place(update)
        task = asyncio.create_task(self._after(self._last_of_chat.get(key), update))
        self._last_of_chat[key] = task
        try:
            await asyncio.shield(task)
        finally:
            if self._last_of_chat.get(key) is task:
                del self._last_of_chat[key]

    async def take_raw(self, raw: dict[str, Any], bot: Bot) -> None:  # Any: JSON as Telegram sends it
        """An update as it came. One that cannot be read, or not be handled, is written down and done with.

        Telegram would send it again and again, and nobody else would be answered.
        """
        number = raw.get("update_id")
        try:
            update = Update.de_json(raw, bot)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            log.error("an update was passed over: it cannot be read", extra={"update": number, "error": repr(error)})
            return
        try:
            await self.take(update)
        except Exception:  # what handlers raise is answered by PTB's error handler; this is what that one raises
            log.exception("an update could not be handled", extra={"update": number})

    async def settle(self, seconds: float) -> None:
        """Wait for what is being handled; what takes longer is given up."""
        tasks = list(self._last_of_chat.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()

    async def _after(self, earlier: asyncio.Task[None] | None, update: Update) -> None:
        if earlier:
            await asyncio.wait([earlier])
        await self._process(update)


def _place(update: Update) -> Place:
    chat = update.effective_chat.id if update.effective_chat else 0
    person = update.effective_user.id if update.effective_user else 0
    is_shared_tap = update.callback_query is not None and chat < 0
    return (chat, person) if is_shared_tap or not chat else (chat, 0)
