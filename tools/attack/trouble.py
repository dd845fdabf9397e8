"""Each attack on a bot that is sending: what is done to it, and what was counted then. Called by `__main__`."""

import asyncio
import random
import resource
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.attack.bots import FIRST_CHAT, Bots, seed
from tools.attack.far_end import ASKING, Bad, FarEnd, Mood, too_many

COUNT = 240  # reminders that are due at once: eight seconds at the usual rate
RECOVERS_WITHIN = 90.0  # seconds after the attack, after which what has not come counts as lost
TROUBLE = 8.0  # seconds that most attacks last
ODD = (
    *(
        Bad(body="{}"),
        Bad(body='{"ok": true}'),
        Bad(body="null"),
        Bad(body="[]"),
        Bad(body='{"ok": false}'),
        Bad(body="{"),
    ),
    *(
        Bad(body="<html>hello</html>"),
        Bad(body='{"ok": true, "result": null}', is_done=True),
        Bad(body=""),
        Bad(status=204),
    ),
    *(Bad(status=status, body="<html>gateway</html>") for status in (400, 401, 403, 404, 409, 500, 502, 503)),
    *(
        Bad(status=418, body="{}"),
        Bad(status=429, body="slow"),
        Bad(status=301),
        Bad(body='{"ok": true, "result": [7]}', is_done=True),
    ),
)


@dataclass
class Attacked:
    """What an attack works on: the bots, the far end, and a control of PostgreSQL where there is one."""

    bots: Bots
    far_end: FarEnd
    restart_database: Callable[[float], Awaitable[None]] | None = None


Attack = Callable[[Attacked], Awaitable[None]]


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

    def line(self) -> str:
        recovered = f"{self.recovered_after:.1f}" if not self.lost else "never"
        figures = f"{self.inputs} | {self.lost} | {self.repeated} | {self.tracebacks} | {recovered}"
        return f"| {self.name} | {figures} | {self.longest_wait:.1f} |"


HEAD = (
    "| attack | reminders | lost | repeated | tracebacks in the log | s to recover | longest wait of a /support, s |\n"
    "|:--|--:|--:|--:|--:|--:|--:|"
)


async def _let(attacked: Attacked, mood: Mood, seconds: float = TROUBLE) -> None:
    attacked.far_end.mood = mood
    await asyncio.sleep(seconds)
    attacked.far_end.mood = lambda method, chat: None


