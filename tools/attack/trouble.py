"""Runs an attack on a bot that is sending, and counts what came of it: a line of the table. Called by `__main__`."""

import asyncio
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.database.engine import Database
from bot.database.models import Reminder
from tools.attack.asking import Asker, asked, support
from tools.attack.attacks import Attack, Attacked
from tools.attack.bots import FIRST_CHAT, Bots, seed
from tools.attack.far_end import ASKING, FarEnd
from tools.attack.servers import Servers

COUNT = 240  # reminders that are due at once: eight seconds at the usual rate
RECOVERS_WITHIN = 90.0  # seconds after the attack, after which what has not come counts as lost
NEXT_WITHIN = timedelta(hours=25)  # from now the next one is due, whatever happened to the clock
COMES_TWICE = 2.0  # seconds in which what would come twice comes


@dataclass(frozen=True)
class Outcome:
    """A line of the table."""

    name: str
    inputs: int
    lost: int
    repeated: int
    tracebacks: int
    recovered_after: float
    longest_wait: float
    own_wait: float

    def line(self) -> str:
        recovered = f"{self.recovered_after:.1f}" if not self.lost else "never"
        figures = f"{self.inputs} | {self.lost} | {self.repeated} | {self.tracebacks} | {recovered}"
        return f"| {self.name} | {figures} | {self.longest_wait:.1f} | {self.own_wait:.1f} |"


HEAD = (
    "| attack | reminders | lost | repeated | tracebacks in the log | s to recover "
    "| longest wait of a /support, s | of it while the bot could be reached, s |\n"
    "|:--|--:|--:|--:|--:|--:|--:|--:|"
)


async def run(
    name: str,
    attack: Attack,
    folder: Path,
    database_url: str,
    *,
    servers: Servers | None = None,
    by_webhook: bool = False,
    clock: dict[str, str] | None = None,
) -> Outcome:
    """Starts a bot with reminders due, attacks it, and waits until it has recovered.

    `clock`: what lets the clock of the bot be moved, as environment variables.
    """
    far_end = FarEnd(by_webhook=by_webhook)
    runner = await far_end.serve()
    await seed(database_url, COUNT)
    bots = Bots(folder, database_url, far_end, clock)
    attacked = Attacked(bots, far_end, set(range(FIRST_CHAT + 1, FIRST_CHAT + 1 + COUNT)), servers)
    asker = Asker(far_end, ASKING, (support,))
    try:
        await bots.start()
        while not far_end.messages:  # noqa: ASYNC110 - what it waits for lies in another process
            await asyncio.sleep(0.05)
        async with asked(far_end, [asker]):
            await attack(attacked)
            over_at = time.monotonic()
            await _recover(attacked)
            await asyncio.sleep(COMES_TWICE)
        far_away = await _count_far_away(database_url)
    finally:
        for one in (bots, *attacked.others):
            await one.end_all()
        await far_end.updates.close()
        await runner.cleanup()
    return _outcome(name, attacked, asker, over_at, far_away)


async def _recover(attacked: Attacked) -> None:
    ends_at = time.monotonic() + RECOVERS_WITHIN
    missing = set(attacked.wanted)
    while len(missing) > attacked.passed_over and time.monotonic() < ends_at:
        missing -= attacked.far_end.messages.keys()
        await asyncio.sleep(0.1)


def _outcome(name: str, attacked: Attacked, asker: Asker, over_at: float, far_away: int) -> Outcome:
    far_end, wanted = attacked.far_end, attacked.wanted
    last = max(far_end.arrived_at.get(chat, 0.0) for chat in wanted)
    return Outcome(
        name=name,
        inputs=len(wanted),
        lost=max(0, sum(chat not in far_end.messages for chat in wanted) - attacked.passed_over) + far_away,
        repeated=sum(max(0, far_end.messages[chat] - 1) for chat in wanted),
        tracebacks=sum(bots.tracebacks() for bots in (attacked.bots, *attacked.others)),
        recovered_after=max(0.0, last - over_at),
        longest_wait=max((until - since for since, until in asker.waits), default=0.0),
        own_wait=max((far_end.updates.own_part(*wait) for wait in asker.waits), default=0.0),
    )


async def _count_far_away(database_url: str) -> int:
    """Returns how many reminders are due later than tomorrow: a moved clock has left them there."""
    database = Database(database_url)
    late = select(func.count()).where(Reminder.due_at > datetime.now(UTC) + NEXT_WITHIN)
    async with database.read() as session:
        count: int = await session.scalar(late) or 0
    await database.close()
    return count


def clock_of(folder: Path) -> dict[str, str] | None:
    """Returns the environment variables with which Debian's package faketime lets a clock be moved; None without it."""
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not libraries or not shutil.which("faketime"):
        return None
    file = folder / "clock"
    file.write_text("+0", encoding="ascii")
    return {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }
