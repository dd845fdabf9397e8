"""What hostile clients send to the HTTP server: it closes, says 400, and goes on for others."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.entrypoints import http_connections
from bot.entrypoints.http_connections import MOST_CONNECTIONS
from bot.entrypoints.http_server import SECRET_HEADER, AiohttpServer, receiver, routes, webhook_routes
from bot.entrypoints.listening import Listener
from bot.entrypoints.update_queue import TooManyUpdatesError
from tests.patience import PATIENCE

SECRET = "a-secret"


class Updates:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.are_taken = True  # not while the bot starts

    async def take_raw(self, raw: dict[str, Any], _bot: object) -> None:
        self.taken.append(raw)


class Well:
    """The vitals of a program that is well, for /health alone."""

    def is_alive(self) -> bool:
        return True


@asynccontextmanager
async def listening(updates: Updates, most: int = MOST_CONNECTIONS) -> AsyncIterator[int]:
    receive = receiver(SECRET, None, updates, lambda: updates.are_taken)  # type: ignore[arg-type]  # stand-ins
    webhook = webhook_routes("https://example.org/telegram", receive)
    well = Well()
    listener = Listener(lambda: AiohttpServer(routes(well, webhook), most))  # type: ignore[arg-type]  # asked for /health alone
    await listener.open("127.0.0.1", 0)
    try:
        yield listener.addresses[0][1]
    finally:
        await listener.close()


async def posted(port: int, body: bytes, **headers: str) -> int:
    async with aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{port}/telegram"
        async with session.post(address, data=body, headers={SECRET_HEADER: SECRET, **headers}) as response:
            return response.status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b'{"update_id":"1"}',
        b'{"update_id":true}',
        b'{"update_id":' + b"9" * 6_000 + b"}",
        b'{"update_id":1,"message":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"\xff\xfe\xfa",
    ],
)
async def test_what_is_no_update_is_refused_in_one_line(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    updates = Updates()
    async with listening(updates) as port:
        assert await posted(port, body) == 400
        assert await posted(port, body, **{"Content-Type": "application/json; charset=klingon"}) == 400
        assert await posted(port, b'{"update_id":1}') == 200
    assert updates.taken == [{"update_id": 1}]
    assert [record.exc_info for record in caplog.records if record.levelno >= logging.WARNING] == [None, None]


async def test_while_the_bot_starts_an_update_is_to_come_again() -> None:
    updates = Updates()
    async with listening(updates) as port:
        updates.are_taken = False
        assert await posted(port, b'{"update_id":1}') == 503
        updates.are_taken = True
        assert await posted(port, b'{"update_id":1}') == 200
    assert updates.taken == [{"update_id": 1}]


async def sent(port: int, data: bytes) -> bytes:
    """Sends bytes as they are, and returns all that comes until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "data",
    [
        b"\r\nnonsense\r\n\r\n",
        b"GET http://[::bad/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /a\nb HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /telegram HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    ],
)
async def test_broken_http_is_one_line_without_a_traceback(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with listening(Updates()) as port:
        answer = await sent(port, data)
        assert await posted(port, b'{"update_id":1}') == 200
    assert answer == b"" or b" 400 " in answer.splitlines()[0]
    assert all(record.exc_info is None for record in caplog.records)


async def test_connections_that_only_wait_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connections, "QUIET_SECONDS", 0.05)
    async with listening(Updates()) as port:
        assert await sent(port, b"") == b""
        assert await sent(port, b"POST /telegram HTTP/1.1\r\nHost: ") == b""
        answer = await sent(port, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b" 200 " in answer.splitlines()[0]


async def test_a_slow_body_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connections, "BODY_SECONDS", 0.05)
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n"
    async with listening(Updates()) as port:
        answer = await sent(port, head.encode())
    assert b" 408 " in answer.splitlines()[0]


async def test_there_are_so_many_connections_at_most() -> None:
    async with listening(Updates(), most=3) as port:
        waiting = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientError):
                await session.get(f"http://127.0.0.1:{port}/health")
            for _, writer in waiting:
                writer.close()
                await writer.wait_closed()
            async with asyncio.timeout(PATIENCE):
                while await _status(session, port) != 200:  # noqa: ASYNC110 - the server says nothing of it
                    await asyncio.sleep(0.01)


async def _status(session: aiohttp.ClientSession, port: int) -> int:
    try:
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            return response.status
    except aiohttp.ClientError:
        return 0


async def test_a_wrong_secret_and_a_wrong_method_have_no_effect() -> None:
    updates = Updates()
    async with listening(updates) as port, aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{port}/telegram"
        assert await posted(port, b'{"update_id":1}', **{SECRET_HEADER: "wrong"}) == 403
        async with session.get(address, headers={SECRET_HEADER: SECRET}) as response:
            assert response.status == 405
        async with session.post(address + "/more", headers={SECRET_HEADER: SECRET}) as response:
            assert response.status == 404
    assert updates.taken == []


