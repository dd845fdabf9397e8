"""Polling: no update is confirmed before it was handled, also when there was no room for it at first."""

import asyncio
from typing import Any

import pytest

from bot.entrypoints import polling
from bot.entrypoints.polling import Poller
from bot.entrypoints.update_queue import TooManyUpdatesError


class Queue:
    """Has no room for update 2 until there is."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.has_room = False

    async def take_raw(self, raw: dict[str, Any], _bot: object) -> None:
        if raw["update_id"] == 2 and not self.has_room:
            raise TooManyUpdatesError
        self.taken.append(raw["update_id"])


async def test_what_there_is_no_room_for_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FULL_SECONDS", 0.01)
    queue = Queue()
    poller = Poller(None, queue)  # type: ignore[arg-type]  # nothing is fetched
    poller.hand_over([{"update_id": number} for number in (1, 2, 3)])
    await poller.settle(0.05)
    assert (queue.taken, poller.offset) == ([1, 3], 2)
    poller.hand_over([{"update_id": number} for number in (2, 3)])  # Telegram repeats what is not confirmed
    queue.has_room = True
    while poller.offset == 2:
        await poller.settle(0.05)
        await asyncio.sleep(0)
    assert queue.taken[2:].count(2) == 1
    assert poller.offset == 4
