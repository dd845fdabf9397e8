"""`health`: what a container asks, beside a bot that is well, one that is not, and none."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.commands.processes import forked
from tests.patience import PATIENCE


async def ask(tmp_path: Path, listen: str) -> tuple[int | None, str]:
    proxy = "http://127.0.0.1:9"  # where nothing listens, and which must not be asked
    async with forked(tmp_path, "health", LISTEN=listen, HTTP_PROXY=proxy, http_proxy=proxy) as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, output.decode().strip()


@pytest.mark.parametrize(("status", "code", "said"), [(200, 0, '{"ok": true}'), (503, 1, 'answers 503: {"ok": false}')])
async def test_it_ends_as_the_bot_answers(tmp_path: Path, status: int, code: int, said: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": status == 200}, status=status)

    application = web.Application()
    application.add_routes([web.get("/health", answer)])
    async with TestServer(application) as server:
        ended, text = await ask(tmp_path, f"0.0.0.0:{server.port}")
    assert ended == code
    assert text.endswith(said)


async def test_no_bot_is_not_well(tmp_path: Path) -> None:
    async with TestServer(web.Application()) as server:
        port = server.port
    code, text = await ask(tmp_path, f"127.0.0.1:{port}")
    assert (code, text.split()[0]) == (1, f"http://127.0.0.1:{port}/health")
    assert "the bot does not run here" in text
