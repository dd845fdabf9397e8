"""A bot's webhook: posts one update until it is taken, as patiently as Telegram does; `Courier` keeps the order."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from localtelegram.state.refusal import Json

log = logging.getLogger(__name__)

_ANSWERED_WITHIN = aiohttp.ClientTimeout(total=60)
_LONGEST_PAUSE = 60.0  # seconds between two attempts
_LONGEST_ASKED = 3600.0  # seconds that a `Retry-After` of the bot is honoured
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

Pause = Callable[[float], Awaitable[None]]
Execute = Callable[[str, Json], Awaitable[object]]


@dataclass
class Webhook:
    url: str
    secret: str
    set_at: datetime
    max_connections: int
    last_error_at: datetime | None = None
    last_error: str = ""
    connections: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.connections = asyncio.Semaphore(self.max_connections)

    def info(self) -> Json:
        info: Json = {"max_connections": self.max_connections}
        if self.last_error_at:
            info |= {"last_error_date": int(self.last_error_at.timestamp()), "last_error_message": self.last_error}
        return info


@dataclass
class WebhookPoster:
    """`pause` waits between two attempts, `execute` runs the method that a bot's answer may name."""

    webhook: Webhook
    clock: Callable[[], datetime]
    execute: Execute
    pause: Pause = asyncio.sleep

    async def carry(self, update: Json) -> None:
        """Returns when the update was taken; repeats at once, then after 2, 4, .. 60 seconds."""
        attempt = 0
        while (wait := await self._post(update)) is not None:
            backoff = 0.0 if attempt == 0 else min(2.0**attempt, _LONGEST_PAUSE)
            await self.pause(max(wait, backoff))
            attempt += 1

    async def _post(self, update: Json) -> float | None:
        """None where the bot took it; otherwise how long it asks to wait."""
        headers = {_SECRET_HEADER: self.webhook.secret} if self.webhook.secret else {}
        try:
            async with (
                aiohttp.ClientSession(timeout=_ANSWERED_WITHIN) as session,
                session.post(self.webhook.url, json=update, headers=headers) as answer,
            ):
                if 200 <= answer.status < 300:
                    await self._run(await answer.text())
                    return None
                self._fail(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return _asked(answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            self._fail(f"Connection failed: {type(failure).__name__}")
            return 0.0

    async def _run(self, body: str) -> None:
        """A 2xx answer may name a method; its result is lost, as at Telegram."""
        try:
            call = json.loads(body)
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            await self.execute(call.pop("method"), call)

    def _fail(self, reason: str) -> None:
        self.webhook.last_error_at, self.webhook.last_error = self.clock(), reason
        log.info("webhook: %s", reason)


def _asked(header: str) -> float:
    return min(float(header), _LONGEST_ASKED) if header.isdigit() else 0.0
