from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import NetworkError

from bot.delivery.transport import PyreqwestRequest

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


async def post(url: str) -> object:
    request = PyreqwestRequest()
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
