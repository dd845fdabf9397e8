"""A Bot API that answers as badly as it is told, and counts what has arrived. For `trouble` and `flood`."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

from localtelegram.loopback import listen
from tools.attack.updates_out import UpdatesOut

TOKEN = "123456:attacked-bot-token-of-the-right-length-000"  # noqa: S105 - of a bot that is played
BOT = {"id": 123456, "is_bot": True, "first_name": "Bot", "username": "attacked_bot"}
ABLE = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
ASKING = 5  # the person who asks for /support again and again
HANGS = 600.0  # seconds that a hung answer takes
CONFLICT = '{"ok": false, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}'

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
    """Counts messages by chat. `updates`: what it hands over to the bot; `heard`: told of each message's chat."""

    def __init__(self, *, by_webhook: bool = False) -> None:
        self.messages: Counter[int] = Counter()
        self.arrived_at: dict[int, float] = {}
        self.mood: Mood = lambda method, chat: None
        self.port = 0
        self.updates = UpdatesOut(by_webhook=by_webhook)
        self.heard: Callable[[str, int], None] = lambda method, chat: None

    async def serve(self) -> web.AppRunner:
        application = web.Application()
        application.add_routes([web.route("*", "/bot{token}/{method}", self._answer)])
        runner, self.port = await listen(application)
        return runner

    async def _answer(self, request: web.Request) -> Answer:
        method = request.match_info["method"]
        given = await request.json() if request.content_type == "application/json" and request.can_read_body else {}
        chat = int(given.get("chat_id") or 0)
        bad = self.mood(method, chat)
        if bad is None or bad.is_done:
            result = await self._do(method, chat, given)
            if result is None:
                return await _badly(request, bad or Bad(status=409, body=CONFLICT))
            if bad is None:
                return web.json_response({"ok": True, "result": result})
        return await _badly(request, bad)

    async def _do(self, method: str, chat: int, given: dict[str, Any]) -> object:  # Any: Bot API JSON
        """Does what is asked. Returns the result; None where another asks for updates now."""
        match method:
            case "getUpdates":
                return await self.updates.hand_out(given)
            case "setWebhook":
                self.updates.deliver_to(given)
                return True
            case "getMe":
                return {**BOT, **ABLE}
        if method.startswith("get"):
            return []
        if method.startswith("send") and chat:
            self.messages[chat] += 1
            self.arrived_at.setdefault(chat, time.monotonic())
        self.heard(method, chat)
        message = {"message_id": sum(self.messages.values()), "date": 1, "chat": chat_of(chat), "text": "x"}
        return message if method.startswith(("send", "edit")) else True


def chat_of(number: int) -> dict[str, object]:
    """Returns the chat as Telegram describes it: of a person, or of a group where the number is negative."""
    if number < 0:
        return {"id": number, "type": "supergroup", "title": "A group"}
    return {"id": number, "type": "private", "first_name": "A"}


def person_of(number: int) -> dict[str, object]:
    """Returns the person as Telegram describes them."""
    return {"id": number, "is_bot": False, "first_name": "A", "language_code": "en"}


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
