"""A Bot API on the loopback that is faster than any bot, in a process of its own: it counts what arrives.

It is neither strict nor complete (localtelegram is), because a benchmark must never wait for it. For the same reason it
parses HTTP by hand: keep-alive, Content-Length bodies, JSON or urlencoded. `GET /figures` returns what has arrived.
"""

import asyncio
import json
import re
import signal
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qsl

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CONTENT_TYPE_JSON = re.compile(rb"\r\ncontent-type: *application/json", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
HEAD = b"HTTP/1.1 %d %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

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
    first_at: float | None
    last_at: float | None
    calls: dict[str, int]


@dataclass
class Arrivals:
    messages: list[tuple[float, int, str]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def figures(self) -> Figures:
        chats = {chat_id for _, chat_id, _ in self.messages}
        return Figures(
            arrived=len(self.messages),
            delivered=len(chats),
            repeated=len(self.messages) - len(chats),
            blank=sum(not text.strip() for _, _, text in self.messages),
            first_at=self.messages[0][0] if self.messages else None,
            last_at=self.messages[-1][0] if self.messages else None,
            calls=dict(self.calls),
        )


class Connection(asyncio.Protocol):
    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._unread = b""
        self._held: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

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
            self._take_message(int(given["chat_id"]), str(given["text"]))
        elif method == "getupdates":
            seconds = float(given.get("timeout", 0))
            self._held = asyncio.get_running_loop().call_later(seconds, self._send_result, b"[]")
        elif method in ANSWERS:
            self._send_result(json.dumps(ANSWERS[method]).encode())
        elif method.startswith(ANSWERED_TRUE):
            self._send_result(b"true")
        else:
            self._send_error(404, b"Not Found", "Not Found: method not found")

    def _take_message(self, chat_id: int, text: str) -> None:
        now = time.time()
        messages = self._arrivals.messages
        messages.append((now, chat_id, text))
        self._send_result(
            b'{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private","first_name":"A"},"from":%b,"text":%b}'
            % (len(messages), int(now), chat_id, BOT_JSON, json.dumps(text).encode())
        )

    def _send_result(self, result: bytes) -> None:
        self._held = None
        self._send(200, b"OK", b'{"ok":true,"result":%b}' % result)

    def _send_error(self, code: int, reason: bytes, description: str) -> None:
        answer = {"ok": False, "error_code": code, "description": description}
        self._send(code, reason, json.dumps(answer).encode())

    def _send(self, code: int, reason: bytes, body: bytes) -> None:
        self._transport.write(HEAD % (code, reason, len(body)) + body)


BOT_JSON = json.dumps(BOT).encode()


def read_parameters(head: bytes, body: bytes) -> Mapping[str, Any]:  # Any: a value is what JSON holds
    if CONTENT_TYPE_JSON.search(head):
        parameters: dict[str, Any] = json.loads(body or b"{}")
        return parameters
    return dict(parse_qsl(body.decode()))


async def serve() -> None:
    """Print the port chosen, then serve until SIGTERM."""
    loop = asyncio.get_running_loop()
    arrivals = Arrivals()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(lambda: Connection(arrivals), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
