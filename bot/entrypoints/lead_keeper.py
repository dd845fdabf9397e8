"""Keeps the sending lead while the program runs, or waits for it. Called by `scheduler`."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.lead import RENEW_SECONDS, Lead
from bot.usecases.claims import take_over

log = logging.getLogger(__name__)


class LeadKeeper:
    """Takes the lead, and renews a lease again and again whatever else is done. `taken` is called for a new lead."""

    def __init__(
        self, database: Database, lead: Lead, clock: Callable[[], datetime], taken: Callable[[], None]
    ) -> None:
        self._database = database
        self._lead = lead
        self._clock = clock
        self._taken = taken
        self._had_it = False
        self._term = 0  # whose claims were taken over
        self._taking = asyncio.Lock()
        self._keeping: asyncio.Task[None] | None = None

    @property
    def has_it(self) -> bool:
        """Whether this process may send now; asks nobody."""
        return self._had_it and self._lead.is_held()

    async def take(self) -> bool:
        """Returns whether this process has the lead. A new lead takes over the claims of the process before it.

        Who has it again, and nobody had it in between, keeps its own claims: it still knows what it has sent of them.
        """
        async with self._taking:
            had_it = self._had_it
            try:
                has_it = await self._lead.take()
            except Exception:
                self._had_it = False
                raise
            if has_it and self._lead.term != self._term:
                self._had_it = False  # until it has taken over what the one before it has left
                await take_over(self._database, self._clock())
                self._term = self._lead.term
            self._had_it = has_it
            if has_it and not had_it:
                self._taken()
            if self._had_it != had_it and self._lead.is_leased:
                log.info("this process sends now" if self._had_it else "another process sends; this one waits")
            return self._had_it

    def start(self) -> None:
        """From now on a lease is renewed, or taken when it is free."""
        if self._lead.is_leased and self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Gives the lead up, so that another process need not wait."""
        if self._keeping:
            self._keeping.cancel()
        await self._lead.release()

    async def _keep(self) -> None:
        while True:
            try:
                await self.take()
            except DATABASE_ERRORS as error:  # the lease ends by itself, and nothing is sent then
                log.warning("the lead cannot be renewed", extra={"error": type(error).__name__})
            await asyncio.sleep(RENEW_SECONDS)
