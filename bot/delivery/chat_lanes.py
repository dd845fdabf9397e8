"""How many calls one chat may have on their way: those that hang in one chat take nobody's connection.

Called by `rate_limits` for urgent answers, which are tried again for ten minutes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.ids import TelegramId

WIDTH = 2  # calls of one chat at once


class ChatLanes:
    """A lane for each chat that has calls. What waits goes in the order in which it came."""

    def __init__(self) -> None:
        self._lanes: dict[TelegramId, tuple[asyncio.Semaphore, int]] = {}  # and how many use it

    async def run(self, chat_id: TelegramId, call: Callable[[], Awaitable[Any]]) -> Any:  # Any: what Telegram answers
        """Calls it as soon as the chat's lane is free. Raises what the call raises."""
        lane, users = self._lanes.get(chat_id, (asyncio.Semaphore(WIDTH), 0))
        self._lanes[chat_id] = lane, users + 1
        try:
            async with lane:
                return await call()
        finally:
            lane, users = self._lanes.pop(chat_id)
            if users > 1:
                self._lanes[chat_id] = lane, users - 1
