import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import NetworkError

from bot.delivery.transport import HttpRequest
from bot.settings.proxy import proxy_address

ELSEWHERE = "http://telegram.invalid/bot1:a/getMe"  # no name server knows it


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TestServer]:
    """A proxy that answers itself, whatever is asked for."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": request.raw_path})

    application = web.Application()
    application.router.add_post("/{anything:.*}", answer)
    server = TestServer(application)
    await server.start_server()
    yield server
    await server.close()


async def post(url: str, proxy: str | None = None) -> object:
    request = HttpRequest(proxy=proxy)
    await request.initialize()
    try:
        return await request.post(url)
    finally:
        await request.shutdown()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_a_proxy_of_the_environment_is_asked(
    proxy: TestServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(proxy.make_url("/")))

    assert await post(ELSEWHERE) == ELSEWHERE


async def test_hosts_of_no_proxy_are_asked_directly(proxy: TestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", str(proxy.make_url("/")))
    monkeypatch.setenv("NO_PROXY", "example.org,.invalid")

    with pytest.raises(NetworkError, match="no connection"):
        await post(ELSEWHERE)


async def test_a_server_on_this_machine_is_asked_directly(proxy: TestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    assert await post(str(proxy.make_url("/bot1:a/getMe"))) == "/bot1:a/getMe"


async def test_the_setting_goes_before_the_environment(proxy: TestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert await post(ELSEWHERE, str(proxy.make_url("/"))) == ELSEWHERE
    assert await post(str(proxy.make_url("/bot1:a/getMe")), "http://127.0.0.1:1") == "/bot1:a/getMe"


async def test_an_address_without_http_is_taken_as_curl_does(
    proxy: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
    assert await post(ELSEWHERE) == ELSEWHERE


async def test_names_are_looked_up_by_a_socks_proxy() -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(3)
        writer.write(b"\x05\x00")  # RFC 1928: no password is needed
        asked.append(await reader.read(100))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NetworkError):
            await post(ELSEWHERE, proxy_address(f"socks5://127.0.0.1:{port}"))
    assert b"telegram.invalid" in asked[0]
