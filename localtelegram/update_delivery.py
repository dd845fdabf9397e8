"""Delivers the updates that wait in the bots' queues, into this process or to a webhook. Those of one chat go in order.

A bot that polls fetches its updates itself (`state/updates.py`).
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from localtelegram.answers import Json
from localtelegram.state.accounts import BotAccount
from localtelegram.state.network import Deliver
from localtelegram.state.updates import WaitingUpdate
from localtelegram.state.webhook import Webhook

log = logging.getLogger(__name__)

_ANSWERED_WITHIN = aiohttp.ClientTimeout(total=60)
_LONGEST_WAIT = 60.0  # seconds between two attempts
_MOST_DOUBLINGS = 6  # of the wait: more change nothing
_LONGEST_ASKED = 3600.0  # seconds that a `Retry-After` of the bot is honoured
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

Sleep = Callable[[float], Awaitable[None]]
Execute = Callable[[str, Json], Awaitable[object]]
Carry = Callable[[BotAccount, Json], Awaitable[None]]


class UpdateDelivery:
    """One task a chat of a bot delivers its updates, one after the other.

    `execute` runs the method that a webhook's answer names; `sleep` waits between two attempts of a webhook.
    """

    def __init__(
        self,
        bots: Callable[[], list[BotAccount]],
        clock: Callable[[], datetime],
        execute: Callable[[BotAccount, str, Json], Awaitable[None]],
    ) -> None:
        self._bots = bots
        self._clock = clock
        self._execute = execute
        self.sleep: Sleep = asyncio.sleep
        self._lanes: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._failures: list[Exception] = []
        self.deliver: Deliver | None = None

    def notice(self, bot: BotAccount) -> None:
        """Starts to deliver what waits for this bot, after each new update; does nothing where no loop is running."""
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
                await WebhookPoster(bot.webhook, self._clock, execute, self.sleep).carry(update)

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


@dataclass
class WebhookPoster:
    """Posts one update until the bot takes it, as patiently as Telegram does.

    `sleep` waits between two attempts; `execute` runs the method that the bot's answer may name.
    """

    webhook: Webhook
    clock: Callable[[], datetime]
    execute: Execute
    sleep: Sleep = asyncio.sleep

    async def carry(self, update: Json) -> None:
        """Returns when the bot took the update. Repeats at once, then after 2, 4, ... 60 seconds."""
        attempt = 0
        while (wait := await self._post(update)) is not None:
            backoff = 0.0 if attempt == 0 else min(2.0 ** min(attempt, _MOST_DOUBLINGS), _LONGEST_WAIT)
            await self.sleep(max(wait, backoff))
            attempt += 1

    async def _post(self, update: Json) -> float | None:
        """None where the bot took the update; else the seconds that it asks to wait."""
        headers = {_SECRET_HEADER: self.webhook.secret} if self.webhook.secret else {}
        try:
            async with (
                aiohttp.ClientSession(timeout=_ANSWERED_WITHIN) as session,
                session.post(self.webhook.url, json=update, headers=headers, allow_redirects=False) as answer,
            ):
                if 200 <= answer.status < 300:
                    await self._run(await answer.text())
                    return None
                self._fail(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return _asked_seconds(answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            self._fail(f"Connection failed: {type(failure).__name__}")
            return 0.0

    async def _run(self, body: str) -> None:
        """Runs the method that a 2xx answer may name. Its result is lost, as at Telegram."""
        try:
            call = json.loads(body)
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            await self.execute(call.pop("method"), call)

    def _fail(self, reason: str) -> None:
        self.webhook.last_error_at, self.webhook.last_error = self.clock(), reason
        log.info("webhook: %s", reason)


def _asked_seconds(header: str) -> float:
    return min(float(header), _LONGEST_ASKED) if header.isdigit() else 0.0
