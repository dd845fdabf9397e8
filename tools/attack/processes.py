"""Three processes behind nginx, a drain under live taps, and what bad days do to the one that sends. For `__main__`."""

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import insert, select, text

from bot.content.library import Folders
from bot.database.engine import Database
from bot.database.lead import LEASE_SECONDS
from bot.database.models import Chat
from bot.domain.rotation import Choice, Rotation, next_affirmation
from bot.settings import MESSAGES, PROJECT
from bot.usecases.outbox import MOST_UNMARKED
from tools.attack.balanced import PATH, Telegram, Wire, find_nginx, nginx
from tools.attack.bots import FIRST_CHAT, Bots, seed
from tools.attack.cluster import ALL, PLACES, STARTS_WITHIN, Cluster, Trouble, listens

PEOPLE = 20  # who ask for a sentence again and again, a second after each answer
TWICE = 0.1  # how many updates are delivered twice at once
DRAINS_WITHIN = 1_800.0
IN_FLIGHT = MOST_UNMARKED  # messages that a process may have sent and not marked yet
GRACE = 0.3  # seconds for what was on its way
MOST_STEPS = 10_000  # in the order of sentences


@dataclass
class Result:
    """What was counted. `takeovers`: seconds from an end of the sender until another process sent a reminder."""

    reminders: int
    lost: int = 0
    repeated: int = 0
    updates: int = 0
    unanswered: int = 0  # updates answered by 200 whose answer never came
    answered_again: int = 0
    effects: int = 0  # sentences that were taken beyond, or below, one for each update
    tracebacks: int = 0
    seconds: float = 0.0
    longest_wait: float = 0.0  # of an update until it was answered by 200, over all deliveries
    longest_support: float = 0.0
    late_sends: int = 0  # reminders of a process that was cut off, after its lease had ended
    takeovers: list[float] = field(default_factory=list)

    def lines(self) -> str:
        took = ", ".join(f"{seconds:.1f}" for seconds in self.takeovers)
        return (
            f"{self.reminders:,} reminders: {self.lost} lost, {self.repeated} repeated, in {self.seconds:.0f} s\n"
            f"{self.updates:,} updates: {self.unanswered} without an answer, {self.answered_again} answered again, "
            f"{self.effects} effects too many or too few; longest wait {self.longest_wait:.1f} s, "
            f"of /support {self.longest_support:.1f} s\n"
            f"taken over after {took} s; {self.late_sends} sent without the lead; {self.tracebacks} tracebacks"
        )


async def run(
    address: str,
    folder: Path,
    count: int,
    rate: int,
    troubles: tuple[Trouble, ...] = ALL,
    *,
    before: Path | None = None,
) -> Result:
    """Drains so many reminders, at this rate, while people tap and each trouble befalls the process that sends.

    `address`: of an empty database on a PostgreSQL that listens on a socket. `before`: the folder of an earlier version
    of the program, whose processes are replaced by this one's, one after another, before the first trouble. Raises
    RuntimeError without nginx.
    """
    program, telegram = find_nginx(), Telegram()
    if program is None:
        raise RuntimeError("nginx is not installed")
    telegram.first_people = FIRST_CHAT + count + 1
    place_of_base, _, server = address.partition("host=")
    await (_seed_by(before, address, count) if before else seed(address, count))
    await _seed_people(address, telegram.first_people)
    bots, result = Bots(folder, address, None), Result(count)
    async with AsyncExitStack() as opened:
        await telegram.serve(PLACES)
        opened.push_async_callback(telegram.close)
        wires = [Wire(Path(server), folder / f"wire{place}") for place in range(PLACES)]
        for wire in wires:
            await opened.enter_async_context(wire.laid())
        cluster = Cluster(bots, telegram, wires, place_of_base + "host={folder}", rate, before or PROJECT)
        opened.push_async_callback(bots.end_all)
        for place in range(PLACES):
            await cluster.start(place)
        await asyncio.gather(*(listens(port) for port in cluster.ports))
        port = await opened.enter_async_context(nginx(program, folder, cluster.ports))
        async with _tapping(telegram, f"http://127.0.0.1:{port}{PATH}", result):
            began_at = time.monotonic()
            await _until(lambda: telegram.texts, STARTS_WITHIN)
            if before:
                await _update(cluster)
            for trouble in troubles:
                await _befall(cluster, trouble, result)
            await _until(lambda: _arrived(telegram) >= count, DRAINS_WITHIN)
            result.seconds = time.monotonic() - began_at
        await asyncio.sleep(3)  # what would come twice
    await _count(address, telegram, result)
    result.tracebacks = bots.tracebacks()
    return result


async def _seed_by(program: Path, address: str, count: int) -> None:
    """Lets an earlier version of the program make its own tables, and fill them."""
    code = "import asyncio, sys; from tools.attack.bots import seed; asyncio.run(seed(sys.argv[1], int(sys.argv[2])))"
    command = sys.executable, "-c", code, address, str(count)
    process = await asyncio.create_subprocess_exec(*command, cwd=program, env={"PYTHONPATH": str(program)})
    if await process.wait():
        raise RuntimeError(f"{program} could not fill the database: what it said stands above")


