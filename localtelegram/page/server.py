"""The page of the local Telegram over HTTP: its files, a snapshot, a stream of events, and one request per action."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.page import flow_pictures
from localtelegram.page.actions import ACTIONS, FAULTS
from localtelegram.page.feed import Feed
from localtelegram.page.guard import Guard
from localtelegram.page.snapshot import bot_json, chats, chats_json, label_of, people_json
from localtelegram.page.time_travel import RunningBot, travel
from localtelegram.people.demo import DemoWorld
from localtelegram.telegram import LocalTelegram

FILES = Path(__file__).with_name("static")
TOGETHER = 0.05  # seconds: many things happen at once
TARGETS = ("next", "hour", "day", "real")
MAX_UPLOAD_BYTES = 64 * 1024 * 1024  # with room for the form around a file
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Page:
    """One local Telegram as any number of open pages see it. `bot` is None where no bot runs in this process."""

    def __init__(self, telegram: LocalTelegram, world: DemoWorld, clock: MovableClock, bot: RunningBot | None) -> None:
        self._telegram = telegram
        self._world = world
        self._clock = clock
        self._bot = bot
        self._feed = Feed(world)
        self._run = secrets.token_hex(4)
        self._fault = "none"
        self._words: Json = {"findings": [], "are_in_use": True, "fresh": []}
        self._shown_clock: Json = {}
        self._moving = asyncio.Lock()
        self._untold = False
        self._telling: asyncio.Task[None] | None = None
        telegram.subscribe(lambda event: self._tell_clock_soon())

    def application(self, routes: list[web.RouteDef] | None = None) -> web.Application:
        """The page's server, with further routes if there are some. A guard looks at every request."""
        own = [
            web.get("/", self._index),
            web.get("/page/static/{name}", self._static),
            web.get("/page/state", self._state),
            web.get("/page/events", self._events),
            web.get("/page/files/{file_id}", self._file),
            web.get("/page/flows", self._flows),
            web.get("/page/flows/{name}.svg", self._flow),
            web.post("/page/do/{verb}", self._do),
        ]
        return Guard().application([*own, *(routes or [])], MAX_UPLOAD_BYTES)

    def close(self) -> None:
        """Ends the streams of the pages, so that the server can stop."""
        if self._telling:
            self._telling.cancel()
        self._feed.close()

    def tell_words(self, findings: Sequence[str], are_in_use: bool, fresh: Sequence[tuple[str, str]] = ()) -> None:
        """Tells the pages that the texts have changed: what is wrong with them, and whether they are in use anyway.

        `fresh` are the messages that are new or changed, by language and id.
        """
        messages = [{"language": language, "name": name} for language, name in fresh]
        self._words = {"findings": list(findings), "are_in_use": are_in_use, "fresh": messages}
        self._feed.tell("words", words=self._words)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return _file_response("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in {file.name for file in FILES.iterdir()}:
            raise web.HTTPNotFound
        return _file_response(name)

    async def _state(self, request: web.Request) -> web.StreamResponse:
        clock = await self._clock_json()
        return web.json_response(
            {
                "run": self._run,
                "seq": self._feed.seq,
                "bot": bot_json(self._world),
                "people": people_json(self._world),
                "clock": clock,
                "chats": chats_json(self._world),
                "faults": self._faults_json(),
                "words": self._words,
                "alts": self._bot.alts() if self._bot else [],
            }
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        last_seen = request.headers.get("Last-Event-ID", "")
        try:
            async for chunk in self._feed.stream(int(last_seen) if last_seen.isdecimal() else None):
                await response.write(chunk)
        except ConnectionResetError:
            pass  # the page was closed
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._telegram.network.files.any(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        # Its name when it is saved; that it is no part of the page is the guard's policy.
        named = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(stored.name)}"}
        return web.Response(body=stored.content, content_type=stored.mime_type, headers=named)

    async def _flows(self, request: web.Request) -> web.StreamResponse:
        return flow_pictures.show_all(self._bot)

    async def _flow(self, request: web.Request) -> web.StreamResponse:
        return flow_pictures.show_one(self._bot, request.match_info["name"])

    async def _do(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        verb = request.match_info["verb"]
        try:
            body = await request.json()
            own = {"clock": self._move, "message": self._show_message}.get(verb)
            answer = await (own(body) if own else self._act(verb, body))
        except (LookupError, ValueError, TypeError, json.JSONDecodeError) as error:
            return web.json_response({"error": _words(error)}, status=400)
        self._feed.look_again()
        self._tell_clock_soon()
        return web.json_response(answer)

    async def _act(self, verb: str, body: Json) -> Json:
        if verb not in ACTIONS:
            raise LookupError(f"This page cannot do {verb}.")
        answer = await ACTIONS[verb](self._world, body)
        if verb == "faults":
            self._fault = body["id"]
            self._feed.tell("faults", faults=self._faults_json())
        return answer

    async def _move(self, body: Json) -> Json:
        if body.get("to") not in TARGETS:
            raise ValueError("The clock moves to next, hour, day or real.")
        async with self._moving:
            words = await travel(self._clock, self._bot, body["to"])
        return {"words": words} if words else {}

    async def _show_message(self, body: Json) -> Json:
        if self._bot:
            await self._bot.show_message(body["language"], body["name"])
        return {}

    def _faults_json(self) -> list[Json]:
        return [{"id": key, "name": name, "is_on": key == self._fault} for key, name in FAULTS.items()]

    def _name_of(self, chat_id: int) -> str:
        chat = next((chat for chat in chats(self._world) if chat.id == chat_id), None)
        return str(label_of(self._world, chat)) if chat else str(chat_id)

    async def _clock_json(self) -> Json:
        """The clock for the page, in milliseconds, as browsers count."""
        due = await self._bot.next_due() if self._bot else None
        now = self._clock()
        return {
            "now": now.timestamp() * 1000,
            "is_moved": self._clock.is_moved,
            "ahead": self._clock.ahead.total_seconds() * 1000,
            "next_due": due.at.timestamp() * 1000 if due else None,
            "next_what": f"{due.what}, {self._name_of(due.chat_id)}" if due else "",
            "has_bot": self._bot is not None,
            "zones": await self._bot.zones() if self._bot else {},
        }

    def _tell_clock_soon(self) -> None:
        self._untold = True
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_clock())

    async def _tell_clock(self) -> None:
        """Tells the pages when the clock was moved or the next due time has changed, not that it goes on."""
        while self._untold:
            await asyncio.sleep(TOGETHER)
            self._untold = False  # what happens while the bot is asked is told in another round
            clock = await self._clock_json()
            fixed = {key: value for key, value in clock.items() if key != "now"}
            if fixed != self._shown_clock:
                self._shown_clock = fixed
                self._untold = True  # the bot may still be marking what it has sent: another look
                self._feed.tell("clock", clock=clock)


def _file_response(name: str) -> web.FileResponse:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return web.FileResponse(FILES / name, headers=headers)


def _words(error: Exception) -> str:
    """The text of an error for a person. The text of a KeyError is only the name of the missing key."""
    text = f"{error.args[0]} is missing" if isinstance(error, KeyError) and error.args else str(error)
    return text[:1].upper() + text[1:]
