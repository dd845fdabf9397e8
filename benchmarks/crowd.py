"""How "Me too" copes with a crowd: `python -m benchmarks.crowd`. Hundreds tap under a post in a group; some tap again.

The Bot API is in this process and answers after a while, as over the internet; the bot is a process of its own,
polling, with SQLite. A time is from the tap until its answer arrives here.
"""

import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Annotated, Any

import typer
from aiohttp import web

from benchmarks.machine import choose_cores, describe_machine
from benchmarks.process import started
from benchmarks.telegram import ANSWERS, BOT
from localtelegram.loopback import listen

TOKEN = "123456:benchmark-token-of-the-right-length-0000"
GROUP = {"id": -1_000_000_000_042, "type": "supergroup", "title": "A group"}
POST = 7  # the message that everyone taps
SETTLED = 12.0  # seconds without an edit after which none comes any more


class Telegram:
    """The part of the Bot API that the bot uses; one group, one post."""

    def __init__(self, delay: float) -> None:
        self.edits: list[tuple[float, str]] = []
        self.times: list[float] = []
        self.label = ""
        self.port = 0
        self._delay = delay
        self._asked_at: dict[str, float] = {}
        self._markup: dict[str, Any] = {}  # Any: Bot API JSON
        self._updates: deque[dict[str, Any]] = deque()
        self._next = 1
        self._waiting = asyncio.Event()

    async def serve(self) -> web.AppRunner:
        application = web.Application()
        application.add_routes([web.route("*", "/bot{token}/{method}", self._answer)])
        runner, self.port = await listen(application)
        return runner

    async def ask_for_a_post(self) -> None:
        text = f"/affirm@{BOT['username']}"
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._push("message", {"message_id": 1, "from": _person(1), "text": text, "entities": entities, **_head()})
        while not self.label:  # noqa: ASYNC110 - what it waits for lies in another process
            await asyncio.sleep(0.05)

    def tap(self, person: int) -> None:
        message = {"message_id": POST, "from": BOT, "text": "x", "reply_markup": self._markup, **_head()}
        query = {"from": _person(person), "message": message, "chat_instance": "1", "data": "w:me_too"}
        self._asked_at[str(self._next)] = time.perf_counter()
        self._push("callback_query", {"id": str(self._next), **query})

    @property
    def unanswered(self) -> int:
        return len(self._asked_at)

    def _push(self, kind: str, content: dict[str, Any]) -> None:
        self._updates.append({"update_id": self._next, kind: content})
        self._next += 1
        self._waiting.set()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = await request.json() if request.content_type == "application/json" and request.can_read_body else {}
        result: object
        if method == "getUpdates":
            result = await self._hand_out(given)
        else:
            await asyncio.sleep(self._delay)
            result = self._take(method, given)
        return web.json_response({"ok": True, "result": result})

    def _take(self, method: str, given: dict[str, Any]) -> object:
        now = time.perf_counter()
        if method in ("sendMessage", "editMessageReplyMarkup"):
            self._markup = given["reply_markup"]
            self.label = self._markup["inline_keyboard"][0][0]["text"]
            if method == "editMessageReplyMarkup":
                self.edits.append((now, self.label))
            return {"message_id": POST, "text": "x", **_head()}
        if method == "answerCallbackQuery":
            self.times.append(now - self._asked_at.pop(given["callback_query_id"]))
        return ANSWERS.get(method.lower(), True)

    async def _hand_out(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        while self._updates and self._updates[0]["update_id"] < given.get("offset", 0):
            self._updates.popleft()
        if not self._updates and given.get("timeout"):
            self._waiting.clear()
            try:
                await asyncio.wait_for(self._waiting.wait(), given["timeout"])
            except TimeoutError:
                return []
        return list(self._updates)[: given.get("limit", 100)]


def _person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "A", "language_code": "en"}


def _head() -> dict[str, Any]:
    return {"date": int(time.time()), "chat": GROUP}


async def measure(people: int, back: int, seconds: float, delay: float) -> str:
    """Lets everyone tap within `seconds`, `back` of them twice; returns a line with the figures."""
    telegram = Telegram(delay)
    runner = await telegram.serve()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"http://127.0.0.1:{telegram.port}",
            "DATABASE_URL": f"sqlite:///{folder}/taps.db",
            "LISTEN": "127.0.0.1:0",
        }
        command = [sys.executable, "-m", "bot", "run"]
        core = choose_cores().contender
        with started(command, folder=Path(folder) / "bot", core=core, environment=environment) as process:
            await telegram.ask_for_a_post()
            before, began_at = process.read_cpu_seconds(), time.perf_counter()
            await _tap_all(telegram, people, back, seconds)
            ended_at = time.perf_counter()
            await _settle(telegram)
            cpu = process.read_cpu_seconds() - before
    await runner.cleanup()
    within = sum(at - began_at <= max(seconds, 60) for at, _ in telegram.edits)
    times = sorted(telegram.times)
    return (
        f"| {people + back} | {seconds:g} s | {people - back} | {telegram.label} | {len(telegram.edits)} ({within}) "
        f"| {telegram.edits[-1][0] - ended_at:.1f} | {times[len(times) // 2] * 1000:.0f} | {times[-1] * 1000:.0f} "
        f"| {telegram.unanswered} | {cpu / (people + back) * 1000:.1f} |"
    )


async def _tap_all(telegram: Telegram, people: int, back: int, seconds: float) -> None:
    chance = random.Random(11)
    # Everyone taps once; a second tap comes after the first, at some later moment.
    taps = [(chance.random() * seconds, person) for person in range(1, people + 1)]
    taps += [(at + chance.random() * (seconds - at), person) for at, person in taps[:back]]
    began_at = time.perf_counter()
    for at, person in sorted(taps):
        await asyncio.sleep(max(0.0, began_at + at - time.perf_counter()))
        telegram.tap(person)


async def _settle(telegram: Telegram) -> None:
    quiet_since = time.perf_counter()
    while time.perf_counter() - quiet_since < SETTLED or telegram.unanswered:
        await asyncio.sleep(0.2)
        quiet_since = max(quiet_since, telegram.edits[-1][0] if telegram.edits else 0.0)


def main(
    people: Annotated[int, typer.Option(help="How many people tap.")] = 500,
    back: Annotated[int, typer.Option(help="How many of them take it back, in one more run.")] = 200,
    seconds: Annotated[list[float] | None, typer.Option(help="Within how long (may be repeated).")] = None,
    delay: Annotated[float, typer.Option(help="Seconds until the Bot API answers.")] = 0.06,
) -> None:
    """Measure edits, the last count, and how long a tap waits for its answer."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends in order: the bot is a process of its own
    print(describe_machine())
    head = ("taps", "within", "should show", "shows", "edits (first minute)", "s to the last edit")
    print(f"| {' | '.join((*head, 'p50 ms', 'longest ms', 'unanswered', 'CPU ms a tap'))} |")
    print("|--:|--:|--:|:--|--:|--:|--:|--:|--:|--:|")
    for duration in seconds or [60.0, 3.0]:
        for returning in (0, back):
            print(asyncio.run(measure(people - returning, returning, duration, delay)), flush=True)


if __name__ == "__main__":
    typer.run(main)
