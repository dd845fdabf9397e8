"""What is done to a bot that is sending: each attack by the name that it has in the table. Run by `trouble`."""

import asyncio
import random
import resource
import signal
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from tools.attack.bots import FIRST_CHAT, Bots, seed
from tools.attack.far_end import ASKING, CONFLICT, Bad, FarEnd, Mood, too_many
from tools.attack.servers import Servers

TROUBLE = 8.0  # seconds that most attacks last
OTHERS = 5_000  # where the chats of another database begin
ODD = (
    *(Bad(body=body) for body in ("{}", '{"ok": true}', "null", "[]", '{"ok": false}', "{", "", "<html>hello</html>")),
    *(Bad(body=body, is_done=True) for body in ('{"ok": true, "result": null}', '{"ok": true, "result": [7]}')),
    *(Bad(status=status, body="<html>gateway</html>") for status in (400, 401, 403, 404, 409, 500, 502, 503)),
    *(Bad(status=204), Bad(status=301), Bad(status=418, body="{}"), Bad(status=429, body="slow")),
)


@dataclass
class Attacked:
    """What an attack works on. `wanted`: the chats that have to get their reminder; `others`: further bots of it.

    `passed_over`: so many of them get none, as the bot has said, because an older copy was brought back.
    """

    bots: Bots
    far_end: FarEnd
    wanted: set[int]
    servers: Servers | None = None
    others: list[Bots] = field(default_factory=list)
    passed_over: int = 0


Attack = Callable[[Attacked], Awaitable[None]]


async def _let(attacked: Attacked, mood: Mood, seconds: float = TROUBLE) -> None:
    attacked.far_end.mood = mood
    await asyncio.sleep(seconds)
    attacked.far_end.mood = lambda method, chat: None


async def _deaf(attacked: Attacked, bad: Callable[[], Bad]) -> None:
    """Every getUpdates is answered badly."""
    attacked.far_end.updates.lose()
    await _let(attacked, lambda method, chat: bad() if method == "getUpdates" else None)
    attacked.far_end.updates.find()