def _sends(share: float, bad: Callable[[], Bad]) -> Mood:
    """So many of the sends to everyone but the asking person are answered badly."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    return lambda method, chat: (
        bad() if method.startswith("send") and chat > ASKING and chance.random() < share else None
    )


async def kill(attacked: Attacked) -> None:
    await _end_often(attacked, signal.SIGKILL)


async def terminate(attacked: Attacked) -> None:
    await _end_often(attacked, signal.SIGTERM)


async def _end_often(attacked: Attacked, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - the same each time
    for _ in range(4):
        await asyncio.sleep(1 + 2 * chance.random())
        await attacked.bots.end(attacked.bots.running[0], number)
        await attacked.bots.start()


async def halt(attacked: Attacked) -> None:
    attacked.bots.running[0].send_signal(signal.SIGSTOP)
    await asyncio.sleep(TROUBLE)
    attacked.bots.running[0].send_signal(signal.SIGCONT)


async def cut(attacked: Attacked) -> None:
    await _let(attacked, _sends(0.5, lambda: Bad("cut")))


async def cut_after(attacked: Attacked) -> None:
    await _let(attacked, _sends(0.1, lambda: Bad("cut", is_done=True)))


async def hang(attacked: Attacked) -> None:
    await _let(attacked, _sends(0.2, lambda: Bad("hang")))


async def drip(attacked: Attacked) -> None:
    await _let(attacked, _sends(0.2, lambda: Bad("drip")))


async def odd(attacked: Attacked) -> None:
    chance = random.Random(3)  # noqa: S311 - the same each time
    await _let(attacked, _sends(0.5, lambda: chance.choice(ODD)))


async def odd_updates(attacked: Attacked) -> None:
    chance = random.Random(5)  # noqa: S311 - the same each time
    await _let(attacked, lambda method, chat: chance.choice(ODD) if method == "getUpdates" else None)


async def limit_some(attacked: Attacked) -> None:
    await _let(attacked, lambda method, chat: too_many(5) if FIRST_CHAT < chat <= FIRST_CHAT + 3 else None)


async def limit_all(attacked: Attacked) -> None:
    await _let(attacked, _sends(1, lambda: too_many(2)), 6)


async def conflict(attacked: Attacked) -> None:
    said = '{"ok": false, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}'
    await _let(attacked, lambda method, chat: Bad(status=409, body=said) if method == "getUpdates" else None)


async def fill_disk(attacked: Attacked) -> None:
    """No file of the process may grow."""
    number, (_, hard) = attacked.bots.running[0].pid, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(number, resource.RLIMIT_FSIZE, (4096, hard))
    await asyncio.sleep(TROUBLE)
    resource.prlimit(number, resource.RLIMIT_FSIZE, (hard, hard))


async def lock(attacked: Attacked) -> None:
    """Another program holds the database."""
    with sqlite3.connect(attacked.bots.database_url.removeprefix("sqlite+aiosqlite:///"), timeout=10) as other:
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(TROUBLE)
        other.rollback()


async def second(attacked: Attacked) -> None:
    """A second process on the same database."""
    other = await attacked.bots.start()
    with suppress(TimeoutError):
        await asyncio.wait_for(other.wait(), TROUBLE)


async def restart_database(attacked: Attacked) -> None:
    assert attacked.restart_database  # noqa: S101 - only asked for on PostgreSQL
    await attacked.restart_database(0.0)


async def stop_database(attacked: Attacked) -> None:
    assert attacked.restart_database  # noqa: S101 - the same
    await attacked.restart_database(TROUBLE)


EVERYWHERE: dict[str, Attack] = {
    "killed four times (SIGKILL)": kill,
    "stopped four times (SIGTERM)": terminate,
    "halted for 8 s (SIGSTOP)": halt,
    "half of the connections cut": cut,
    "a tenth reset after the send was done": cut_after,
    "a fifth of the answers hangs": hang,
    "a fifth of the answers drips, a byte a second": drip,
    "half of the answers odd, pages of gateways among them": odd,
    "every getUpdates answered oddly": odd_updates,
    "three chats answered 429 for 5 s": limit_some,
    "every chat answered 429 for 6 s": limit_all,
    "the token used elsewhere (409) for 8 s": conflict,
}
ON_SQLITE: dict[str, Attack] = {
    "full disk for 8 s (no file may grow)": fill_disk,
    "database locked by another program for 8 s": lock,
    "a second process on the file": second,
}
ON_POSTGRESQL: dict[str, Attack] = {
    "a second process": second,
    "PostgreSQL restarted at once": restart_database,
    "PostgreSQL away for 8 s": stop_database,
}


@asynccontextmanager
async def _asked(far_end: FarEnd) -> AsyncIterator[None]:
    task = asyncio.create_task(far_end.ask_again_and_again())
    try:
        yield
    finally:
        task.cancel()
        far_end.settle()


async def run(
    name: str,
    attack: Attack,
    folder: Path,
    database_url: str,
    restart: Callable[[float], Awaitable[None]] | None = None,
) -> Outcome:
    """Starts a bot with reminders due, attacks it, and waits until it has recovered."""
    far_end = FarEnd()
    runner = await far_end.serve()
    await seed(database_url, COUNT)
    bots = Bots(folder, database_url, far_end.port)
    wanted = range(FIRST_CHAT + 1, FIRST_CHAT + 1 + COUNT)
    try:
        await bots.start()
        while not far_end.messages:  # noqa: ASYNC110 - what it waits for lies in another process
            await asyncio.sleep(0.05)
        async with _asked(far_end):
            await attack(Attacked(bots, far_end, restart))
            over_at = time.monotonic()
            while any(chat not in far_end.messages for chat in wanted):
                if time.monotonic() - over_at > RECOVERS_WITHIN:
                    break
                await asyncio.sleep(0.1)
            await asyncio.sleep(2)  # what would come twice
    finally:
        await bots.end_all()
        await runner.cleanup()
    last = max(far_end.arrived_at.get(chat, 0.0) for chat in wanted)
    return Outcome(
        name=name,
        inputs=COUNT,
        lost=sum(chat not in far_end.messages for chat in wanted),
        repeated=sum(max(0, far_end.messages[chat] - 1) for chat in wanted),
        tracebacks=bots.tracebacks(),
        recovered_after=max(0.0, last - over_at),
        longest_wait=max(far_end.waits, default=0.0),
    )
