"""How fast a tap is answered: people tap their way through conversations, once a second each.

The Bot API is in this process, the contender in one of its own, polling. A time is from the tap until the message with
the next step arrives here.
"""

import asyncio
import json
import random
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from benchmarks.cases import WARM_UP_SECONDS, Case
from benchmarks.launch import staged
from benchmarks.machine import Cores, read_busy_seconds
from benchmarks.process import pinned_to
from benchmarks.rows import Row
from benchmarks.telegram import ANSWERS
from localtelegram.loopback import listen

BEGINNINGS = ("/ground", "/reflect", "/before", "/after")
READY_SECONDS = 30.0
SETTLE_SECONDS = 2.0
NEVER = 4_000_000_000.0  # nothing is due
PATIENCE = 10.0  # seconds after which an answer is taken for lost


@dataclass
class Person:
    number: int
    buttons: list[str] = field(default_factory=list)
    message_id: int = 0
    asked_at: float | None = None
    is_lost: bool = False  # the answer has not come in time; until it comes, nothing more is tapped


class Telegram:
    """The part of the Bot API that the bot uses; every person has one private chat."""

    def __init__(self, people: int, seconds: float, chance: random.Random) -> None:
        self.people = {number: Person(number) for number in range(1, people + 1)}
        self.times: list[float] = []
        self.answered = 0
        self.lost = 0
        self.port = 0
        self.polled = asyncio.Event()
        self._seconds = seconds
        self._chance = chance
        self._updates: deque[dict[str, Any]] = deque()  # Any: Bot API JSON
        self._next = 1
        self._waiting = asyncio.Event()
        self._began_at = 0.0

    async def serve(self) -> web.AppRunner:
        application = web.Application()
        application.add_routes([web.route("*", "/bot{token}/{method}", self._answer)])
        runner, self.port = await listen(application)
        return runner

    async def live(self) -> None:
        """Everyone taps once a second, each at a moment of their own."""
        self._began_at = time.perf_counter()
        await asyncio.gather(*(self._tap_on(person) for person in self.people.values()))

    async def _tap_on(self, person: Person) -> None:
        await asyncio.sleep(self._chance.random())
        while (now := time.perf_counter()) - self._began_at < self._seconds + WARM_UP_SECONDS:
            if person.asked_at is not None and now - person.asked_at > PATIENCE and not person.is_lost:
                self.lost += 1
                person.is_lost = True
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
        given = await _read_parameters(request)
        result: object
        if method == "getUpdates":
            result = await self._hand_out(given)
        elif method in ("sendMessage", "sendAnimation", "editMessageText"):
            result = self._take(given, is_new=method != "editMessageText")
        elif method == "editMessageReplyMarkup":
            result = {"message_id": given["message_id"], "date": 1, "chat": {"id": given["chat_id"], "type": "private"}}
        else:
            result = ANSWERS.get(method.lower(), True)
        return web.json_response({"ok": True, "result": result})

    async def _hand_out(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        self.polled.set()
        while self._updates and self._updates[0]["update_id"] < int(given.get("offset", 0)):
            self._updates.popleft()
        if not self._updates and float(given.get("timeout", 0)):
            self._waiting.clear()
            try:
                await asyncio.wait_for(self._waiting.wait(), float(given["timeout"]))
            except TimeoutError:
                return []
        return list(self._updates)[: int(given.get("limit", 100))]

    def _take(self, given: dict[str, Any], *, is_new: bool) -> dict[str, Any]:
        person = self.people[int(given["chat_id"])]
        now = time.perf_counter()
        if person.asked_at is not None:
            if not person.is_lost:
                self.answered += 1
                if now - self._began_at > WARM_UP_SECONDS:
                    self.times.append(now - person.asked_at)
            person.asked_at, person.is_lost = None, False
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


async def _read_parameters(request: web.Request) -> dict[str, Any]:
    """Bot API parameters as JSON or as a form, in which all are strings."""
    if not request.can_read_body:
        return dict(request.query)
    if request.content_type == "application/json":
        given: dict[str, Any] = await request.json()
        return given
    return dict(await request.post())


def measure(case: Case, cores: Cores) -> Row:
    """Raises RuntimeError if something does not start, or ends early."""
    with pinned_to(cores.telegram):  # the people and their Bot API are in this process
        return asyncio.run(_measure(case, cores))


async def _measure(case: Case, cores: Cores) -> Row:
    telegram = Telegram(case.count, case.lasts, random.Random(7))
    runner = await telegram.serve()
    with (
        staged(case, cores, NEVER, f"http://127.0.0.1:{telegram.port}") as (stage, _),
        stage.playing("answer") as process,
    ):
        with suppress(TimeoutError):  # then it has ended, or no tap will be answered: both are told
            await asyncio.wait_for(telegram.polled.wait(), READY_SECONDS)
        await asyncio.sleep(SETTLE_SECONDS)
        process.check_alive()
        before = process.read_cpu_seconds() + stage.server.read_cpu_seconds()
        ours, busy = before + time.process_time(), read_busy_seconds()
        await telegram.live()
        after = process.read_cpu_seconds() + stage.server.read_cpu_seconds()
        ours, busy = after + time.process_time() - ours, read_busy_seconds() - busy
        megabytes = process.read_peak_megabytes()
    await runner.cleanup()
    times = sorted(telegram.times)
    if not times:
        raise RuntimeError("no tap was answered")
    return Row(
        case=case,
        figure=_at_share(times, 0.99) * 1000,
        p50=_at_share(times, 0.5) * 1000,
        cpu=(after - before) / telegram.answered * 1000,
        megabytes=megabytes,
        lost=telegram.lost,
        disturbed=max(0.0, 1 - ours / busy),
    )


def _at_share(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]
