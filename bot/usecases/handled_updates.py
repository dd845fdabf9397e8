"""Deduplication: updates that have had their effect and their answer have no second one after a restart.

Called by `app`, and by `chat_turns` for what other processes have handled.

Only their numbers are stored, for as long as Telegram may deliver them again, and only of those that wrote something;
on PostgreSQL, where several processes may get the same one, the others for a while as well.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.models import ChatTurnRow, HandledUpdate
from bot.database.prepared import inserting

log = logging.getLogger(__name__)

KEEP = timedelta(days=2)  # Telegram keeps updates for one
KEEP_BRIEFLY = timedelta(minutes=10)  # those that wrote nothing, where several processes have to know
MOST_RECENT = 4096  # that are looked at after a restart

_INSERT = inserting(HandledUpdate.update_id, HandledUpdate.handled_at)


class HandledUpdates:
    """Those of one process. Those that wait for each other are stored together: who waits finds itself stored."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unstored: list[tuple[int, datetime]] = []
        self._storing = asyncio.Lock()

    async def remember(self, update_id: int, now: datetime) -> None:
        """Stores that this update was handled. Safe to call twice: unique on its number."""
        self._unstored.append((update_id, now))
        async with self._storing:
            rows, self._unstored = self._unstored, []
            if not rows:
                return
            try:
                await self._database.write_at_once(lambda connection: _INSERT.run(connection, self._database, rows))
            except DATABASE_ERRORS:
                log.exception("an update may be handled again after a restart: the database cannot be used")
            except asyncio.CancelledError:
                self._unstored = rows + self._unstored  # of the others, who wait
                raise


def briefly(now: datetime) -> datetime:
    """Returns the time to store with an update that wrote nothing: it is cleared long before those that did."""
    return now - KEEP + KEEP_BRIEFLY


async def recent(database: Database) -> Sequence[int]:
    """Returns the numbers of the latest ones, the latest last."""
    query = select(HandledUpdate.update_id).order_by(HandledUpdate.handled_at.desc(), HandledUpdate.update_id.desc())
    async with database.read() as session:
        return (await session.scalars(query.limit(MOST_RECENT))).all()[::-1]


async def clear_old(session: AsyncSession, now: datetime) -> None:
    """Deletes those that Telegram does not deliver any more."""
    await session.execute(delete(HandledUpdate).where(HandledUpdate.handled_at < now - KEEP))


async def clear_turns(session: AsyncSession, now: datetime) -> None:
    """Deletes turns of chats that a process left behind when it died."""
    await session.execute(delete(ChatTurnRow).where(ChatTurnRow.ends_at < now - KEEP_BRIEFLY))
