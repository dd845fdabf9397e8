import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import InputFile
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.delivery import transport
from bot.delivery.transport import HttpRequest
from bot.settings.proxy import OF_THE_ENVIRONMENT

TOKEN = "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Call(Protocol):
    async def __call__(self, answer: Answer, data: RequestData | None = None, method: str = ...) -> object: ...


@pytest.fixture(autouse=True, params=["directly", "over pyreqwest"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has a proxy is served by pyreqwest, and this machine is never asked through one."""
    for name in OF_THE_ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    if request.param == "over pyreqwest":
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")


@pytest.fixture
async def call() -> AsyncIterator[Call]:
    """Calls a method of a Bot API that answers as the test says."""
    request = HttpRequest()
    await request.initialize()
    servers: list[TestServer] = []

    async def call(answer: Answer, data: RequestData | None = None, method: str = "editMessageText") -> object:
        application = web.Application()
        application.router.add_post("/{anything:.*}", answer)
        server = TestServer(application)
        servers.append(server)
        await server.start_server()
        return await request.post(str(server.make_url(f"/bot{TOKEN}/{method}")), data)

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
async def test_telegrams_answer_is_returned(call: Call, body: str) -> None:
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
async def test_telegrams_refusals_are_its_own(call: Call, status: int, body: str, error: type[TelegramError]) -> None:
    with pytest.raises(error):
        await call(says(status, body))


GATEWAY = "<html><body>Access denied</body></html>"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((status, GATEWAY) for status in (200, 204, 302, 400, 401, 403, 404, 409, 429, 502)),
        *((200, body) for body in ("", "{}", "[]", "null", '{"ok":true}', '{"ok":false,"result":1}', "[" * 100_000)),
        (200, '\ufeff{"ok":true,"result":true}'),  # a mark before it, which PTB does not read
        *((401, body) for body in ("{}", '{"ok":false}', '{"error":"denied","description":"who are you"}')),
        (400, '{"ok":false,"description":"no","parameters":[]}'),
        (403, '{"ok":false,"description":{"text":"no"}}'),
    ],
)
async def test_what_is_not_telegrams_is_a_lost_answer(call: Call, status: int, body: str) -> None:
    with pytest.raises(NetworkError) as caught:
        await call(says(status, body, "text/html"))

    assert type(caught.value) is NetworkError


@pytest.mark.parametrize("result", ["[]", "null", "true", "{}", '{"date":1}'])
@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto"])
async def test_of_what_was_sent_only_a_message_is_an_answer(call: Call, method: str, result: str) -> None:
    with pytest.raises(NetworkError):
        await call(says(200, f'{{"ok":true,"result":{result}}}'), method=method)


async def test_a_token_that_comes_back_in_an_error_is_taken_out(call: Call) -> None:
    body = f'{{"ok":false,"error_code":400,"description":"Bad Request: POST /bot{TOKEN}/sendMessage"}}'

    with pytest.raises(BadRequest) as caught:
        await call(says(400, body))

    assert caught.value.message.lower() == "post /bot<token>/sendmessage"


async def test_an_answer_that_drips_ends(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.fixture
def takes_a_thousand_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MOST_BYTES", 1_000)


async def test_an_endless_answer_ends(
    takes_a_thousand_bytes: None,  # before the connections of `call` are made
    call: Call,
) -> None:
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
        await HttpRequest().post("http://127.0.0.1:1/")


async def test_what_is_no_address_is_told_without_the_token() -> None:
    request = HttpRequest()
    await request.initialize()
    try:
        with pytest.raises(NetworkError, match="not an address") as caught:
            await request.post(f"http://[::1/bot{TOKEN}/getMe")
    finally:
        await request.shutdown()

    assert TOKEN not in repr(caught.value)


async def test_no_connection_is_told_without_the_token(unused_tcp_port: int) -> None:
    request = HttpRequest()
    await request.initialize()
    try:
        with pytest.raises(NetworkError) as caught:
            await request.post(f"http://127.0.0.1:{unused_tcp_port}/bot{TOKEN}/getMe")
    finally:
        await request.shutdown()

    assert re.fullmatch(r"no connection \((ConnectionRefused|Connect)Error\)", caught.value.message)


async def test_a_file_is_uploaded_with_what_belongs_to_it(call: Call) -> None:
    photo = InputFile(b"picture", filename="card.jpg")
    fields = {"chat_id": 5, "caption": "¡hola! 🌱", "photo": photo, "reply_markup": {"inline_keyboard": []}}
    seen: dict[str, object] = {}

    async def take(request: web.Request) -> web.Response:
        assert request.content_length  # not chunked: simple servers read what they are told to
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                seen[name] = (value.filename, value.content_type, value.file.read())
            else:
                seen[name] = value
        return web.json_response({"ok": True, "result": True})

    await call(take, RequestData([parameter(name, value) for name, value in fields.items()]))

    assert seen == {
        "chat_id": "5",
        "caption": "¡hola! 🌱",
        "photo": ("card.jpg", "image/jpeg", b"picture"),
        "reply_markup": '{"inline_keyboard": []}',
    }


def parameter(name: str, value: object) -> RequestParameter:
    return RequestParameter.from_input(name, value)


async def test_a_cancelled_call_makes_room_at_once() -> None:
    arrived, goes_on = asyncio.Event(), asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        arrived.set()
        await goes_on.wait()
        return web.json_response({"ok": True, "result": 1})

    application = web.Application()
    application.router.add_post("/{anything:.*}", hang)
    request = HttpRequest(connections=2)
    await request.initialize()
    async with TestServer(application) as server:
        url = str(server.make_url(f"/bot{TOKEN}/editMessageText"))
        for _ in range(5):  # more than there are connections
            task = asyncio.create_task(request.post(url))
            await arrived.wait()
            arrived.clear()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        goes_on.set()

        assert await request.post(url) == 1
        await request.shutdown()


async def test_updates_are_got_although_all_other_answers_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_urgent", lambda: True)  # as of people who flood with /support
    monkeypatch.setattr(transport, "URGENT_CONNECTIONS", 2)
    hung = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("editMessageText"):
            await hung.wait()
        return web.json_response({"ok": True, "result": []})

    application = web.Application()
    application.router.add_post("/{anything:.*}", answer)
    request = HttpRequest()
    await request.initialize()
    async with TestServer(application) as server:
        sending = [
            asyncio.create_task(request.post(str(server.make_url(f"/bot{TOKEN}/editMessageText")))) for _ in range(3)
        ]
        await asyncio.sleep(0)
        assert await request.post(str(server.make_url(f"/bot{TOKEN}/getUpdates"))) == []
        assert not any(task.done() for task in sending)
        hung.set()
        await asyncio.gather(*sending)
        await request.shutdown()


async def test_who_waits_too_long_for_a_connection_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT", 0.0)
    monkeypatch.setattr(transport, "READ_TIMEOUT", 0.1)
    request = HttpRequest(connections=0)
    await request.initialize()

    with pytest.raises(TimedOut, match="no connection was free"):
        await request.post(f"http://127.0.0.1:1/bot{TOKEN}/editMessageText")

    await request.shutdown()


PROGRAM = """
import asyncio, sys
from bot.delivery.transport import HttpRequest
from bot.settings.proxy import OF_THE_ENVIRONMENT

async def main():
    request = HttpRequest()
    await request.initialize()
    await asyncio.gather(*(request.post(sys.argv[1]) for _ in range(500)))
    await request.shutdown()

asyncio.run(main())
"""


async def test_a_program_ends_well_right_after_its_last_answers() -> None:
    application = web.Application()
    application.router.add_post("/{anything:.*}", says(200, '{"ok":true,"result":1}'))
    async with TestServer(application) as server:
        address = str(server.make_url(f"/bot{TOKEN}/editMessageText"))
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, address)

        assert await process.wait() == 0
