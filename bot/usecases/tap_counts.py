"""Keeps the counts on buttons up to date: the first tap at once, then one edit per chat every few seconds.

However many people tap, the last edit shows the right number: the database holds what is not shown yet, and the next
look finds it, after a restart too. Handlers call `changed`, `scheduler` the rest.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.content.library import Library
from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.values import FailedWork
from bot.delivery.outcomes import Broken, Outcome, RetryLater, Sent, TokenRefusedError
from bot.delivery.rate_limits import RateLimiter
from bot.delivery.sending import Sender
from bot.domain.ids import TelegramId
from bot.screens.callback_data import TAP
from bot.screens.taps import rows_under
from bot.usecases import failures
from bot.usecases.taps import SHOWN_EVERY, Unshown, chats_with_unshown, mark_shown, take_unshown

log = logging.getLogger(__name__)

STOP_EDITS_SECONDS = 0.5  # a stop waits this long for an edit; what it cuts off is shown after the next start
RETRY_EDIT_SECONDS = 10.0  # when Telegram cannot be reached
MAX_EDITS_AT_ONCE = 20  # chats at once


class TapCounts:
    """Keeps the buttons of posts at their counts. `seconds` is a clock that only goes forward."""

    def __init__(
        self,
        *,
        database: Database,
        library: Library,
        sender: Sender,
        pacer: RateLimiter,
        clock: Callable[[], datetime],
        seconds: Callable[[], float],
    ) -> None:
        self._database = database
        self._library = library
        self._sender = sender
        self._pacer = pacer
        self._clock = clock
        self._seconds = seconds
        self._due: dict[TelegramId, float] = {}  # when to look at which chat again, in `seconds`
        self._showing: dict[TelegramId, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(MAX_EDITS_AT_ONCE)
        self._is_stopped = False

    def changed(self, telegram_id: TelegramId) -> None:
        """Looks soon at a chat in which a count may have changed."""
        self._due.setdefault(telegram_id, self._seconds())
        self._start(telegram_id)

    def show_due(self) -> None:
        """Starts the edits that have waited long enough. It reads the database only for chats that have changed."""
        for telegram_id in list(self._due):
            self._start(telegram_id)

    async def pick_up(self) -> None:
        """Looks at all chats with a count that is not shown: another process, or this one before a restart, left it."""
        for telegram_id in await chats_with_unshown(self._database):
            self.changed(telegram_id)

    def stop(self) -> None:
        """Starts nothing new."""
        self._is_stopped = True

    async def settle(self) -> None:
        """Waits until no edit is in flight; after a stop for STOP_EDITS_SECONDS at most."""
        while self._showing:
            timeout = STOP_EDITS_SECONDS if self._is_stopped else None
            _, late = await asyncio.wait(self._showing.values(), timeout=timeout)
            for task in late:
                task.cancel()

    def _start(self, telegram_id: TelegramId) -> None:
        if self._is_stopped or telegram_id in self._showing or self._due[telegram_id] > self._seconds():
            return
        # Removed before it looks: a tap from now on adds it again.
        del self._due[telegram_id]
        task = asyncio.create_task(self._look(telegram_id))
        self._showing[telegram_id] = task
        task.add_done_callback(lambda _: self._ended(telegram_id))

    def _ended(self, telegram_id: TelegramId) -> None:
        del self._showing[telegram_id]
        if telegram_id in self._due:
            self._start(telegram_id)

    async def _look(self, telegram_id: TelegramId) -> None:
        try:
            async with self._slots:
                wait = await self._show_one(telegram_id)
        except DATABASE_ERRORS:
            log.exception("the database cannot be used; a count is shown later")
            wait = RETRY_EDIT_SECONDS
        except Exception:  # one chat must not keep the others from being shown
            log.exception("a count could not be shown")
            wait = RETRY_EDIT_SECONDS
        if wait is not None:
            self._due[telegram_id] = self._seconds() + wait

    async def _show_one(self, telegram_id: TelegramId) -> float | None:
        """Returns the seconds until the next look; None if every button shows its count."""
        async with self._database.write() as session:
            taken = await take_unshown(session, telegram_id, self._clock())
        if taken is None:
            return None
        if not isinstance(taken, Unshown):
            return taken.total_seconds()
        if (wait := self._pacer.wait_for_reply(telegram_id)) > 0:
            return wait
        outcome = await self._show(telegram_id, taken)
        if isinstance(outcome, Broken):
            async with self._database.write() as session:
                if not await failures.record(session, FailedWork.COUNT, taken.post_id, outcome.error, self._clock()):
                    return RETRY_EDIT_SECONDS
                await mark_shown(session, taken)
            return SHOWN_EVERY.total_seconds()
        if isinstance(outcome, RetryLater):
            if outcome.is_asked:
                self._pacer.refuse(telegram_id, outcome.seconds)
            return max(outcome.seconds, SHOWN_EVERY.total_seconds()) if outcome.is_asked else RETRY_EDIT_SECONDS
        if not isinstance(outcome, Sent):  # it shows this already, or it is gone
            log.info("a count was not shown", extra={"post": taken.post_id, "outcome": str(outcome)})
        async with self._database.write() as session:
            await mark_shown(session, taken)
        return SHOWN_EVERY.total_seconds()

    async def _show(self, telegram_id: TelegramId, post: Unshown) -> Outcome:
        try:
            interface = self._library.of_practice(post.practice).of(post.language).interface
            rows = rows_under(interface, TAP.build(post.kind), self._sender.username, post.count)
            return await self._sender.change_buttons(telegram_id, post.message_id, rows)
        except TokenRefusedError as error:  # who sends a message next ends the program; the count is shown after that
            return RetryLater(RETRY_EDIT_SECONDS, is_asked=False, error=str(error))
        except Exception as error:  # one post's own
            return Broken(error)
