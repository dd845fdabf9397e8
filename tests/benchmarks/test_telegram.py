"""The Bot API of the benchmark: its limit, its TLS, and what it counts."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram.error import NetworkError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from benchmarks.certificate import write_certificate
from benchmarks.telegram import Arrivals, Connection, Limit
from bot.delivery.transport import HttpRequest


@asynccontextmanager
async def serving(
    arrivals: Arrivals, limit: Limit | None = None, latency: float = 0.0, context: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Yields the port."""
    loop, transports = asyncio.get_running_loop(), list[asyncio.BaseTransport]()

    class Noted(Connection):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            transports.append(transport)

    server = await loop.create_server(lambda: Noted(arrivals, limit, latency), "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]
    for transport in transports:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()
    await asyncio.sleep(0.01)  # so that the loop closes them


async def send(address: str, chat_id: int) -> tuple[int, dict[str, object]]:
    """Sends a message as the bot does; returns status and answer."""
    request = HttpRequest()
    parameters = {"chat_id": chat_id, "text": "a"}
    data = RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])
    async with request:
        status, body = await request.do_request(f"{address}/bot1:a/sendMessage", "POST", data)
    answer: dict[str, object] = json.loads(body)
    return status, answer


def test_a_limit_takes_a_second_and_a_tenth_at_once_and_then_as_many_as_it_says() -> None:
    limit = Limit(10)
    at_once = [limit.take(100.0) for _ in range(12)]
    a_second_later = [limit.take(101.0) for _ in range(11)]
    assert at_once == [0] * 11 + [1]
    assert a_second_later == [0] * 10 + [1]


async def test_above_the_limit_it_answers_as_telegram_does() -> None:
    arrivals = Arrivals()
    async with serving(arrivals, Limit(1)) as port:
        taken, _ = await send(f"http://127.0.0.1:{port}", 1)
        refused = await send(f"http://127.0.0.1:{port}", 2)
    description = "Too Many Requests: retry after 1"
    assert taken == 200
    assert refused == (
        429,
        {"ok": False, "error_code": 429, "description": description, "parameters": {"retry_after": 1}},
    )
    assert (arrivals.figures().delivered, arrivals.figures().refused) == (1, 1)


async def test_it_counts_chats_and_what_came_twice_also_with_latency() -> None:
    arrivals = Arrivals()
    async with serving(arrivals, latency=0.01) as port:
        for chat_id in (1, 2, 2):
            await send(f"http://127.0.0.1:{port}", chat_id)
    figures = arrivals.figures()
    assert (figures.arrived, figures.delivered, figures.repeated, figures.blank) == (3, 2, 1, 0)


async def test_the_bot_trusts_its_certificate_only_when_it_is_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, trusted = write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    arrivals = Arrivals()
    async with serving(arrivals, context=context) as port:
        with pytest.raises(NetworkError):
            await send(f"https://127.0.0.1:{port}", 1)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        status, _ = await send(f"https://127.0.0.1:{port}", 2)
    assert status == 200
    assert arrivals.figures().delivered == 1
