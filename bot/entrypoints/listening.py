"""Listens for HTTP, and loads the server for it when the first connection comes. Called by `commands.run`.

A bot that polls needs no server, and may never be asked how it is: aiohttp takes 20 MB, and a third of the start.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

log = logging.getLogger(__name__)

BACKLOG = 128


class HttpServer(Protocol):
    """What answers connections (`http_server.AiohttpServer`)."""

    async def open(self) -> None:
        """Begins to answer. Once."""
        ...

    def protocol(self) -> asyncio.Protocol:
        """Returns what handles one connection."""
        ...

    async def close(self) -> None:
        """Ends all connections."""
        ...


class Listener:
    """An address that is listened on, from `open` until `close`. `make` loads the server in a thread, once."""

    def __init__(self, make: Callable[[], HttpServer]) -> None:
        self._make = make
        self._loading: asyncio.Task[HttpServer] | None = None
        self._listening: asyncio.AbstractServer | None = None
        self._arriving: set[asyncio.Task[None]] = set()

    @property
    def addresses(self) -> list[Any]:  # Any: as sockets name them
        """The addresses that are listened on: host and port, and more with IPv6."""
        return [socket.getsockname() for socket in getattr(self._listening, "sockets", ())]

    async def open(self, host: str, port: int) -> None:
        """Begins to listen. Raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._protocol, host, port, backlog=BACKLOG)

    def _protocol(self) -> asyncio.Protocol:
        if self._loading and self._loading.done() and not self._loading.exception():
            return self._loading.result().protocol()
        return _Arriving(self)

    async def server(self) -> HttpServer:
        """Returns the server, which is loaded now if it was not before."""
        has_failed = self._loading is not None and self._loading.done() and self._loading.exception() is not None
        if self._loading is None or has_failed:  # such as for want of file descriptors: the next one tries again
            self._loading = asyncio.create_task(self._load())
        return await asyncio.shield(self._loading)

    async def _load(self) -> HttpServer:
        server = await asyncio.to_thread(self._make)
        await server.open()
        return server

    async def close(self) -> None:
        """Listens no more, and ends all connections."""
        if self._listening:
            self._listening.close()
        for task in self._arriving:
            task.cancel()
        if self._loading:
            await asyncio.wait([self._loading])
            if not self._loading.exception():  # else it was said
                await self._loading.result().close()

    def arrived(self, arriving: "_Arriving") -> None:
        """Hands a connection over to the server."""
        task = asyncio.create_task(self._hand_over(arriving))
        self._arriving.add(task)
        task.add_done_callback(self._arriving.discard)

    async def _hand_over(self, arriving: "_Arriving") -> None:
        try:
            protocol = (await self.server()).protocol()
        except Exception:  # whatever hinders it: reminders go on
            log.exception("the HTTP server cannot be loaded")
            arriving.transport.abort()
            return
        arriving.hand_over(protocol)


class _Arriving(asyncio.Protocol):
    """A connection until the server is there: what comes meanwhile is kept, one piece at most."""

    transport: asyncio.Transport

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._received = b""
        self._is_lost = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP: never another kind
        self.transport = transport
        self._listener.arrived(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lost = True

    def hand_over(self, protocol: asyncio.Protocol) -> None:
        """From now on the connection is this protocol's, as if it had just been made."""
        if self._is_lost or self.transport.is_closing():
            return
        self.transport.set_protocol(protocol)
        protocol.connection_made(self.transport)
        if self._received:
            self.transport.resume_reading()
            protocol.data_received(self._received)
