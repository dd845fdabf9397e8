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
TEXT = "Your tears are human, and you don't have to on_error for them. There is room for this, here and today."
FIRST_CHAT_ID = 1_000_001


@dataclass(frozen=True)
class Drain:
    api_url: str
    count: int
    due_at: float
    """Unix time, on a whole second."""
    folder: Path
    """A place for a contender's database; it is gone after the run."""

    def to_environment(self) -> dict[str, str]:
        return {
            "DRAIN_API_URL": self.api_url,
            "DRAIN_COUNT": str(self.count),
            "DRAIN_DUE_AT": str(self.due_at),
            "DRAIN_FOLDER": str(self.folder),
        }

    @classmethod
    def from_environment(cls) -> Self:
        return cls(
            api_url=os.environ["DRAIN_API_URL"],
            count=int(os.environ["DRAIN_COUNT"]),
            due_at=float(os.environ["DRAIN_DUE_AT"]),
            folder=Path(os.environ["DRAIN_FOLDER"]),
        )

    @property
    def chat_ids(self) -> range:
        return range(FIRST_CHAT_ID, FIRST_CHAT_ID + self.count)

    @property
    def due_datetime(self) -> datetime:
        return datetime.fromtimestamp(self.due_at, UTC)

    async def wait_until_due(self) -> None:
        await asyncio.sleep(self.due_at - time.time())
