"""Counts the calls to Telegram by what became of them: the one place through which all of them go. Made by `app`."""

import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot.domain.histogram import FAST, Histogram

# Looked up once: Python 3.11 takes long for it.
OK, LIMITED, SERVER_ERROR = HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass
class CallCounts:
    """What became of calls since the start. Times are seconds on a monotonic clock; None: never."""

    ok: int = 0
    refused: int = 0  # Telegram's own answer that something is wrong
    limited: int = 0  # 429
    lost: int = 0  # no answer, or none of Telegram's
    seconds: Histogram = field(default_factory=lambda: Histogram(FAST))  # of those that were answered
    answered_at: float | None = None
    ended_at: float | None = None


class CountedRequest(BaseRequest):
    """Passes every call on to another request object, and counts it. `is_shared`: others go on when this is closed."""

    def __init__(self, request: BaseRequest, *, is_shared: bool = False) -> None:
        self.counts = CallCounts()
        self._request = request
        self._is_shared = is_shared

    @property
    def read_timeout(self) -> float | None:
        """The default of the other, in seconds."""
        return self._request.read_timeout

    async def initialize(self) -> None:
        """Opens the other."""
        await self._request.initialize()

    async def shutdown(self) -> None:
        """Closes the other, unless it is shared."""
        if not self._is_shared:
            await self._request.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # Any: PTB's "not given" has no public type
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """PTB calls it for every request. Returns and raises what the other does."""
        began, status = time.monotonic(), 0
        try:
            status, answer = await self._request.do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        finally:
            self._count(url, status, began)
        return status, answer

    def _count(self, url: str, status: int, began: float) -> None:
        counts, now = self.counts, time.monotonic()
        counts.ended_at = now
        if not status or status >= SERVER_ERROR:
            counts.lost += 1
            return
        counts.answered_at = now
        if not url.endswith("/getUpdates"):  # it waits for news on purpose
            counts.seconds.observe(now - began)
        if status == OK:
            counts.ok += 1
        elif status == LIMITED:
            counts.limited += 1
        else:
            counts.refused += 1
