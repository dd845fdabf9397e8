"""The port is open from the start; the server behind it is loaded by the first connection, on either event loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
import uvloop

from bot.entrypoints.listening import HttpServer, Listener


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)  # type: ignore[attr-defined]  # TCP


class Server:
    made = 0

    def __init__(self) -> None:
        Server.made += 1

    async def open(self) -> None:
        await asyncio.sleep(0.01)

    def protocol(self) -> asyncio.Protocol:
        return Echo()

    async def close(self) -> None:
        pass


async def said_back(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"hello")
    try:
        return await reader.read(5)
    finally:
        writer.close()


async def listening(make: Callable[[], HttpServer]) -> list[bytes]:
    listener = Listener(make)
    await listener.open("127.0.0.1", 0)
    port = listener.addresses[0][1]
    try:
        return [*await asyncio.gather(*(said_back(port) for _ in range(3))), await said_back(port)]
    finally:
        await listener.close()


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_the_first_connections_load_the_server_once_and_are_answered(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    Server.made = 0
    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(listening(Server)) == [b"hello"] * 4
    assert Server.made == 1


def test_a_server_that_could_not_be_loaded_is_loaded_for_the_next_one() -> None:
    made: list[str] = []

    def make() -> HttpServer:
        made.append("tried")
        if len(made) == 1:
            raise OSError(24, "Too many open files")
        return Server()

    async def asked() -> list[bytes]:
        listener = Listener(make)
        await listener.open("127.0.0.1", 0)
        port = listener.addresses[0][1]
        try:
            with suppress(ConnectionResetError):
                await said_back(port)
            return [await said_back(port)]
        finally:
            await listener.close()

    assert asyncio.run(asked()) == [b"hello"]


def test_a_server_that_cannot_be_loaded_ends_the_connection_and_nothing_else() -> None:
    def fail() -> HttpServer:
        raise ImportError("no such library")

    async def asked() -> bytes:
        listener = Listener(fail)
        await listener.open("127.0.0.1", 0)
        try:
            return await said_back(listener.addresses[0][1])
        except ConnectionResetError:
            return b""
        finally:
            await listener.close()

    assert asyncio.run(asked()) == b""
