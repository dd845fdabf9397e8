"""How fast a tap is answered: `python -m benchmarks.replies`. People tap their way through flows, once a second each.

The Bot API is in this process, the bot in one of its own, polling, with SQLite. A time is from the tap until the
message with the next step arrives here.
"""

import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from aiohttp import web

from benchmarks.machine import choose_cores, describe_machine
from benchmarks.process import started
from benchmarks.telegram import ANSWERS

TOKEN = "123456:benchmark-token-of-the-right-length-0000"
BEGINNINGS = ("/ground", "/reflect", "/before", "/after")
WARM_UP = 3.0  # seconds whose times are left out: first connections, first statements
PATIENCE = 10.0  # seconds after which an answer is taken for lost


@dataclass
class Person:
    number: int
    buttons: list[str] = field(default_factory=list)
    message_id: int = 0
    asked_at: float | None = None


class Telegram:
    """The part of the Bot API that the bot uses; every person has one private chat."""

    def __init__(self, people: int, seconds: float, chance: random.Random) -> None:
        self.people = {number: Person(number) for number in range(1, people + 1)}
        self.times: list[float] = []
        self.lost = 0
        self.port = 0
        self._seconds = seconds
        self._chance = chance
        self._updates: deque[dict[str, Any]] = deque()  # Any: Bot API JSON
        self._next = 1
        self._waiting = asyncio.Event()
        self._began_at = 0.0

    async def serve(self) -> web.AppRunner:
        application = web.Application()
        application.add_routes([web.route("*", "/bot{token}/{method}", self._answer)])
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        return runner

    async def live(self) -> None:
        """Everyone taps once a second, each at a moment of their own."""
        self._began_at = time.perf_counter()
        await asyncio.gather(*(self._tap_on(person) for person in self.people.values()))

    async def _tap_on(self, person: Person) -> None:
        await asyncio.sleep(self._chance.random())
        while (now := time.perf_counter()) - self._began_at < self._seconds + WARM_UP:
            if person.asked_at is not None and now - person.asked_at > PATIENCE:
                self.lost += 1
                person.asked_at = None
            if person.asked_at is None:
                self._act(person)
            await asyncio.sleep(1)

    def _act(self, person: Person) -> None:
        sender = {"id": person.number, "is_bot": False, "first_name": "A", "language_code": "en"}
        chat = {"id": person.number, "type": "private", "first_name": "A"}
        message: dict[str, Any] = {"message_id": person.message_id, "date": int(time.time()), "chat": chat, "text": "x"}
        update: dict[str, Any] = {"update_id": self._next}
        if person.buttons:
            data = self._chance.choice(person.buttons)
            update["callback_query"] = {
                "id": str(self._next),
                "from": sender,
                "message": message,
                "chat_instance": "1",
                "data": data,
            }
        else:
            text = self._chance.choice(BEGINNINGS)
            entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
            update["message"] = message | {"message_id": self._next, "from": sender, "text": text, "entities": entities}
        self._next += 1
        person.asked_at = time.perf_counter()
        self._updates.append(update)
        self._waiting.set()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = await request.json() if request.content_type == "application/json" and request.can_read_body else {}
        result: object
        if method == "getUpdates":
            result = await self._hand_out(given)
        elif method in ("sendMessage", "sendAnimation", "editMessageText"):
            result = self._take(given if given else dict(await request.post()), is_new=method != "editMessageText")
        elif method == "editMessageReplyMarkup":
            result = {"message_id": given["message_id"], "date": 1, "chat": {"id": given["chat_id"], "type": "private"}}
        else:
            result = ANSWERS.get(method.lower(), True)
        return web.json_response({"ok": True, "result": result})

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

    def _take(self, given: dict[str, Any], *, is_new: bool) -> dict[str, Any]:
        person = self.people[int(given["chat_id"])]
        now = time.perf_counter()
        if person.asked_at is not None:
            if now - self._began_at > WARM_UP:
                self.times.append(now - person.asked_at)
            person.asked_at = None
        markup = given.get("reply_markup", {})
        rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])
        person.buttons = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
        person.message_id = int(given["message_id"]) if not is_new else person.message_id + 1_000
        return {
            "message_id": person.message_id,
            "date": int(time.time()),
            "chat": {"id": person.number, "type": "private"},
            "text": "x",
        }


async def measure(people: int, seconds: float) -> str:
    telegram = Telegram(people, seconds, random.Random(7))
    runner = await telegram.serve()
    cores = choose_cores()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"http://127.0.0.1:{telegram.port}",
            "DATABASE_URL": f"sqlite:///{folder}/replies.db",
            "LISTEN": "127.0.0.1:0",
        }
        command = [sys.executable, "-m", "bot", "run"]
        with started(command, folder=Path(folder) / "bot", core=cores.contender, environment=environment) as process:
            await asyncio.sleep(3)
            before = process.read_cpu_seconds()
            await telegram.live()
            cpu = process.read_cpu_seconds() - before
    await runner.cleanup()
    return _summary(people, sorted(telegram.times), telegram.lost, cpu)


def _summary(people: int, times: list[float], lost: int, cpu: float) -> str:
    def at(share: float) -> str:
        return f"{times[min(int(len(times) * share), len(times) - 1)] * 1000:.1f}"

    return (
        f"| {people} | {len(times):,} | {at(0.5)} | {at(0.95)} | {at(0.99)} | {times[-1] * 1000:.1f} | {lost} "
        f"| {cpu / max(len(times), 1) * 1000:.1f} |"
    )


def main(
    people: Annotated[list[int] | None, typer.Option(help="How many tap at the same time (may be repeated).")] = None,
    seconds: Annotated[float, typer.Option(help="How long they tap.")] = 20.0,
) -> None:
    """Measure the time from a tap to its reply."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends in order: the bot is a process of its own
    print(describe_machine())
    print("| people | taps | p50 ms | p95 ms | p99 ms | longest ms | lost | CPU ms a tap |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    for count in people or [1, 200]:
        print(asyncio.run(measure(count, seconds)), flush=True)


if __name__ == "__main__":
    typer.run(main)
