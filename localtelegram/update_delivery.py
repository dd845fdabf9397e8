"""Carries updates out of the queues, into this process or to a webhook; updates of one chat go in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from localtelegram.state.accounts import BotAccount
from localtelegram.state.network import Deliver
from localtelegram.state.refusal import Json
from localtelegram.state.updates import WaitingUpdate
from localtelegram.state.webhook import Pause, WebhookPoster

log = logging.getLogger(__name__)

Carry = Callable[[BotAccount, Json], Awaitable[None]]


class Courier:
    """`execute` runs the method that a webhook's answer names; `pause` waits between a webhook's attempts."""

    def __init__(
        self,
        bots: Callable[[], list[BotAccount]],
        clock: Callable[[], datetime],
        execute: Callable[[BotAccount, str, Json], Awaitable[None]],
    ) -> None:
        self._bots = bots
        self._clock = clock
        self._execute = execute
        self.pause: Pause = asyncio.sleep
        self._lanes: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._failures: list[Exception] = []
        self.deliver: Deliver | None = None

    def notice(self, bot: BotAccount) -> None:
        """Sets out with what waits for this bot; called for each new update, needs no running loop to be harmless."""
        carry = self._carrier(bot)
        if carry is None or not _is_loop_running():
            return
        for key in {waiting.chat_key for waiting in bot.updates.waiting}:
            lane = (bot.id, key)
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(self._walk(lane, bot, carry))

    async def settled(self) -> None:
        """Returns when `deliver` has taken each update; raises what it raised. Webhooks are not waited for."""
        if self.deliver is None:
            return
        for bot in self._bots():
            self.notice(bot)
        while self._lanes:
            await asyncio.gather(*self._lanes.values())
        failures, self._failures = self._failures, []
        if len(failures) > 1:
            raise ExceptionGroup("several updates were not taken", failures)
        if failures:
            raise failures[0]

    async def stop(self) -> None:
        lanes = list(self._lanes.values())
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        self._lanes.clear()  # a task that was ended before it began leaves its place behind

    def stop_webhook(self, bot: BotAccount) -> None:
        for lane in [lane for lane in self._lanes if lane[0] == bot.id]:
            self._lanes.pop(lane).cancel()

    def _carrier(self, bot: BotAccount) -> Carry | None:
        if self.deliver is not None:
            return self._into_process
        return self._to_webhook if bot.webhook else None

    async def _into_process(self, bot: BotAccount, update: Json) -> None:
        if self.deliver is not None:
            await self.deliver(update)

    async def _to_webhook(self, bot: BotAccount, update: Json) -> None:
        async def execute(method: str, params: Json) -> None:
            await self._execute(bot, method, params)

        if bot.webhook:
            async with bot.webhook.connections:
                await WebhookPoster(bot.webhook, self._clock, execute, self.pause).carry(update)

    async def _walk(self, lane: tuple[int, int], bot: BotAccount, carry: Carry) -> None:
        try:
            while (waiting := _first(bot, lane[1])) is not None:
                await self._take(bot, waiting, carry)
        finally:
            if self._lanes.get(lane) is asyncio.current_task():
                del self._lanes[lane]

    async def _take(self, bot: BotAccount, waiting: WaitingUpdate, carry: Carry) -> None:
        try:
            await carry(bot, waiting.update)
        except Exception as failure:
            log.exception("update %s was not taken", waiting.id)
            self._failures.append(failure)
        bot.updates.take(waiting)


def _first(bot: BotAccount, chat_key: int) -> WaitingUpdate | None:
    return next((waiting for waiting in bot.updates.waiting if waiting.chat_key == chat_key), None)


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
