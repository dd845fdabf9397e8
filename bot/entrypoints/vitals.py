"""How the running program is: alive, ready, and its figures. Asked by `http_server`; made by `app`.

Whoever asks often gets what was found within the last second, and all who ask at once share one look: so nobody can
use it to make the program ask Telegram or the database many times.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.database.engine import DATABASE_ERRORS, Database
from bot.delivery.call_counts import CallCounts
from bot.delivery.rate_limits import RateLimiter
from bot.entrypoints.scheduler import Scheduler
from bot.entrypoints.update_queue import UpdateQueue
from bot.usecases.outbox import Outbox
from bot.usecases.vitals import Figures, read_figures

SILENT_AFTER = timedelta(minutes=3)  # without a turn of the clock, or an answer to polling
REMEMBERED_SECONDS = 1.0
DATABASE_SECONDS, TELEGRAM_SECONDS = 2.0, 3.0  # that each may take to answer
HEARD_SECONDS = 45.0  # polling hears of Telegram more often than that

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Looks at most once a second; those who ask meanwhile get the same."""

    def __init__(self, look: Callable[[], Awaitable[Value]]) -> None:
        self._look = look
        self._looking: asyncio.Task[tuple[float, Value]] | None = None

    async def get(self) -> Value:
        """Returns what was found within the last second, or looks. Raises what looking raises."""
        if self._looking is None or self._is_old(self._looking):
            self._looking = asyncio.create_task(self._look_now())
        return (await asyncio.shield(self._looking))[1]  # who asked first may go before the others

    async def _look_now(self) -> tuple[float, Value]:
        value = await self._look()
        return time.monotonic(), value

    def _is_old(self, looking: asyncio.Task[tuple[float, Value]]) -> bool:
        if not looking.done():
            return False
        return looking.exception() is not None or time.monotonic() - looking.result()[0] > REMEMBERED_SECONDS


@dataclass(frozen=True)
class Readiness:
    """What the program needs, in plain words; `missing` is empty where it has all of it."""

    missing: list[str]
    database: str
    telegram: str
    lead: str
    last_look_seconds: float | None  # since it last asked what is due; None where it has not, or another process does

    def body(self) -> dict[str, object]:
        """Returns the JSON of /ready."""
        return {"ok": not self.missing} | {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass
class Vitals:
    """What the other parts know about themselves. `polls`: updates are fetched, not delivered by webhook."""

    bot: Bot
    database: Database
    scheduler: Scheduler
    outbox: Outbox
    calls: CallCounts
    pacer: RateLimiter
    per_second: float  # reminders that are sent at most
    update_queue: UpdateQueue
    clock: Callable[[], datetime]
    polls: bool
    readiness: Remembered[Readiness] = field(init=False)
    figures: Remembered[Figures | None] = field(init=False)

    def __post_init__(self) -> None:
        self.readiness = Remembered(self._look)
        self.figures = Remembered(self._read)

    def is_alive(self) -> bool:
        """Whether the program's loops turn. That the database or Telegram is away is no reason to start it anew."""
        ended_at = self.calls.ended_at
        is_deaf = self.polls and ended_at is not None and time.monotonic() - ended_at > SILENT_AFTER.total_seconds()
        turns = self.scheduler.ticked_at is None or self._is_recent(self.scheduler.ticked_at)  # None: while it starts
        return turns and not is_deaf

    def is_looking(self) -> bool:
        """Whether what is due was asked for lately, by this process or the one that leads."""
        waits = not self.scheduler.leads and self._is_recent(self.scheduler.ticked_at)
        return waits or self._is_recent(self.scheduler.looked_at)

    def _is_recent(self, moment: datetime | None) -> bool:
        return moment is not None and abs(self.clock() - moment) < SILENT_AFTER

    async def _look(self) -> Readiness:
        database, telegram = await asyncio.gather(self._try_database(), self._try_telegram())
        looked_at = self.scheduler.looked_at if self.scheduler.leads else None
        seconds = round((self.clock() - looked_at).total_seconds(), 1) if looked_at else None
        missing = [f"{name}: {state}" for name, state in (("database", database), ("telegram", telegram)) if state]
        if not self.is_looking():
            missing.append("reminders: what is due has not been looked at for three minutes; see the log")
        others = "not known" if database else "another process"
        lead = "this process" if self.scheduler.leads else others
        return Readiness(missing, database or "reachable", telegram or "reachable", lead, seconds)

    async def _try_database(self) -> str:
        """Returns what is wrong; nothing where it answers."""
        return "" if await self.figures.get() else f"gives no answer within {DATABASE_SECONDS:g} seconds, or an error"

    async def _try_telegram(self) -> str:
        answered_at = self.calls.answered_at
        if answered_at and time.monotonic() - answered_at < HEARD_SECONDS and not self._was_lost():
            return ""
        try:
            async with asyncio.timeout(TELEGRAM_SECONDS):
                await self.bot.get_me()
        except InvalidToken:
            return "does not accept BOT_TOKEN"
        except (TelegramError, TimeoutError):
            return f"gives no answer within {TELEGRAM_SECONDS:g} seconds, or an error"
        return ""

    def _was_lost(self) -> bool:
        return self.calls.ended_at != self.calls.answered_at

    async def _read(self) -> Figures | None:
        """Returns the figures of the database; None while it cannot be read."""
        try:
            async with asyncio.timeout(DATABASE_SECONDS), self.database.read() as session:
                return await read_figures(session, self.clock())
        except (*DATABASE_ERRORS, TimeoutError):
            return None
