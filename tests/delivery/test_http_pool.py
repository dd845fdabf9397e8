"""Against servers that speak HTTP well, badly, or not at all: bytes on a wire, as each test writes them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram.error import NetworkError, TimedOut

from benchmarks.certificate import write_certificate
from bot.delivery import http_pool
from bot.delivery.http_connection import Answer
from bot.delivery.http_pool import HttpPool, parse_address, tls_context

SAID = b'{"ok":true}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + SAID
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers each connection as the test says; notes the requests."""

    def __init__(self, serve: Serve) -> None:
        self.connections = 0
        self.port = 0
        self._serve = serve

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the pool has closed it
        finally:
            writer.close()


@asynccontextmanager
async def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(serve)
    async with await asyncio.start_server(server.answer, "127.0.0.1", 0, ssl=tls) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


@pytest.fixture
async def pool() -> AsyncIterator[HttpPool]:
    pool = HttpPool(connect_timeout=5.0, most_bytes=100_000, tls=None)
    yield pool
    await pool.close()


async def post(pool: HttpPool, server: Server, body: bytes = b"{}", seconds: float | None = 20.0) -> Answer:
    return await pool.post(parse_address(f"http://127.0.0.1:{server.port}/bot1:a/getMe"), body, seconds)


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
    return head + await reader.readexactly(length)


