"""Leader election: which process sends, one at a time. Called by `lead_keeper`, and by `copies` before a restore.

SQLite: a lock on the file `<database>.lock`, which ends with the process, however it ends. PostgreSQL: a row with a
lease, renewed four times a second. A lock of the server's (pg_advisory_lock) would stay behind in a pool that hands out
connections by the transaction, and with a process that hangs; a lease ends by itself.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import IO

from sqlalchemy import text

from bot.database.engine import NEWEST_REVISION, Database
from bot.database.file_lock import try_to_lock
from bot.database.private_files import opener

LEASE_SECONDS = 2.0
RENEW_SECONDS = 0.25
MOST_OF_IT = 0.9  # a keeper that renews in time asks itself
# One statement, so that of two processes one gets it; by the database's clock, because those of machines differ.
TAKE = text(
    "INSERT INTO leads (name, holder, term, ends_at) VALUES ('sending', :me, 1, clock_timestamp() + :lease * "
    "interval '1 second') ON CONFLICT (name) DO UPDATE SET holder = :me, ends_at = clock_timestamp() + :lease * "
    "interval '1 second', term = leads.term + CASE WHEN leads.holder = :me THEN 0 ELSE 1 END "
    "WHERE leads.holder = :me OR leads.ends_at < clock_timestamp() RETURNING term"
)
GIVE_UP = text("UPDATE leads SET ends_at = clock_timestamp() WHERE name = 'sending' AND holder = :me")


class Lead:
    """The sending lead, or the wish for it."""

    def __init__(self, database: Database, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._seconds = seconds
        self._file: IO[str] | None = None
        self._me = secrets.token_hex(8)
        self.term = 0  # another number whenever another process may have had the lead in between
        self._held_until: float | None = None  # by this process's own clock that only goes forward

    @property
    def is_leased(self) -> bool:
        """Whether it ends by itself, and has to be taken again each RENEW_SECONDS."""
        return not self._database.is_sqlite

    def is_held(self) -> bool:
        """Whether this process may send now; asks nobody. One that hung longer than its lease may not."""
        return not self.is_leased or (self._held_until is not None and self._seconds() < self._held_until)

    async def take(self) -> bool:
        """Takes the lead if it is free, or renews it; returns whether this process has it. Cheap to call often."""
        return await self._take_lease() if self.is_leased else self._take_file()

    async def release(self) -> None:
        """Gives the lead up, if this process has it, so that the next one need not wait."""
        if self._file:
            self._file.close()
            self._file = None
        if self._held_until is not None:
            self._held_until = None
            async with self._database.write() as session:
                await session.execute(GIVE_UP, {"me": self._me})

    def _take_file(self) -> bool:
        if self._file:
            return True
        if not self._database.url.database:  # in memory, of nobody else
            self.term = 1
            return True
        path = f"{self._database.url.database}.lock"
        file = open(path, "w", encoding="utf-8", opener=opener)  # noqa: SIM115 - held as long as the lead is
        if not try_to_lock(file):
            file.close()
            return False
        self._file, self.term = file, self.term + 1
        return True

    async def _take_lease(self) -> bool:
        asked_at = self._seconds()  # the lease begins later than this, so that it never ends before we think so
        async with self._database.write() as session:
            term = await session.scalar(TAKE, {"me": self._me, "lease": LEASE_SECONDS})
        self.term = self.term if term is None else term
        self._held_until = None if term is None else asked_at + LEASE_SECONDS
        return self.is_held()


class SharedLead(Lead):
    """One lease for several bots on one PostgreSQL database: one of them asks, and the others hear what it heard."""

    def __init__(self, database: Database, *, seconds: Callable[[], float] = time.monotonic) -> None:
        super().__init__(database, seconds=seconds)
        self._asking = asyncio.Lock()
        self._asked_at: float | None = None

    async def take(self) -> bool:
        """Asks if nobody has within RENEW_SECONDS; returns whether this process has the lead."""
        async with self._asking:
            now = self._seconds()
            if self._asked_at is None or now - self._asked_at >= RENEW_SECONDS * MOST_OF_IT:
                await super().take()
                self._asked_at = now
            return self.is_held()

    async def release(self) -> None:
        """One bot that stops leaves the lead to the others."""

    async def give_up(self) -> None:
        """All of them have stopped."""
        await super().release()


async def is_taken(database: Database) -> bool:
    """Whether some process sends for this database: the lead is taken for a moment, and given back."""
    lead = Lead(database)
    is_free = await lead.take()
    await lead.release()
    return not is_free


async def is_taken_for_all(database: Database) -> bool:
    """Whether a program with several bots sends on the database that this one is a schema of."""
    if database.schema is None:
        return False
    whole = database.whole()
    try:
        return await whole.revision() == NEWEST_REVISION and await is_taken(whole)
    finally:
        await whole.close()
