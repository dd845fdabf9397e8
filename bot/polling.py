"""Updates by long polling. An update is confirmed only after it was handled: a kill in between loses nothing."""

import asyncio
import logging

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.inbox import Inbox
from bot.pacer import retry_seconds

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
POLL_SECONDS = 30
CONFLICT_SECONDS = 5.0  # another process polls with our token; both trying hard would only throw each other out
LONGEST_WAIT = 30.0


async def poll(bot: Bot, inbox: Inbox, stopping: asyncio.Event) -> None:
    """Until `stopping` is set. Raises InvalidToken when Telegram does not know the token (any more)."""
    offset, wait = 0, 0.0
    while not stopping.is_set():
        polling = asyncio.create_task(_poll_once(bot, inbox, offset))
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait([polling, stop], return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not polling.done():
            polling.cancel()
            break
        try:
            offset, wait = polling.result(), 0.0
        except InvalidToken:
            raise
        except TelegramError as error:
            wait = _wait_after(error, wait)
            log.warning("cannot get updates; trying again", extra={"error": str(error), "seconds": wait})
        if wait:
            await _sleep(wait, stopping)
    if offset:
        await _confirm(bot, offset)


async def _poll_once(bot: Bot, inbox: Inbox, offset: int) -> int:
    updates = await bot.get_updates(
        offset=offset,
        timeout=POLL_SECONDS,
        read_timeout=POLL_SECONDS + 10,
        allowed_updates=ALLOWED_UPDATES,
    )
    if not updates:
        return offset
    await asyncio.gather(*(inbox.take(update) for update in updates))
    return updates[-1].update_id + 1


async def _confirm(bot: Bot, offset: int) -> None:
    """The last ones were handled: say so, or they would come again after the restart."""
    try:
        await bot.get_updates(offset=offset, timeout=0, limit=1, read_timeout=1, allowed_updates=ALLOWED_UPDATES)
    except TelegramError as error:
        log.warning("cannot confirm the last updates; they will come once more", extra={"error": str(error)})


def _wait_after(error: TelegramError, last: float) -> float:
    if isinstance(error, RetryAfter):
        return retry_seconds(error)
    if isinstance(error, Conflict):
        return CONFLICT_SECONDS
    return min(max(1.0, last * 2), LONGEST_WAIT)


async def _sleep(seconds: float, stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
