"""Three processes on one PostgreSQL behind nginx, and a Telegram that delivers by webhook. For `processes`.

Each process reaches Telegram at a port and PostgreSQL through a wire of its own, so that who sends is known, and one
process alone can be cut off.
"""

import asyncio
import contextlib
import json
import os
import random
import re
import shutil
import socket
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from localtelegram.loopback import listen
from tools.attack.far_end import BOT

SECRET = "attacked"  # noqa: S105 - of a bot that is played
PATH = "/telegram"
ANSWERS_WITHIN = 30.0  # seconds after which Telegram gives a delivery up, and delivers it again
# What the balancer's own lines stand in, here; compose.scale.yaml has them in nginx's image.
NGINX = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.txt warn;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  {balancer}
}}
"""
BALANCER = Path(__file__).resolve().parents[2] / "deploy" / "nginx" / "bot.conf"


def settings_of(folder: Path, ports: list[int], port: int) -> str:
    """Returns nginx's settings with the lines of deploy/nginx/bot.conf, for bots and a balancer on this machine."""
    text = BALANCER.read_text(encoding="utf-8").replace("listen 8080;", f"listen 127.0.0.1:{port};")
    text = re.sub(
        r"^ *resolver .*\n", "", text, flags=re.MULTILINE
    )  # addresses need none, and older nginx knows none here
    for number, one in enumerate(ports, 1):
        text = text.replace(f"server bot{number}:8080 resolve ", f"server 127.0.0.1:{one} ")
    user = "user root;\n" if os.geteuid() == 0 else ""
    return user + NGINX.format(folder=folder, balancer=text)


def find_nginx() -> str | None:
    """Returns the path of nginx, which is not everybody's PATH, or None."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def nginx(program: str, folder: Path, ports: list[int]) -> AsyncIterator[int]:
    """Yields the port of a balancer before these ports."""
    port = free_port()
    settings = folder / "nginx.conf"
    settings.write_text(settings_of(folder, ports, port), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(program, "-c", str(settings), stderr=asyncio.subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        await process.wait()


class Wire:
    """A way to PostgreSQL's socket that can be cut: what is sent then arrives when it is whole again, if ever."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server, self.folder = server / ".s.PGSQL.5432", folder
        self.is_whole = asyncio.Event()
        self.is_whole.set()
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[None]:
        """The wire, as a folder with a socket in it."""
        self.folder.mkdir()
        listening = await asyncio.start_unix_server(self._carry, str(self.folder / ".s.PGSQL.5432"))
        try:
            yield
        finally:
            listening.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(str(self._server))
        for source, target in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pass_on(source, target))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while some := await source.read(65536):
                await self.is_whole.wait()
                target.write(some)
                await target.drain()
        with suppress(OSError, RuntimeError):
            target.close()


class Telegram:
    """Takes messages at a port for each process, and delivers updates to the balancer until each is answered by 200."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.texts: defaultdict[int, list[str]] = defaultdict(list)  # what has arrived, by chat
        self.sent_at: defaultdict[int, list[float]] = defaultdict(list)  # when each process sent reminders
        self.first_people = 0  # chats from this number on are people who tap; below, reminders come
        self.asked: Counter[int] = Counter()  # updates that were answered by 200, by chat
        self.waits: list[float] = []  # seconds from a first delivery until it was answered by 200
        self._numbers = 0
        self._runners: list[web.AppRunner] = []

    async def serve(self, count: int) -> None:
        """Listens for so many processes."""
        for place in range(count):
            application = web.Application()
            application.add_routes([web.route("*", "/bot{token}/{method}", self._handler(place))])
            runner, port = await listen(application)
            self.ports.append(port)
            self._runners.append(runner)

    async def close(self) -> None:
        for runner in self._runners:
            await runner.cleanup()

    def has_more(self, chat: int, than: int) -> bool:
        """Whether more than so many messages have come to this chat."""
        return len(self.texts[chat]) > than

    def _handler(self, place: int) -> Any:  # Any: aiohttp's handler
        async def answer(request: web.Request) -> web.Response:
            method = request.match_info["method"]
            given = await request.json() if request.can_read_body else {}
            return web.json_response({"ok": True, "result": self._take(place, method, given)})

        return answer

    def _take(self, place: int, method: str, given: dict[str, Any]) -> object:  # Any: Bot API JSON
        if method == "getMe":
            is_able = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
            return BOT | is_able
        if not method.startswith("send"):
            return [] if method.startswith("get") else True
        chat = int(given["chat_id"])
        self.texts[chat].append(str(given.get("text", "")))
        if chat < self.first_people:
            self.sent_at[place].append(time.monotonic())
        number = len(self.texts[chat])
        return {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}, "text": "x"}

    async def deliver(self, address: str, person: int, command: str, *, twice: float = 0.0) -> None:
        """Delivers one message until it is answered by 200; with the chance `twice`, two deliveries at once."""
        self._numbers += 1
        number, chat = self._numbers, {"id": person, "type": "private", "first_name": "A"}
        sender = {"id": person, "is_bot": False, "first_name": "A", "language_code": "en"}
        entities = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": sender, "text": command}
        body = json.dumps({"update_id": number, "message": message | {"entities": entities}})
        began_at = time.monotonic()
        count = 2 if random.random() < twice else 1  # noqa: S311 - hides nothing
        await asyncio.gather(*(self._until_taken(address, body) for _ in range(count)))
        self.asked[person] += 1
        self.waits.append(time.monotonic() - began_at)

    async def _until_taken(self, address: str, body: str) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        timeout = aiohttp.ClientTimeout(total=ANSWERS_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with session.post(address, data=body, headers=headers) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.2)