async def _update(cluster: Cluster) -> None:
    """Replaces all processes, one after another, each while the others serve and one of them sends."""
    for place in range(PLACES):
        await asyncio.sleep(cluster.HALT)
        await cluster.update(place)
        await listens(cluster.ports[place])
    await asyncio.sleep(cluster.HALT)


async def _befall(cluster: Cluster, trouble: Trouble, result: Result) -> None:
    telegram, before = cluster.telegram, _sent(cluster.telegram)
    await _until(lambda: _sent(telegram) > before, STARTS_WITHIN)
    place, at = cluster.sender(), time.monotonic()
    await trouble(cluster, place)
    others = [other for other in range(PLACES) if other != place]
    await _until(lambda: any(telegram.sent_at[other][-1:] > [at] for other in others), STARTS_WITHIN)
    result.takeovers.append(min(moment for other in others for moment in telegram.sent_at[other] if moment > at) - at)
    if trouble is Cluster.cut:
        result.late_sends += sum(
            at + LEASE_SECONDS + GRACE < moment < at + cluster.HALT for moment in telegram.sent_at[place]
        )
    await asyncio.sleep(2 + random.random())  # noqa: S311 - another moment each time


@asynccontextmanager
async def _tapping(telegram: Telegram, address: str, result: Result) -> AsyncIterator[None]:
    """People ask for sentences, and one for /support, until the end; what they have asked for by then is waited for."""
    is_over = asyncio.Event()

    async def ask(person: int) -> None:
        while not is_over.is_set():
            await telegram.deliver(address, person, "/affirm", twice=TWICE)
            await asyncio.sleep(1.2 + random.random())  # noqa: S311 - as above

    async def ask_for_help(person: int) -> None:
        while not is_over.is_set():
            began_at, before = time.monotonic(), len(telegram.texts[person])
            delivery = asyncio.create_task(telegram.deliver(address, person, "/support"))
            await _until(partial(telegram.has_more, person, before), STARTS_WITHIN)
            result.longest_support = max(result.longest_support, time.monotonic() - began_at)
            await delivery
            await asyncio.sleep(1.2)

    await asyncio.sleep(0)
    people = [asyncio.create_task(ask(telegram.first_people + number)) for number in range(PEOPLE)]
    people.append(asyncio.create_task(ask_for_help(telegram.first_people + PEOPLE)))
    try:
        yield
        is_over.set()
        await asyncio.wait_for(asyncio.gather(*people), STARTS_WITHIN)
    finally:
        for task in people:
            task.cancel()


async def _seed_people(address: str, first: int) -> None:
    database, now = Database(address), datetime.now(UTC)
    rows = [
        {"telegram_id": first + number, "zone": "UTC", "seed": number, "language": "en"}
        | {"created_at": now - timedelta(days=1), "last_seen_at": now}
        for number in range(PEOPLE)
    ]
    async with database.write() as session:
        await session.execute(text("SELECT setval(pg_get_serial_sequence('chats', 'id'), (SELECT max(id) FROM chats))"))
        await session.execute(insert(Chat), rows)
    await database.close()


async def _count(address: str, telegram: Telegram, result: Result) -> None:
    reminders = range(FIRST_CHAT + 1, FIRST_CHAT + 1 + result.reminders)
    result.lost = sum(not telegram.texts[chat] for chat in reminders)
    result.repeated = sum(max(0, len(telegram.texts[chat]) - 1) for chat in reminders)
    result.updates, result.longest_wait = sum(telegram.asked.values()), max(telegram.waits, default=0.0)
    database, choice = Database(address), Folders((MESSAGES,), "en").load().choice("en", "")
    async with database.read() as session:
        chats = (await session.scalars(select(Chat).where(Chat.telegram_id >= telegram.first_people))).all()
    await database.close()
    for chat in chats:
        asked, came = telegram.asked[chat.telegram_id], len(telegram.texts[chat.telegram_id])
        if chat.telegram_id < telegram.first_people + PEOPLE:
            result.effects += abs(_steps(choice, chat) - asked)
            result.unanswered += max(0, asked - came)
            result.answered_again += max(0, came - asked)


def _steps(choice: Choice, chat: Chat) -> int:
    """Returns how many sentences were taken in a chat's order."""
    place, end = Rotation(chat.seed), (chat.rotation_cycle, chat.rotation_cursor)
    for count in range(MOST_STEPS):
        if (place.cycle, place.cursor) == end:
            return count
        place = next_affirmation(choice, place)[1]
    return MOST_STEPS


def _sent(telegram: Telegram) -> int:
    return sum(len(moments) for moments in telegram.sent_at.values())


def _arrived(telegram: Telegram) -> int:
    return sum(chat < telegram.first_people for chat in telegram.texts)


async def _until(is_so: Callable[[], object], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - what it waits for lies in other processes
            await asyncio.sleep(0.02)
