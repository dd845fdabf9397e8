"""What goes by itself when its time is over, and who is erased after long silence. Called by `scheduler`."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.content.library import Library
from bot.database.engine import ERASES, Database
from bot.usecases import circles, failures, handled_updates, hush, notes, taps
from bot.usecases.conversations import clear_abandoned
from bot.usecases.forgetting import forget_left, forget_strangers

log = logging.getLogger(__name__)

CLEAR_AGAIN = timedelta(hours=6)


class Clearing:
    """Clears once in CLEAR_AGAIN. `left_after` and `strangers_after`: when such chats are erased; None: never.

    `may_delete`: whether the clock is sure (`domain.steady_clock`); what is deleted by a wrong one is lost.
    """

    def __init__(
        self,
        *,
        database: Database,
        library: Library,
        counting_key: bytes,
        left_after: timedelta | None,
        strangers_after: timedelta | None,
        may_delete: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._library = library
        self._counting_key = counting_key
        self._left_after = left_after
        self._strangers_after = strangers_after
        self._may_delete = may_delete
        self._cleared_at: datetime | None = None
        self._is_stopping = False

    def stop(self) -> None:
        """Ends after the transaction that is open."""
        self._is_stopping = True

    async def clear(self, now: datetime) -> None:
        """Clears, if the last time is long ago. Raises DATABASE_ERRORS; what is left is cleared the next time."""
        is_recent = self._cleared_at is not None and abs(now - self._cleared_at) < CLEAR_AGAIN
        if is_recent or not self._may_delete():
            return
        async with self._database.write() as session:
            session.info[ERASES] = True
            await clear_abandoned(session, now)
            await taps.clear_old(session, now)
            await circles.clear_over(session, now)
            await hush.clear_over(session, now)
            await failures.clear_old(session, now)
            await handled_updates.clear_old(session, now)
            await handled_updates.clear_turns(session, now)
        await self._repeat(lambda: self._clear_notes(now), "old notes are erased")
        if left_after := self._left_after:
            await self._repeat(
                lambda: forget_left(self._database, now - left_after, self._counting_key),
                "chats that left long ago are erased",
            )
        if strangers_after := self._strangers_after:
            left_out = self._library.left_out_by_itself("private")
            await self._repeat(
                lambda: forget_strangers(self._database, now - strangers_after, left_out),
                "people who only pressed Start are erased",
            )
        self._cleared_at = now

    async def _clear_notes(self, now: datetime) -> int:
        async with self._database.write() as session:
            return await notes.clear_gone(session, now)

    async def _repeat(self, erase: Callable[[], Awaitable[int]], said: str) -> None:
        """Erases a batch at a time until none is left; `said` is logged with how many."""
        count = 0
        while not self._is_stopping and (erased := await erase()):
            count += erased
        if count:
            log.info(said, extra={"count": count})
