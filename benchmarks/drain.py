"""The task of every contender: send so many messages, all due at one moment, to one Bot API.

Standard library only: the aiogram contender reads it too, in an environment without the bot's packages.
"""

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

TOKEN = "123456:loopback-only-loopback-only-loopback"
TEXT = "Your tears are human, and you don't have to apologize for them. There is room for this, here and today."
BUTTONS = ("I need a minute", "Go on")  # under each step of an answer to a tap
STEPS = 6  # that a tap leads through
FIRST_CHAT_ID = 1_000_001
LOOK_SECONDS = 1.0  # how often a loop looks for what is due
OVERSLEPT_SECONDS = 0.05  # that a pace makes up for


@dataclass(frozen=True)
class Drain:
    """What a contender has to do, and where."""

    api_url: str
    count: int
    due_at: float
    """Unix time, on a whole second."""
    folder: Path
    """A place for a contender's database; it is gone after the run."""
    store_url: str = ""
    """A PostgreSQL or Redis server of the run's own; empty: SQLite in the folder."""
    per_second: float | None = None
    """What Telegram takes in a second; None: as much as it is given."""

    def to_environment(self) -> dict[str, str]:
        return {
            "DRAIN_API_URL": self.api_url,
            "DRAIN_COUNT": str(self.count),
            "DRAIN_DUE_AT": str(self.due_at),
            "DRAIN_FOLDER": str(self.folder),
            "DRAIN_STORE_URL": self.store_url,
            "DRAIN_PER_SECOND": str(self.per_second or ""),
        }

    @classmethod
    def from_environment(cls) -> Self:
        return cls(
            api_url=os.environ["DRAIN_API_URL"],
            count=int(os.environ["DRAIN_COUNT"]),
            due_at=float(os.environ["DRAIN_DUE_AT"]),
            folder=Path(os.environ["DRAIN_FOLDER"]),
            store_url=os.environ["DRAIN_STORE_URL"],
            per_second=float(os.environ["DRAIN_PER_SECOND"] or 0) or None,
        )

    @property
    def chat_ids(self) -> range:
        return range(FIRST_CHAT_ID, FIRST_CHAT_ID + self.count)

    @property
    def due_datetime(self) -> datetime:
        return datetime.fromtimestamp(self.due_at, UTC)

    async def wait_for_next_look(self) -> None:
        """Sleeps a second, and not beyond the moment at which everything is due."""
        wait = self.due_at - time.time()
        await asyncio.sleep(wait if 0 < wait < LOOK_SECONDS else LOOK_SECONDS)


class Pace:
    """Keeps the limit as a plain loop does: one start each so many seconds, without saving up."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._next_at = 0.0

    async def wait(self) -> None:
        """Returns when the next message may start."""
        if not self._interval:
            return
        now = time.monotonic()
        self._next_at = max(self._next_at, now - OVERSLEPT_SECONDS) + self._interval
        await asyncio.sleep(max(0.0, self._next_at - self._interval - now))