@pytest.mark.parametrize("path", ["/telegram", "/telegram/", "/"])
async def test_a_slash_more_or_a_path_that_a_proxy_cut_off_is_the_webhook_too(path: str) -> None:
    updates = Updates()
    async with listening(updates) as port:
        answer = await sent(port, post(path=path))
    assert answer.split()[1] == b"200"
    assert len(updates.taken) == 1


HEAD = f"Host: x\r\n{SECRET_HEADER}: {SECRET}\r\n"
UPDATE = b'{"update_id":1}'


def post(*headers: str, body: bytes = UPDATE, path: str = "/telegram", version: str = "1.1", head: str = HEAD) -> bytes:
    lines = "".join(f"{header}\r\n" for header in (*headers, "Connection: close"))
    return f"POST {path} HTTP/{version}\r\n{head}{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "post"])
async def test_other_methods_have_no_effect(method: str) -> None:
    updates = Updates()
    async with listening(updates) as port:
        answer = await sent(port, post().replace(b"POST", method.encode(), 1))
    assert answer == b"" or answer.split()[1] in (b"400", b"404", b"405")
    assert updates.taken == []


@pytest.mark.parametrize(
    "path",
    [
        "//telegram",
        "/telegram//",
        "/Telegram",
        "/telegram/../x",
        "/telegram%2f",
        "/telegram;x",
        "/health",
        "/ready",
        "/metrics",
        "http://evil.example/other",
        "*",
    ],
)
async def test_other_paths_have_no_effect(path: str) -> None:
    updates = Updates()
    async with listening(updates) as port:
        answer = await sent(port, post(path=path))
    assert answer.split()[1] in (b"400", b"404", b"405")
    assert updates.taken == []


@pytest.mark.parametrize(
    "request_bytes",
    [
        post(),
        post(version="1.0"),
        post("Content-Type: text/plain"),
        post("Content-Type: application/x-www-form-urlencoded"),
        post("Content-Type: multipart/form-data; boundary=x"),
        post("Expect: 100-continue"),
        post("Content-Encoding: gzip", body=gzip.compress(UPDATE)),
    ],
)
async def test_an_update_is_taken_however_it_is_sent(request_bytes: bytes) -> None:
    updates = Updates()
    async with listening(updates) as port:
        answer = await sent(port, request_bytes)
    assert b" 200 " in answer
    assert updates.taken == [{"update_id": 1}]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (post(head="Host: x\r\n"), b"403"),
        (post(head=f"Host: x\r\n{SECRET_HEADER}: {SECRET}x\r\n"), b"403"),
        (post(head=f"Host: x\r\n{SECRET_HEADER}: \xe9\r\n"), b"403"),
        (post(head=f"Host: x\r\n{SECRET_HEADER}: {SECRET}\r\n{SECRET_HEADER}: wrong\r\n"), b"403"),
        (post("Content-Encoding: gzip", body=b"no gzip"), b"400"),
        (post("Content-Encoding: gzip", body=gzip.compress(b" " * 50_000_000)), b"413"),
        (post("Content-Encoding: gzip", head="Host: x\r\n", body=b"no gzip"), b"403"),
        (post("Content-Encoding: klingon"), b"200"),
        (post(body=b"\xef\xbb\xbf" + UPDATE), b"200"),
        (post(body=UPDATE.decode().encode("utf-16")), b"200"),
        (post(f"Content-Length: {len(UPDATE)}", "Transfer-Encoding: chunked"), b"400"),
        (post("Expect: the-impossible"), b"417"),
    ],
)
async def test_what_is_odd_is_answered_without_a_traceback(
    request_bytes: bytes, status: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    updates = Updates()
    async with listening(updates) as port:
        answer = await sent(port, request_bytes)
        assert await posted(port, UPDATE) == 200
    assert answer.split()[1] == status, answer
    assert all(record.exc_info is None for record in caplog.records)


async def test_a_body_in_pieces_without_an_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connections, "BODY_SECONDS", 0.05)
    updates = Updates()
    async with listening(updates) as port:
        head = f"POST /telegram HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n[[[[[\r\n"
        assert b" 408 " in await sent(port, head.encode())
        pieces = b"10000\r\n" + b"[" * 0x10000 + b"\r\n"
        head = f"POST /telegram HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n"
        monkeypatch.setattr(http_connections, "BODY_SECONDS", PATIENCE)
        assert b" 413 " in await sent(port, head.encode() + pieces * 80)
    assert updates.taken == []


async def test_requests_behind_each_other_are_answered_in_turn() -> None:
    updates = Updates()
    first = post().replace(b"Connection: close\r\n", b"")
    async with listening(updates) as port:
        answer = await sent(port, first * 20 + post(body=b'{"update_id":2}'))
    assert answer.count(b" 200 ") == 21
    assert updates.taken == [{"update_id": 1}] * 20 + [{"update_id": 2}]


async def test_what_there_is_no_room_for_is_delivered_again() -> None:
    class Full(Updates):
        async def take_raw(self, raw: dict[str, Any], _bot: object) -> None:
            await super().take_raw(raw, _bot)
            if len(self.taken) == 1:
                raise TooManyUpdatesError

    updates = Full()
    async with listening(updates) as port:
        assert [await posted(port, b'{"update_id":1}') for _ in range(2)] == [503, 200]
