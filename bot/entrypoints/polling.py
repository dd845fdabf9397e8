"""Gets updates by long polling. An update is confirmed after it was handled, so that a crash loses none.

A slow update does not hold others up: polling goes on from the oldest unhandled update, and
those that Telegram repeats are recognized. After any trouble it asks often, with short questions: somebody may be
waiting for /support.
"""

import asyncio
import logging
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.delivery.outcomes import retry_seconds
from bot.delivery.token_check import is_refused, says_unauthorized
from bot.entrypoints.raw_updates import ALLOWED_UPDATES
from bot.entrypoints.update_queue import TooManyUpdatesError, UpdateQueue

log = logging.getLogger(__name__)

SHORTEST_HOLD, LONGEST_HOLD = 1, 10  # seconds that Telegram may wait for news before it answers that there are none
SHORTEST_GRACE, LONGEST_GRACE = 2.0, 16.0  # seconds beyond that, after which the answer is taken for lost
GRACE_WITHOUT_HOLD = 0.5  # of that: what is there already comes at once
BATCH = 100  # updates that Telegram hands over at most: from the oldest one that is not confirmed
BATCH_SECONDS = 0.3  # that a batch may take before the next one is fetched
FULL_SECONDS = 1.0  # until an update is tried again that could not be held in memory
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 0.75  # seconds before it asks again, whatever went wrong
STOP_UPDATES_SECONDS = 2.0  # that a stop waits for updates that are being handled
CONFIRM_SECONDS = 1.0  # and for Telegram to hear which were: service managers kill after ten seconds

RawUpdate = dict[str, Any]  # Any: JSON as Telegram sends it


async def poll(bot: Bot, update_queue: UpdateQueue, stopping: asyncio.Event) -> None:
    """Polls until `stopping` is set. Raises InvalidToken when Telegram refuses the token; retries all other errors.

    A token is refused when Telegram says so several times in a row.
    """
    poller = Poller(bot, update_queue)
    wait = 0.0
    while not stopping.is_set():
        fetching = asyncio.create_task(poller.fetch())
        await _first(fetching, stopping)
        if not fetching.done():
            fetching.cancel()
            break
        try:
            poller.hand_over(fetching.result())
            wait = 0.0
        except InvalidToken as error:
            if says_unauthorized(error) and await is_refused(bot):
                raise
            wait = _wait_after(error, wait)
            log.warning("the token was refused for a moment; trying again", extra={"seconds": wait})
            await _sleep(wait, stopping)
        except TelegramError as error:
            wait = _wait_after(error, wait)
            log.warning("cannot get updates; trying again", extra={"error": str(error), "seconds": wait})
            await _sleep(wait, stopping)
        await poller.make_room(BATCH_SECONDS)
    await poller.settle(STOP_UPDATES_SECONDS)
    await poller.confirm()