def _sends(share: float, bad: Callable[[], Bad]) -> Mood:
    """So many of the sends to everyone but the asking person are answered badly."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    return lambda method, chat: (
        bad() if method.startswith("send") and chat > ASKING and chance.random() < share else None
    )


async def kill(attacked: Attacked) -> None:
    """At any moment while it runs, and once while it starts."""
    await _end_often(attacked, signal.SIGKILL)
    await asyncio.sleep(1)
    await _end_and_start(attacked, signal.SIGKILL)


async def terminate(attacked: Attacked) -> None:
    await _end_often(attacked, signal.SIGTERM)


async def _end_often(attacked: Attacked, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - the same each time
    for _ in range(4):
        await attacked.far_end.updates.there.wait()
        await asyncio.sleep(0.5 + 1.5 * chance.random())
        await _end_and_start(attacked, number)


async def _end_and_start(attacked: Attacked, number: int) -> None:
    await attacked.bots.end(attacked.bots.running[0], number)
    await attacked.bots.start()


async def halt(attacked: Attacked) -> None:
    attacked.bots.running[0].send_signal(signal.SIGSTOP)
    attacked.far_end.updates.lose()
    await asyncio.sleep(TROUBLE)
    attacked.bots.running[0].send_signal(signal.SIGCONT)
    attacked.far_end.updates.find()


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
    await _deaf(attacked, lambda: chance.choice(ODD))


async def hang_updates(attacked: Attacked) -> None:
    await _deaf(attacked, lambda: Bad("hang"))


async def conflict(attacked: Attacked) -> None:
    await _deaf(attacked, lambda: Bad(status=409, body=CONFLICT))


async def limit_some(attacked: Attacked) -> None:
    await _let(attacked, lambda method, chat: too_many(5) if FIRST_CHAT < chat <= FIRST_CHAT + 3 else None)


async def limit_all(attacked: Attacked) -> None:
    await _let(attacked, _sends(1, lambda: too_many(2)), 6)


async def fill_disk(attacked: Attacked) -> None:
    """No file of the process may grow."""
    number, (_, hard) = attacked.bots.running[0].pid, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(number, resource.RLIMIT_FSIZE, (4096, hard))
    await asyncio.sleep(TROUBLE)
    resource.prlimit(number, resource.RLIMIT_FSIZE, (hard, hard))


async def second(attacked: Attacked) -> None:
    """A second process on the same database."""
    other = await attacked.bots.start()
    with suppress(TimeoutError):
        await asyncio.wait_for(other.wait(), TROUBLE)


async def twice(attacked: Attacked) -> None:
    """Another process with the same token, and a database of its own with chats of its own."""
    folder = attacked.bots.folder / "other"
    folder.mkdir()
    other = Bots(folder, f"sqlite+aiosqlite:///{folder / 'bot.db'}", attacked.far_end)
    attacked.others.append(other)
    count = len(attacked.wanted)
    await seed(other.database_url, count, first=OTHERS)
    attacked.wanted.update(range(OTHERS + 1, OTHERS + 1 + count))
    await other.start()
    await asyncio.sleep(TROUBLE)


def moved(*hours: float) -> Attack:
    """Returns an attack that moves the clock by so many hours for a while, one after another, and back at last."""

    async def move(attacked: Attacked) -> None:
        for moved_by in (*hours, 0.0):
            attacked.bots.set_clock(moved_by)
            await asyncio.sleep(TROUBLE / len(hours) if moved_by else 0)

    return move


async def restart_database(attacked: Attacked) -> None:
    await _server(attacked).restart(0.0)


async def stop_database(attacked: Attacked) -> None:
    await _server(attacked).restart(TROUBLE)


async def kill_database(attacked: Attacked) -> None:
    """Under two processes."""
    await _start_second(attacked)
    for _ in range(2):
        await _server(attacked).kill(1.0)
        await asyncio.sleep(2)


async def fail_over(attacked: Attacked) -> None:
    """Under two processes."""
    await asyncio.gather(_start_second(attacked), _server(attacked).copy())
    await _server(attacked).fail_over()
    await asyncio.sleep(2)


def _server(attacked: Attacked) -> Servers:
    assert attacked.servers  # noqa: S101 - only asked for on PostgreSQL
    return attacked.servers


async def _start_second(attacked: Attacked) -> None:
    log, was = attacked.bots.log, time.monotonic()
    await attacked.bots.start()
    while log.read_text(encoding="utf-8").count("INFO ready") < 2 and time.monotonic() - was < TROUBLE:  # noqa: ASYNC110 - a file tells nobody
        await asyncio.sleep(0.1)


def chosen(names: Iterable[str], attacks: dict[str, Attack]) -> dict[str, Attack]:
    """Returns those of the attacks."""
    return {name: attacks[name] for name in names}


EVERYWHERE: dict[str, Attack] = {
    "killed five times (SIGKILL)": kill,
    "stopped four times (SIGTERM)": terminate,
    "halted for 8 s (SIGSTOP)": halt,
    "half of the connections cut": cut,
    "a tenth reset after the send was done": cut_after,
    "a fifth of the answers hangs": hang,
    "a fifth of the answers drips, a byte a second": drip,
    "half of the answers odd, pages of gateways among them": odd,
    "every getUpdates answered oddly for 8 s": odd_updates,
    "every getUpdates hangs for 8 s": hang_updates,
    "three chats answered 429 for 5 s": limit_some,
    "every chat answered 429 for 6 s": limit_all,
    "the token used elsewhere (409) for 8 s": conflict,
    "the token used by a second bot with a database of its own": twice,
}
BY_WEBHOOK = chosen(
    (
        *("killed five times (SIGKILL)", "stopped four times (SIGTERM)", "halted for 8 s (SIGSTOP)"),
        *("half of the connections cut", "a tenth reset after the send was done", "a fifth of the answers hangs"),
        *("a fifth of the answers drips, a byte a second", "half of the answers odd, pages of gateways among them"),
        *("three chats answered 429 for 5 s", "every chat answered 429 for 6 s"),
    ),
    EVERYWHERE,
)
ON_POSTGRESQL: dict[str, Attack] = {
    "a second process": second,
    "PostgreSQL restarted at once": restart_database,
    "PostgreSQL away for 8 s": stop_database,
    "PostgreSQL killed twice (SIGKILL), under two processes": kill_database,
    "PostgreSQL fails over to its copy, under two processes": fail_over,
}
WITH_CLOCK: dict[str, Attack] = {
    "clock an hour back for 8 s": moved(-1),
    "clock a year forth for 8 s": moved(24 * 365),
    "clock a day forth, a day back, right": moved(24, -24),
}
