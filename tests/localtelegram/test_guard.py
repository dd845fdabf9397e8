"""Other sites in the same browser: none reads the page, writes on it, or reaches the Bot API. Over raw HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from localtelegram import http
from localtelegram.clock import MovableClock
from localtelegram.loopback import listen
from localtelegram.page.server import Page
from localtelegram.people.demo import DemoWorld, new_token, populate
from localtelegram.telegram import LocalTelegram
from tests.patience import PATIENCE

PATHS = (
    "/",
    "/page/state",
    "/page/events",
    "/page/flows",
    "/page/static/app.js",
    "/page/files/1",
    "/nothing",
    "//page/state",
)
EVIL = "http://evil.example"


@dataclass
class Served:
    world: DemoWorld
    port: int
    key: str = ""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def asks(self, start: str, *headers: str, body: bytes = b"", host: str | None = None) -> tuple[int, str]:
        """Sends these lines as they are; returns the status and the head of the answer."""
        lines = [start, *([f"Host: {self.host if host is None else host}"] if host != "" else []), *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        async with asyncio.timeout(PATIENCE):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.close()
        return int(head.split()[1]), head

    async def reads(self, path: str, *headers: str, host: str | None = None) -> int:
        """Reads as the page does, with its key."""
        return (await self.asks(f"GET {path} HTTP/1.1", f"Cookie: {self.key}", *headers, host=host))[0]

    async def says(self, *headers: str, host: str | None = None) -> int:
        body = b'{"chat_id":%d,"speaker":"%d","text":"hello"}' % (self.world.you.chat.id, self.world.you.id)
        return (await self.asks("POST /page/do/say HTTP/1.1", *headers, body=body, host=host))[0]

    async def calls(
        self, method: str, *headers: str, token: str = "", body: bytes = b"{}", host: str | None = None
    ) -> int:
        path = f"/bot{token or self.world.bot.token}/{method}"
        return (await self.asks(f"POST {path} HTTP/1.1", *headers, body=body, host=host))[0]


def nothing_came_of_it(served: Served) -> None:
    """Nobody sees a message, and the bot has sent none."""
    assert served.world.you.sees() == []
    assert served.world.telegram.sent == []


@pytest.fixture
async def served(telegram: LocalTelegram, clock: MovableClock) -> AsyncIterator[Served]:
    world = await populate(telegram, token=new_token())
    page = Page(telegram, world, clock, None)
    runner, port = await listen(page.application(http.routes(telegram)))
    served = Served(world, port)
    _, head = await served.asks("GET / HTTP/1.1")
    found = re.search(r"Set-Cookie: (page_\d+=[\w-]+); HttpOnly; Path=/page/; SameSite=Strict", head)
    assert found, head
    served.key = found[1]
    yield served
    page.close()
    await runner.cleanup()


JSON = "Content-Type: application/json"


async def test_the_page_itself_reads_and_writes(served: Served) -> None:
    origin, site = f"Origin: http://{served.host}", "Sec-Fetch-Site: same-origin"
    assert [await served.reads(path) for path in ("/", "/page/state", "/page/events", "/page/flows")] == [200] * 4
    assert await served.reads("/", "Sec-Fetch-Site: none") == 200
    assert await served.reads("/", host=f"localhost:{served.port}") == 200
    assert await served.says(JSON, f"Cookie: {served.key}", origin, site) == 200
    assert served.world.you.sees() == ["hello"]


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "localhost.evil.example:{port}",
        "localhost.:{port}",
        "127.1:{port}",
        "0x7f.1:{port}",
        "2130706433:{port}",
        "0.0.0.0:{port}",
        "[::ffff:127.0.0.1]:{port}",
        "127.0.0.1:{port}@evil.example",
        "evil.example@127.0.0.1:{port}",
        "127.0.0.1:{port},evil.example",
        "127.0.0.1:{port} evil.example",
        "127.0.0.1:{port}\r\nHost: evil.example",
    ],
)
async def test_under_another_name_there_is_nothing(served: Served, host: str) -> None:
    name = host.format(port=served.port)
    for path in PATHS:
        assert await served.reads(path, host=name) in (400, 403), path
    assert await served.says(JSON, f"Cookie: {served.key}", host=name) in (400, 403)
    assert await served.calls("getMe", JSON, host=name) in (400, 403)
    nothing_came_of_it(served)


async def test_a_whole_address_in_the_first_line_is_not_taken(served: Served) -> None:
    assert await served.reads("http://evil.example/page/state") == 403
    assert await served.reads(f"http://{served.host}/page/state") == 403


@pytest.mark.parametrize(
    "foreign",
    [
        f"Origin: {EVIL}",
        "Origin: null",
        "Origin:",
        "Origin: http://127.0.0.1",
        "Origin: http://localhost:{port}",
        "Origin: https://127.0.0.1:{port}",
        "Origin: http://127.0.0.1:{port}/",
        "Origin: http://127.0.0.1:{port}.evil.example",
        "Origin: http://127.0.0.1:{port}\r\nOrigin: http://evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
    ],
)
async def test_from_another_site_there_is_nothing(served: Served, foreign: str) -> None:
    header = foreign.format(port=served.port)
    for path in PATHS:
        assert await served.reads(path, header) == 403, path
    for kind in (JSON, "Content-Type: text/plain", "Content-Type: application/x-www-form-urlencoded"):
        assert await served.says(kind, f"Cookie: {served.key}", header) == 403
        assert await served.calls("sendMessage", kind, header) == 403
    nothing_came_of_it(served)


@pytest.mark.parametrize(
    "key", ["", "Cookie: other=1", "Cookie: page_{port}=", "Cookie: page_{port}=x", "Cookie: page_1={key}"]
)
async def test_without_the_page_s_key_there_is_nothing(served: Served, key: str) -> None:
    header = key.format(port=served.port, key=served.key.partition("=")[2]) or "Accept: */*"
    for path in PATHS[1:4]:
        assert (await served.asks(f"GET {path} HTTP/1.1", header))[0] == 403
    assert await served.says(JSON, header) == 403
    assert served.world.you.sees() == []


@pytest.mark.parametrize(
    "kind", ["Content-Type: text/plain", "Content-Type: text/plain; application/json", "Accept: */*"]
)
async def test_a_form_is_not_taken(served: Served, kind: str) -> None:
    assert await served.says(kind, f"Cookie: {served.key}") == 415
    assert served.world.you.sees() == []


@pytest.mark.parametrize(
    "header", ["Origin: http://{host}", "Sec-Fetch-Site: none", "Sec-Fetch-Mode: no-cors", "Cookie: {key}"]
)
async def test_no_browser_reaches_the_bot_api(served: Served, header: str) -> None:
    assert await served.calls("getMe", JSON) == 200
    calls = len(served.world.telegram.sent)
    assert await served.calls("getMe", JSON, header.format(host=served.host, key=served.key)) == 403
    assert len(served.world.telegram.sent) == calls


async def test_the_bot_api_needs_the_token_of_this_run(served: Served) -> None:
    assert new_token() != new_token()
    for token in ("1000000001:preview-of-a-bot-that-is-only-here", new_token(), served.world.bot.token[:-1]):
        assert await served.calls("setWebhook", JSON, token=token, body=b'{"url":"http://127.0.0.1:1/"}') == 401
    assert served.world.bot.webhook is None


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://evil.example/",
        "http://10.0.0.1/",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://2130706434/",
        "http://[::2]/",
        "http://[::1/",
        "http://127.0.0.1:99999/",
        "file:///etc/passwd",
    ],
)
async def test_what_is_typed_is_carried_nowhere_else(served: Served, url: str) -> None:
    served.world.telegram.has_local_webhooks = True
    assert await served.calls("setWebhook", JSON, body=b'{"url":"%s"}' % url.encode()) == 400
    assert await served.calls("setWebhook", JSON, body=b'{"url":"http://127.0.0.1:1/"}') == 200


async def test_what_a_file_holds_does_not_act_as_the_page(served: Served) -> None:
    sent = await served.world.you.sends_file("page.html", b"<script>alert(1)</script>")
    _, head = await served.asks(f"GET /page/files/{sent.json['document']['file_id']} HTTP/1.1", f"Cookie: {served.key}")
    assert "Content-Security-Policy: default-src 'none'; sandbox" in head
    assert "X-Content-Type-Options: nosniff" in head
    assert "Cross-Origin-Resource-Policy: same-origin" in head
