"""A Bot API that answers as badly as it is told, and counts what has arrived. For `trouble`."""

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

TOKEN = "123456:attacked-bot-token-of-the-right-length-000"  # noqa: S105 - of a bot that is played
BOT = {"id": 123456, "is_bot": True, "first_name": "Bot", "username": "attacked_bot"}
ASKING = 5  # the person who asks for /support again and again
HANGS = 600.0  # seconds that a hung answer takes

# What becomes of a call: its method and chat -> an answer as bad as it is, or None for a right one.
Mood = Callable[[str, int], "Bad | None"]
Answer = web.StreamResponse


class Bad:
    """One bad answer: cut, hung, dripping, or whatever status and body. `is_done`: what was asked is done before."""

    def __init__(self, kind: str = "", *, status: int = 200, body: str = "", is_done: bool = False) -> None:
        self.kind, self.status, self.body, self.is_done = kind, status, body, is_done


def too_many(seconds: int) -> Bad:
    """Returns Telegram's own refusal for so many seconds."""
    said = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {seconds}"}
    return Bad(status=429, body=json.dumps({**said, "parameters": {"retry_after": seconds}}))


class FarEnd:
    """Counts messages by chat, hands out updates until they are confirmed, and measures how long /support takes."""

    def __init__(self) -> None:
        self.messages: Counter[int] = Counter()
        self.arrived_at: dict[int, float] = {}
        self.waits: list[float] = []
        self.mood: Mood = lambda method, chat: None
        self.port = 0
        self._updates: deque[dict[str, Any]] = deque()  # Any: Bot API JSON
        self._numbers = 0
        self._asked_at: float | None = None
        self._news = asyncio.Event()

    async def serve(self) -> web.AppRunner:
        application = web.Application()
        application.add_routes([web.route("*", "/bot{token}/{method}", self._answer)])
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        return runner

    async def ask_again_and_again(self) -> None:
        """Somebody asks for /support a second after each answer; what is never answered counts as a wait until now."""
        while True:
            if self._asked_at is None:
                self._ask()
            await asyncio.sleep(1)

    def settle(self) -> None:
        """Counts the question that is still open."""
        if self._asked_at is not None and time.monotonic() - self._asked_at > 1:
            self.waits.append(time.monotonic() - self._asked_at)

    def _ask(self) -> None:
        self._numbers += 1
        self._asked_at = time.monotonic()
        sender = {"id": ASKING, "is_bot": False, "first_name": "A", "language_code": "en"}
        message = {"message_id": self._numbers, "date": int(time.time()), "chat": _chat(ASKING), "from": sender}
        text = {"text": "/support", "entities": [{"type": "bot_command", "offset": 0, "length": 8}]}
        self._updates.append({"update_id": self._numbers, "message": message | text})
        self._news.set()

    async def _answer(self, request: web.Request) -> Answer:
        method = request.match_info["method"]
        given = await request.json() if request.content_type == "application/json" and request.can_read_body else {}
        chat = int(given.get("chat_id") or 0)
        bad = self.mood(method, chat)
        if bad is None or bad.is_done:
            result = await self._hand_out(given) if method == "getUpdates" else self._take(method, chat)
            if bad is None:
                return web.json_response({"ok": True, "result": result})
        return await _badly(request, bad)

    def _take(self, method: str, chat: int) -> object:
        if method.startswith("send") and chat:
            self.messages[chat] += 1
            self.arrived_at.setdefault(chat, time.monotonic())
            if chat == ASKING and self._asked_at is not None:
                self.waits.append(time.monotonic() - self._asked_at)
                self._asked_at = None
        if method == "getMe":
            return {
                **BOT,
                "can_join_groups": True,
                "can_read_all_group_messages": False,
                "supports_inline_queries": True,
            }
        if method.startswith("get"):
            return []
        is_message = method.startswith(("send", "edit"))
        return (
            {"message_id": sum(self.messages.values()), "date": 1, "chat": _chat(chat), "text": "x"}
            if is_message
            else True
        )

    async def _hand_out(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        while self._updates and self._updates[0]["update_id"] < given.get("offset", 0):
            self._updates.popleft()
        if not self._updates and given.get("timeout"):
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), given["timeout"])
            except TimeoutError:
                return []
        return list(self._updates)[: given.get("limit", 100)]


def _chat(number: int) -> dict[str, object]:
    return {"id": number, "type": "private", "first_name": "A"}


async def _badly(request: web.Request, bad: Bad) -> Answer:
    match bad.kind:
        case "cut":
            assert request.transport  # noqa: S101 - it has just been read from
            request.transport.abort()
        case "hang":
            await asyncio.sleep(HANGS)
        case "drip":
            response = web.StreamResponse(headers={"Content-Length": "100000"})
            with suppress(ConnectionError):  # the bot has given it up
                await response.prepare(request)
                for _ in range(int(HANGS)):
                    await response.write(b" ")
                    await asyncio.sleep(1)
            return response
    return web.Response(status=bad.status, text=bad.body, content_type="application/json")