class Poller:
    """Fetches updates, and knows which of them are being handled."""

    def __init__(self, bot: Bot, update_queue: UpdateQueue) -> None:
        self._bot = bot
        self._update_queue = update_queue
        self._next = 0
        self._is_more = False  # Telegram has more than it has handed over
        self._hold, self._grace = SHORTEST_HOLD, SHORTEST_GRACE
        self._handling: dict[int, asyncio.Task[None]] = {}
        self._without_room: set[int] = set()  # those of them that wait until fewer are handled

    @property
    def offset(self) -> int:
        """The first update id that is not handled; all lower ones are."""
        return min((number for number in self._handling if number < self._next), default=self._next)

    async def fetch(self) -> list[RawUpdate]:
        """Returns raw updates, so that an unreadable one does not lose the others of its batch.

        Raises TelegramError. A slow line gets more and more time; after any trouble Telegram is asked for what is there
        already, so that a question that hangs is soon known.
        """
        hold = 0 if self._handling else self._hold
        try:
            async with asyncio.timeout(hold + self._grace if hold else self._grace * GRACE_WITHOUT_HOLD):
                updates = await self._get_updates(self.offset, hold=hold, limit=BATCH)
        except TimeoutError:
            if not self._hold:  # a question that Telegram might have held says little about the line
                self._grace = min(self._grace * 2, LONGEST_GRACE)
            self._hold = 0
            raise TimedOut("no answer in time") from None
        except TelegramError:
            self._hold = 0
            raise
        self._hold = min(max(self._hold * 2, SHORTEST_HOLD), LONGEST_HOLD)
        self._grace = max(self._grace / 2, SHORTEST_GRACE)
        return updates

    def hand_over(self, updates: list[RawUpdate]) -> None:
        """Starts to handle the updates that are not being handled already."""
        self._is_more = len(updates) >= BATCH
        self._begin_anew(updates)
        for update in updates:
            number = update.get("update_id") if isinstance(update, dict) else None
            if not isinstance(number, int):
                log.warning("an update without a number was left out")
                continue
            self._next = max(self._next, number + 1)
            if number not in self._handling:
                self._handling[number] = asyncio.create_task(self._take(update))

    def _begin_anew(self, updates: list[RawUpdate]) -> None:
        """Follows ids that are lower than all so far: those after a week without updates, or of another server.

        No server hands over what is before the offset it was asked for, except that it passes over an offset which is
        beyond its newest update. Then that one confirms nothing, and the same updates would come for ever.
        https://core.telegram.org/bots/api#update says that ids are chosen at random after a quiet week.
        """
        numbers = [update.get("update_id") for update in updates if isinstance(update, dict)]
        highest = max((number for number in numbers if isinstance(number, int)), default=self.offset)
        if highest < self.offset:
            log.info("the numbers of updates begin anew", extra={"last": self._next - 1, "now": highest})
            self._next = 0

    async def _take(self, update: RawUpdate) -> None:
        """Handles it as soon as there is room: until then it is not confirmed."""
        while True:
            try:
                await self._update_queue.take_raw(update, self._bot)
            except TooManyUpdatesError:
                if not self._without_room:
                    log.error("updates have to wait: too many are handled", extra={"update": update["update_id"]})
                self._without_room.add(update["update_id"])
                await asyncio.sleep(FULL_SECONDS)
            else:
                self._without_room.discard(update["update_id"])
                return

    async def make_room(self, seconds: float) -> None:
        """Waits for updates that are being handled, `seconds` at most; where more wait, only for the older half."""
        newer = self._next - BATCH // 2 if self._is_more else self._next
        await self._wait_for([task for number, task in self._handling.items() if number < newer], seconds)

    async def settle(self, seconds: float) -> None:
        """Waits for updates that are being handled, `seconds` at most."""
        await self._wait_for(list(self._handling.values()), seconds)

    async def _wait_for(self, tasks: list[asyncio.Task[None]], seconds: float) -> None:
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        self._handling = {number: task for number, task in self._handling.items() if not task.done()}

    async def confirm(self) -> None:
        """Confirms the handled updates, which Telegram would otherwise repeat after the restart."""
        if not self.offset:
            return
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self._get_updates(self.offset, hold=0, limit=1)
        except (TelegramError, TimeoutError) as error:
            log.warning("cannot confirm the last updates; they will come once more", extra={"error": str(error)})

    async def _get_updates(self, offset: int, *, hold: int, limit: int) -> list[RawUpdate]:
        payload = {"offset": offset, "timeout": hold, "limit": limit, "allowed_updates": list(ALLOWED_UPDATES)}
        data = RequestData([RequestParameter(name, value, None) for name, value in payload.items()])
        url = f"{self._bot.base_url}/getUpdates"
        updates = await self._bot.request.post(url, data, read_timeout=hold + 10)
        return updates if isinstance(updates, list) else []


async def _first(task: asyncio.Task[list[RawUpdate]], stopping: asyncio.Event) -> None:
    """Waits for the task or for a stop."""
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()


def _wait_after(error: TelegramError, last: float) -> float:
    if isinstance(error, RetryAfter):
        return retry_seconds(error)
    return min(max(SHORTEST_PAUSE, last * 2), LONGEST_PAUSE)


async def _sleep(seconds: float, stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
