import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.delivery import transport
from bot.delivery.transport import AiohttpRequest

TOKEN = "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def call() -> AsyncIterator[Callable[[Answer], Awaitable[object]]]:
    """Calls a method of a Bot API that answers as the test says."""
    request = AiohttpRequest()
    await request.initialize()
    servers: list[TestServer] = []

    async def call(answer: Answer) -> object:
        application = web.Application()
        application.router.add_post("/{anything:.*}", answer)
        server = TestServer(application)
        servers.append(server)
        await server.start_server()
        return await request.post(str(server.make_url(f"/bot{TOKEN}/sendMessage")))

    yield call
    await request.shutdown()
    for server in servers:
        await server.close()


def says(status: int, body: str, content_type: str = "application/json") -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=content_type)

    return answer


@pytest.mark.parametrize(
    "body",
    [
        '{"ok":true,"result":{"message_id":5}}',
        '{"result": {"message_id": 5},\n "ok": true}',
        '{"ok": true, "result": {"message_id":5}}',
    ],
)
async def test_telegrams_answer_is_returned(call: Callable[[Answer], Awaitable[object]], body: str) -> None:
    assert await call(says(200, body)) == {"message_id": 5}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, '{"ok":false,"error_code":401,"description":"Unauthorized"}', InvalidToken),
        (403, '{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}', Forbidden),
        (400, '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}', BadRequest),
        (429, '{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":3}}', RetryAfter),
    ],
)
async def test_telegrams_refusals_are_its_own(
    call: Callable[[Answer], Awaitable[object]], status: int, body: str, error: type[TelegramError]
) -> None:
    with pytest.raises(error):
        await call(says(status, body))


GATEWAY = "<html><body>Access denied</body></html>"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((status, GATEWAY) for status in (200, 204, 302, 400, 401, 403, 404, 409, 429, 502)),
        *((200, body) for body in ("", "{}", "[]", "null", '{"ok":true}', '{"ok":false,"result":1}', "[" * 100_000)),
        *((401, body) for body in ("{}", '{"ok":false}', '{"error":"denied","description":"who are you"}')),
        (400, '{"ok":false,"description":"no","parameters":[]}'),
        (403, '{"ok":false,"description":{"text":"no"}}'),
    ],
)
async def test_what_is_not_telegrams_is_a_lost_answer(
    call: Callable[[Answer], Awaitable[object]], status: int, body: str
) -> None:
    with pytest.raises(NetworkError) as caught:
        await call(says(status, body, "text/html"))

    assert type(caught.value) is NetworkError


async def test_a_token_that_comes_back_in_an_error_is_taken_out(call: Callable[[Answer], Awaitable[object]]) -> None:
    body = f'{{"ok":false,"error_code":400,"description":"Bad Request: POST /bot{TOKEN}/sendMessage"}}'

    with pytest.raises(BadRequest) as caught:
        await call(says(400, body))

    assert caught.value.message.lower() == "post /bot<token>/sendmessage"


async def test_an_answer_that_drips_ends(
    call: Callable[[Answer], Awaitable[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT", 0.1)
    monkeypatch.setattr(transport, "READ_TIMEOUT", 0.2)

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    with pytest.raises(TimedOut):
        await call(drip)


async def test_an_endless_answer_ends(
    call: Callable[[Answer], Awaitable[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MOST_BYTES", 1_000)

    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b" " * 100)
        return response

    with pytest.raises(NetworkError, match="too long"):
        await call(flood)


async def test_a_closed_transport_says_so() -> None:
    with pytest.raises(NetworkError, match="closed"):
        await AiohttpRequest().send("POST", "http://127.0.0.1:1/", read_timeout=1)