def always(*parts: bytes, closes: bool = False) -> Serve:
    """Answers every request of a connection with these bytes, each in a packet of its own."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0.002)
            if closes:
                return

    return serve


async def test_a_request_is_what_it_has_to_be_and_its_connection_is_kept(pool: HttpPool) -> None:
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            requests.append(await read_request(reader))
            writer.write(WHOLE)

    async with serving(serve) as server:
        for body in (b'{"chat_id":5}', b""):
            assert await post(pool, server, body) == (200, SAID)
    lines = b"Host: 127.0.0.1:%d\r\nContent-Type: application/json\r\n" % server.port
    assert requests == [
        b"POST /bot1:a/getMe HTTP/1.1\r\n" + lines + b'Content-Length: 13\r\n\r\n{"chat_id":5}',
        b"POST /bot1:a/getMe HTTP/1.1\r\n" + lines + b"Content-Length: 0\r\n\r\n",
    ]
    assert server.connections == 1


CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n"
    + SAID[:4]
    + b"\r\n7;a=b\r\n"
    + SAID[4:]
    + b"\r\n0\r\n\r\n"
)


@pytest.mark.parametrize(
    "parts",
    [
        (WHOLE,),
        tuple(WHOLE[place : place + 1] for place in range(len(WHOLE))),
        (CHUNKED,),
        (CHUNKED[:60], CHUNKED[60:]),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE,),
        (b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n", WHOLE),
        (b"HTTP/1.1 200\r\ncontent-length:11\r\n\r\n" + SAID,),
    ],
    ids=["whole", "byte by byte", "chunks", "cut chunks", "continue", "hints", "bare"],
)
async def test_an_answer_is_read_however_it_comes(pool: HttpPool, parts: tuple[bytes, ...]) -> None:
    async with serving(always(*parts)) as server:
        for _ in range(2):
            assert await post(pool, server) == (200, SAID)
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 11\r\n\r\n" + SAID,
        b"HTTP/1.0 200 OK\r\nContent-Length: 11\r\n\r\n" + SAID,
        b"HTTP/1.0 200 OK\r\nServer: simple\r\n\r\n" + SAID,
        b"HTTP/1.1 200 OK\r\n\r\n" + SAID,
    ],
    ids=["close", "1.0", "its end is that of the connection", "that of 1.1"],
)
async def test_a_connection_that_ends_is_not_used_again(pool: HttpPool, answer: bytes) -> None:
    async with serving(always(answer, closes=True)) as server:
        for _ in range(2):
            assert await post(pool, server) == (200, SAID)
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n" + SAID,
        CHUNKED[:-5],
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
    ids=["nothing", "half a head", "half a body", "half the chunks", "only an interim answer"],
)
async def test_a_cut_answer_is_lost(pool: HttpPool, answer: bytes) -> None:
    async with serving(always(answer, closes=True)) as server:
        with pytest.raises(NetworkError, match="closed meanwhile"):
            await post(pool, server)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x15\x03\x01\x00\x02\x02\x50",
        b"<html>\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nContent-Length: 12\r\n\r\n" + SAID,
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nTransfer-Encoding: chunked\r\n\r\n" + SAID,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\nhello",
    ],
    ids=["ssh", "a TLS alert", "no head", "no number", "two lengths", "two kinds of length", "no chunk", "upgrade"],
)
async def test_what_is_no_http_is_lost(pool: HttpPool, answer: bytes) -> None:
    async with serving(always(answer)) as server:
        with pytest.raises(NetworkError, match="no HTTP"):
            await post(pool, server)
        with pytest.raises(NetworkError, match="no HTTP"):
            await post(pool, server)
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b" " * 200_000,
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 15_000,
        b"HTTP/1.1 200 " + b"a" * 80_000,
    ],
    ids=["a body", "a head", "a line"],
)
async def test_what_is_too_long_is_lost(pool: HttpPool, answer: bytes) -> None:
    async with serving(always(*(answer[place : place + 30_000] for place in range(0, len(answer), 30_000)))) as server:
        with pytest.raises(NetworkError, match="too long"):
            await post(pool, server)


@pytest.mark.parametrize(
    "parts",
    [(WHOLE + WHOLE,), (WHOLE, WHOLE), (WHOLE + b"x",)],
    ids=["at once", "later", "part of one"],
)
async def test_an_answer_without_a_call_is_never_taken_for_that_of_the_next(
    pool: HttpPool, parts: tuple[bytes, ...]
) -> None:
    async with serving(always(*parts)) as server:
        for _ in range(2):
            assert await post(pool, server) == (200, SAID)
            await asyncio.sleep(0.02)
    assert server.connections == 2


async def test_a_cancelled_call_closes_its_connection(pool: HttpPool) -> None:
    arrived = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        arrived.set()
        if request.endswith(b"1"):
            await reader.read()  # until it is closed
        writer.write(WHOLE)

    async with serving(serve) as server:
        call = asyncio.create_task(post(pool, server, b"1"))
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await post(pool, server, b"2") == (200, SAID)
    assert server.connections == 2


async def test_a_late_answer_is_not_waited_for(pool: HttpPool) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(serve) as server:
        with pytest.raises(TimedOut, match="no answer in time"):
            await post(pool, server, seconds=0.05)
        with pytest.raises(TimedOut):  # of a kept connection
            await post(pool, server, seconds=0.05)


async def test_the_time_of_a_call_that_is_over_does_not_end_the_next_one_on_its_connection(pool: HttpPool) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for pause in (0.0, 1.2, 0.0):
            await read_request(reader)
            await asyncio.sleep(pause)
            writer.write(WHOLE)
        await reader.read()

    async with serving(serve) as server:
        for seconds in (1.0, 20.0, None):
            assert await post(pool, server, seconds=seconds) == (200, SAID)
        with pytest.raises(TimedOut):
            await post(pool, server, seconds=0.05)  # less than the one before it had
    assert server.connections == 1


async def test_a_call_has_its_own_time_whole_when_that_of_one_before_it_ends_meanwhile(pool: HttpPool) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(WHOLE)
        await reader.read()

    loop = asyncio.get_running_loop()
    async with serving(serve) as server:
        assert await post(pool, server, seconds=1.0) == (200, SAID)
        began = loop.time()
        with pytest.raises(TimedOut):
            await post(pool, server, seconds=1.2)
    assert loop.time() - began > 1.1
    assert server.connections == 1


async def test_whoever_waits_when_it_is_closed_is_told() -> None:
    pool = HttpPool(connect_timeout=5.0, most_bytes=1_000, tls=None)
    arrived = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        arrived.set()
        await reader.read()

    async with serving(serve) as server:
        call = asyncio.create_task(post(pool, server, seconds=None))
        await arrived.wait()
        await pool.close()
        with pytest.raises(NetworkError):
            await call


async def test_a_connection_that_the_server_has_closed_is_not_used(pool: HttpPool) -> None:
    async with serving(always(WHOLE, closes=True)) as server:
        await post(pool, server)
        await asyncio.sleep(0.05)
        assert await post(pool, server) == (200, SAID)
    assert server.connections == 2


async def test_idle_connections_are_closed(monkeypatch: pytest.MonkeyPatch, pool: HttpPool) -> None:
    monkeypatch.setattr(http_pool, "IDLE_SECONDS", 0.05)
    ended = asyncio.Semaphore(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await always(WHOLE)(reader, writer)
        finally:
            ended.release()

    async with serving(serve) as server:
        for _ in range(2):  # tidied again after it was tidied
            await asyncio.gather(post(pool, server), post(pool, server))
            for _ in range(2):
                await ended.acquire()
    assert server.connections == 4


async def test_another_address_of_a_name_is_tried(
    monkeypatch: pytest.MonkeyPatch, pool: HttpPool, unused_tcp_port: int
) -> None:
    async with serving(always(WHOLE)) as server:
        here = (2, 1, 6, "", ("127.0.0.1", server.port))
        nowhere = (2, 1, 6, "", ("127.0.0.1", unused_tcp_port))

        async def addresses_of(_: object) -> list[object]:
            return [nowhere, here]

        monkeypatch.setattr(http_pool, "_addresses_of", addresses_of)
        assert await pool.post(parse_address("http://two.invalid/bot1:a/getMe"), b"", 20.0) == (200, SAID)


async def test_a_name_is_looked_up_once_for_all_who_ask_in_the_same_moment(
    monkeypatch: pytest.MonkeyPatch, pool: HttpPool
) -> None:
    asked, found = asyncio.Semaphore(0), asyncio.Event()

    async def addresses_of(_: object) -> list[object]:
        asked.release()
        await found.wait()
        return [(2, 1, 6, "", ("127.0.0.1", server.port))]

    monkeypatch.setattr(http_pool, "_addresses_of", addresses_of)
    one = parse_address("http://one.invalid/bot1:a/getMe")
    async with serving(always(WHOLE)) as server:
        first, *others = [asyncio.create_task(pool.post(one, b"", 20.0)) for _ in range(5)]
        await asked.acquire()
        first.cancel()  # who asked first is given up, and the others have their answer
        await asyncio.wait([first])
        found.set()
        assert await asyncio.gather(*others) == [(200, SAID)] * 4
        assert asked.locked()  # nobody has asked since
        await asyncio.gather(*(pool.post(one, b"", 20.0) for _ in range(5)))
        assert not asked.locked()  # four connections are there; for the fifth its server is looked up anew


async def test_a_name_that_is_not_found_fails_for_all_who_ask_and_is_looked_up_again(
    monkeypatch: pytest.MonkeyPatch, pool: HttpPool
) -> None:
    asked = 0

    async def addresses_of(_: object) -> list[object]:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        raise OSError("no such name")

    monkeypatch.setattr(http_pool, "_addresses_of", addresses_of)
    none = parse_address("http://none.invalid/bot1:a/getMe")
    failed = await asyncio.gather(*(pool.post(none, b"", 20.0) for _ in range(3)), return_exceptions=True)
    assert [type(failure) for failure in failed] == [NetworkError] * 3
    with pytest.raises(NetworkError):
        await pool.post(none, b"", 20.0)
    assert asked == 2


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server on 127.0.0.1 whose certificate the machine trusts."""
    certificate, trusted = write_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_tls_is_spoken_with_whom_the_machine_trusts(trusted: ssl.SSLContext) -> None:
    pool = HttpPool(connect_timeout=5.0, most_bytes=100_000, tls=tls_context())
    async with serving(always(WHOLE), trusted) as server:
        for _ in range(2):
            address = parse_address(f"https://127.0.0.1:{server.port}/bot1:a/getMe")
            assert await pool.post(address, b"", 20.0) == (200, SAID)
        with pytest.raises(NetworkError, match="SSLCertVerificationError"):  # of another name
            await pool.post(parse_address(f"https://localhost:{server.port}/bot1:a/getMe"), b"", 20.0)
        await pool.close()
    assert server.connections == 1


