"""Calls at the start, when Telegram may be out of reach for hours. Called by `app` and `commands.run`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.delivery.outcomes import retry_seconds

log = logging.getLogger(__name__)

LONGEST_START_WAIT = 30.0  # seconds between two tries


async def patiently(call: Callable[[], Awaitable[object]], stopping: asyncio.Event) -> None:
    """Until it succeeds or we stop, at once. Raises what waiting does not mend: InvalidToken, BadRequest."""
    wait = 1.0
    while not stopping.is_set():
        try:
            await _unless_stopped(call, stopping)
        except (InvalidToken, BadRequest):
            raise
        except TelegramError as error:
            seconds = retry_seconds(error) if isinstance(error, RetryAfter) else wait
            log.warning("Telegram cannot be reached; trying again", extra={"error": str(error), "seconds": seconds})
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), seconds)
            wait = min(wait * 2, LONGEST_START_WAIT)
        else:
            return


async def _unless_stopped(call: Callable[[], Awaitable[object]], stopping: asyncio.Event) -> None:
    """Lets go of the call when we stop: a Telegram that takes connections and does not answer holds it for a minute."""
    calling = asyncio.ensure_future(call())
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait((calling, stopped), return_when=asyncio.FIRST_COMPLETED)
        if calling.done():
            await calling
    finally:
        calling.cancel()
        stopped.cancel()
        await asyncio.wait((calling, stopped))
