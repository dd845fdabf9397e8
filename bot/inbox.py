"""Updates as they come, by polling or by webhook: each once, one chat's in their order, different chats' at once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from telegram import Update

REMEMBERED = 4096  # update numbers; Telegram repeats one only shortly after


class Inbox:
    """`take` returns when the update has been handled, so that it is confirmed to Telegram no sooner than that."""

    def __init__(self, process: Callable[[Update], Awaitable[None]]) -> None:
        self._process = process
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._last_of_chat: dict[int, asyncio.Task[None]] = {}

    async def take(self, update: Update) -> None:
        """Safe to call twice with one update: Telegram repeats what it believes lost."""
        if update.update_id in self._seen:
            return
        self._seen[update.update_id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        key = _place(update)
        task = asyncio.create_task(self._after(self._last_of_chat.get(key), update))
        self._last_of_chat[key] = task
        try:
            await asyncio.shield(task)
        finally:
            if self._last_of_chat.get(key) is task:
                del self._last_of_chat[key]

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


def _place(update: Update) -> int:
    if update.effective_chat:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user else 0