async def test_over_tls_an_answer_says_where_it_ends(trusted: ssl.SSLContext) -> None:
    pool = HttpPool(connect_timeout=5.0, most_bytes=100_000, tls=tls_context())
    async with serving(always(b"HTTP/1.1 200 OK\r\n\r\n" + SAID, closes=True), trusted) as server:
        with pytest.raises(NetworkError):
            await pool.post(parse_address(f"https://127.0.0.1:{server.port}/bot1:a/getMe"), b"", 20.0)
        await pool.close()


def test_tls_is_left_to_another_where_the_machines_certificates_are_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert tls_context() is None


@pytest.mark.parametrize(
    ("url", "host", "port", "lines"),
    [
        (
            "https://api.telegram.org/bot1:a/getMe",
            "api.telegram.org",
            443,
            ["POST /bot1:a/getMe", "Host: api.telegram.org"],
        ),
        ("http://[::1]:8081/bot1:a/getMe", "::1", 8081, ["POST /bot1:a/getMe", "Host: [::1]:8081"]),
        ("http://bot_api/a b/bot1:a/getMe?ä=1", "bot_api", 80, ["POST /a%20b/bot1:a/getMe?%C3%A4=1", "Host: bot_api"]),
        (
            "http://bücher.example/bot1:a/x",
            "xn--bcher-kva.example",
            80,
            ["POST /bot1:a/x", "Host: xn--bcher-kva.example"],
        ),
        ("http://a:p%40s@b/bot1:a/x", "b", 80, ["POST /bot1:a/x", "Host: b", "Authorization: Basic YTpwQHM="]),
    ],
)
def test_addresses_are_written_as_http_wants_them(url: str, host: str, port: int, lines: list[str]) -> None:
    address = parse_address(url)
    head = address.head.decode().splitlines()
    assert (address.origin.host, address.origin.port) == (host, port)
    assert [head[0].removesuffix(" HTTP/1.1"), *(line for line in head[1:] if not line.startswith("Content"))] == lines


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bot1:secret",
        "ftp://a/bot1:secret",
        "http://[::1/bot1:secret",
        "http://a:99999/bot1:secret",
        "http:///bot1:secret",
        f"http://{'a' * 70}/bot1:secret",
    ],
)
def test_what_is_no_address_is_refused_without_the_token(url: str) -> None:
    with pytest.raises(NetworkError, match="not an address") as caught:
        parse_address(url)
    assert "secret" not in repr(caught.value)


def test_a_line_break_in_an_address_cannot_add_a_header() -> None:
    assert b"X-Evil" not in parse_address("http://a/bot1:a/x\r\nX-Evil: 1").head.splitlines()[1]
    assert len(parse_address("http://a/bot1:a/x%0d%0aX-Evil:1").head.splitlines()) == 3
