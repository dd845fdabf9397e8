"""A hundred people and groups flood the bot with everything at once, while a few quiet people ask for help.

Some of the floods' chats are refused by Telegram (429), in some an answer hangs: none of that may cost the quiet
people anything. Called by `__main__` and the tests.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.attack.asking import Asker, Question, asked, command, ground, query, support, tap, text
from tools.attack.bots import Bots, seed
from tools.attack.far_end import Bad, FarEnd, too_many

QUIET, FLOODERS, GROUPS = 5, 100, 10
FIRST_QUIET, FIRST_FLOODER, FIRST_GROUP = 11, 2_001, -1_001_000_000_001
REFUSED = 10  # of the floods' chats are refused for half a minute, again and again
HUNG = 10  # of them get no answer
QUIET_PAUSE = 3.0  # seconds between two questions of a quiet person
TURN = 0.05  # seconds between two handfuls of updates
STARTS_WITHIN = 30.0  # seconds

# What a flooder sends: person, group, a new number, and chance -> an update's content.
Flood = Callable[[int, int, int, random.Random], dict[str, object]]
WORDS = ("sad", "I feel alone", "hello", "7:30", "Berlin", "stop it", "no", "why", "grief", "a" * 400)
COMMANDS = ("affirm", "ground", "help", "remind", "settings", "learn", "start", "support", "stop", "nonsense")
BUTTONS = ("affirm", "s:show", "g:grounding", "learn", "k:keep:x", "f:00000000:0:x", "h:DE", "xx")
FLOODS: tuple[Flood, ...] = (
    lambda person, group, number, chance: tap(chance.choice(BUTTONS), person, number),
    lambda person, group, number, chance: tap(chance.choice(BUTTONS), person, number, chat=group),
    lambda person, group, number, chance: command(chance.choice(COMMANDS), person, number),
    lambda person, group, number, chance: command("affirm", person, number, chat=group, sign="."),
    lambda person, group, number, chance: command(chance.choice(COMMANDS), person, number, chat=group),
    lambda person, group, number, chance: query(chance.choice(WORDS)[: number % 9], person, number),
    lambda person, group, number, chance: text(chance.choice(WORDS), person, number),
)


@dataclass(frozen=True)
class Flooded:
    """A line of the table. Waits are of the quiet people, in seconds."""

    name: str
    updates: int
    left: int
    waits: tuple[float, ...]
    tracebacks: int

    def line(self) -> str:
        waits = sorted(self.waits)
        p50, p99 = (waits[min(len(waits) - 1, int(len(waits) * share))] for share in (0.5, 0.99))
        figures = f"{self.updates:,} | {self.left:,} | {len(waits)} | {p50:.2f} | {p99:.2f} | {waits[-1]:.2f}"
        return f"| {self.name} | {figures} | {self.tracebacks} |"


HEAD = (
    "| by | updates of the flood | of them open at the end | questions of quiet people | wait p50, s | p99, s "
    "| longest, s | tracebacks |\n|:--|--:|--:|--:|--:|--:|--:|--:|"
)


async def run(
    name: str, folder: Path, database_url: str, *, by_webhook: bool, seconds: float, rate: float = 200.0
) -> Flooded:
    """Floods a bot for so many seconds with so many updates a second."""
    far_end = FarEnd(by_webhook=by_webhook)
    runner = await far_end.serve()
    await seed(database_url, 0)
    bots = Bots(folder, database_url, far_end)
    questions: tuple[Question, ...] = (support, ground, lambda person, number: tap("affirm", person, number))
    askers = [Asker(far_end, FIRST_QUIET + number, questions, QUIET_PAUSE) for number in range(QUIET)]
    try:
        await bots.start()
        await asyncio.wait_for(far_end.updates.there.wait(), STARTS_WITHIN)
        far_end.mood = _mood
        async with asked(far_end, askers):
            sent = await _flood(far_end, seconds, rate)
    finally:
        await bots.end_all()
        left = far_end.updates.waiting
        await far_end.updates.close()
        await runner.cleanup()
    waits = tuple(until - since for asker in askers for since, until in asker.waits)
    return Flooded(name, sent, left, waits, bots.tracebacks())


def _mood(method: str, chat: int) -> Bad | None:
    place = chat - FIRST_FLOODER if chat > 0 else FIRST_GROUP - chat
    if not 0 <= place < FLOODERS or not method.startswith(("send", "edit")):
        return None
    if place < REFUSED:
        return too_many(30)
    return Bad("hang") if place < REFUSED + HUNG and chat > 0 else None


async def _flood(far_end: FarEnd, seconds: float, rate: float) -> int:
    """Returns how many updates were sent: as many as the rate says, in handfuls of whatever comes."""
    chance = random.Random(11)  # noqa: S311 - the same each time
    began, sent = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        while sent < passed * rate:
            flooder = chance.randrange(FLOODERS)
            person, group = FIRST_FLOODER + flooder, FIRST_GROUP - flooder % GROUPS
            far_end.updates.put(chance.choice(FLOODS)(person, group, 1_000 + sent, chance))
            sent += 1
        await asyncio.sleep(TURN)
    return sent
