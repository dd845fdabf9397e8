"""A Bot API on the loopback that is faster than any bot, in a process of its own: it counts what arrives.

It is neither strict nor complete (localtelegram is), because a benchmark must never wait for it. For the same reason it
parses HTTP by hand: keep-alive, Content-Length bodies, JSON or urlencoded. `GET /figures` returns what has arrived.

It can have a limit, as Telegram has, the latency of a network, and TLS: `python -m benchmarks.telegram --help`.
"""

import asyncio
import json
import math
import re
import signal
import ssl
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl

import typer
import uvloop

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CONTENT_TYPE_JSON = re.compile(rb"\r\ncontent-type: *application/json", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
HEAD = b"HTTP/1.1 %d %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
# What may come at once: the messages of so many seconds. The tenth above one second is for what catches up on the
# way. Nobody outside Telegram knows how strictly it counts: "about 30 messages a second".
BURST_SECONDS = 1.1

BOT = {"id": 123456, "is_bot": True, "first_name": "Loopback", "username": "loopback_bot"}
BOT_RIGHTS = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
ANSWERS: dict[str, object] = {
    "getme": {**BOT, **BOT_RIGHTS},
    "getwebhookinfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getmycommands": [],
    "getmyname": {"name": "Loopback"},
    "getmydescription": {"description": ""},
    "getmyshortdescription": {"short_description": ""},
}
ANSWERED_TRUE = ("set", "delete", "answer", "close", "logout")


@dataclass(frozen=True)
class Figures:
    arrived: int
    delivered: int
    """Chats that got at least one message."""
    repeated: int
    """Messages beyond the first in their chat."""
    blank: int
    refused: int
    """Answered with 429."""
    first_at: float | None
    last_at: float | None
    calls: dict[str, int]


@dataclass
class Arrivals:
    messages: list[tuple[float, int, str]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    def figures(self) -> Figures:
        chats = {chat_id for _, chat_id, _ in self.messages}
        return Figures(
            arrived=len(self.messages),
            delivered=len(chats),
            repeated=len(self.messages) - len(chats),
            blank=sum(not text.strip() for _, _, text in self.messages),
            refused=self.refused,
            first_at=self.messages[0][0] if self.messages else None,
            last_at=self.messages[-1][0] if self.messages else None,
            calls=dict(self.calls),
        )


class Limit:
    """Takes so many messages a second, and what a second and a tenth hold at once: a bucket that fills up again."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._most = self._left = per_second * BURST_SECONDS
        self._counted_at = 0.0

    def take(self, now: float) -> int:
        """Returns 0 and counts a message, or the whole seconds after which the next one is taken."""
        self._left = min(self._most, self._left + (now - self._counted_at) * self._per_second)
        self._counted_at = now
        if self._left >= 1:
            self._left -= 1
            return 0
        return math.ceil((1 - self._left) / self._per_second)


class Connection(asyncio.Protocol):
    def __init__(self, arrivals: Arrivals, limit: Limit | None = None, latency: float = 0.0) -> None:
        self._arrivals = arrivals
        self._limit = limit
        self._latency = latency
        self._unread = b""
        self._held: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own class has asyncio.Transport's methods, and is not derived from it.
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # see above

    def connection_lost(self, error: Exception | None) -> None:
        if self._held:
            self._held.cancel()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (head_end := self._unread.find(b"\r\n\r\n")) >= 0:
            head = self._unread[:head_end]
            if CHUNKED.search(head):
                self._send_error(501, b"Not Implemented", "this Bot API reads Content-Length bodies only")
                self._transport.close()
                return
            length = CONTENT_LENGTH.search(head)
            end = head_end + 4 + (int(length[1]) if length else 0)
            if len(self._unread) < end:
                return
            body, self._unread = self._unread[head_end + 4 : end], self._unread[end:]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        if path == "/figures":
            self._send(200, b"OK", json.dumps(asdict(self._arrivals.figures())).encode())
            return
        method = path.rpartition("/")[2].partition("?")[0].lower()
        self._arrivals.calls[method] += 1
        given = read_parameters(head, body)
        if method == "sendmessage":
            self._receive_message(int(given["chat_id"]), str(given["text"]))
        elif method == "getupdates":
            seconds = float(given.get("timeout", 0))
            self._held = asyncio.get_running_loop().call_later(seconds, self._send_result, b"[]")
        elif method in ANSWERS:
            self._send_result(json.dumps(ANSWERS[method]).encode())
        elif method.startswith(ANSWERED_TRUE):
            self._send_result(b"true")
        else:
            self._send_error(404, b"Not Found", "Not Found: method not found")

    def _receive_message(self, chat_id: int, text: str) -> None:
        if not self._latency:
            self._take_message(chat_id, text)
            return
        # Half of it is the way here, half of it the way back; a bot waits for both.
        self._held = asyncio.get_running_loop().call_later(self._latency, self._take_message, chat_id, text)

    def _take_message(self, chat_id: int, text: str) -> None:
        now = time.time()
        if self._limit and (seconds := self._limit.take(time.monotonic())):
            self._arrivals.refused += 1
            self._held = None
            self._send_error(
                429, b"Too Many Requests", f"Too Many Requests: retry after {seconds}", retry_after=seconds
            )
            return
        messages = self._arrivals.messages
        messages.append((now, chat_id, text))
        self._send_result(
            b'{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private","first_name":"A"},"from":%b,"text":%b}'
            % (len(messages), int(now), chat_id, BOT_JSON, json.dumps(text).encode())
        )

    def _send_result(self, result: bytes) -> None:
        self._held = None
        self._send(200, b"OK", b'{"ok":true,"result":%b}' % result)

    def _send_error(self, code: int, reason: bytes, description: str, **parameters: int) -> None:
        answer: dict[str, object] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            answer["parameters"] = parameters
        self._send(code, reason, json.dumps(answer).encode())

    def _send(self, code: int, reason: bytes, body: bytes) -> None:
        self._transport.write(HEAD % (code, reason, len(body)) + body)


BOT_JSON = json.dumps(BOT).encode()


def read_parameters(head: bytes, body: bytes) -> Mapping[str, Any]:  # Any: a value is what JSON holds
    if CONTENT_TYPE_JSON.search(head):
        parameters: dict[str, Any] = json.loads(body or b"{}")
        return parameters
    return dict(parse_qsl(body.decode()))


def main(
    per_second: Annotated[float, typer.Option(help="Messages that are taken in a second; 0: as many as come.")] = 0.0,
    latency: Annotated[float, typer.Option(help="Seconds after which a message is answered.")] = 0.0,
    certificate: Annotated[Path | None, typer.Option(help="A file with a certificate and its key: TLS.")] = None,
) -> None:
    """Print the port chosen, then serve until SIGTERM."""
    uvloop.run(serve(per_second, latency, certificate))


async def serve(per_second: float, latency: float, certificate: Path | None) -> None:
    loop = asyncio.get_running_loop()
    arrivals = Arrivals()
    limit = Limit(per_second) if per_second else None
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = await loop.create_server(
        lambda: Connection(arrivals, limit, latency), "127.0.0.1", 0, ssl=context, backlog=4096
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    typer.run(main)
