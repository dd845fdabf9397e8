"""Connections of the HTTP server: so many at most, and none that only waits. Called by `http_server`.

Slow and idle connections would otherwise use up the open files that Telegram and the database need.
"""

import asyncio
import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

MOST_CONNECTIONS = 200  # Telegram opens 40 to a webhook, or 100 if asked
QUIET_SECONDS = 15.0  # that a connection may go without a whole request
BODY_SECONDS = 10.0  # for what a request brings along


BROKEN = (HttpProcessingError, web.RequestPayloadError, ConnectionError)  # what hostile or lost clients cause


class Handler(web.RequestHandler):
    """aiohttp's handler of one connection, which closes it when no request is made in time, or there are `most`."""

    __slots__ = ("_closing", "_most", "_requests", "_server")

    def __init__(self, server: web.Server, most: int, **options: Any) -> None:  # Any: as aiohttp names them
        super().__init__(server, keepalive_timeout=QUIET_SECONDS, **options)
        self._server = server
        self._most = most
        self._requests = 0  # that are being answered
        self._closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if len(self._server.connections) > self._most:
            self.force_close()
        self._wait()

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._closing:
            self._closing.cancel()
        super().connection_lost(exc)

    def begin(self) -> None:
        """A request has come whole but for its body: it may take its time."""
        self._requests += 1
        if self._closing:
            self._closing.cancel()

    def end(self) -> None:
        """It is answered."""
        self._requests -= 1
        if not self._requests:
            self._wait()

    def _wait(self) -> None:
        self._closing = asyncio.get_running_loop().call_later(QUIET_SECONDS, self.force_close)


@web.middleware
async def while_answering(request: web.Request, handler: Any) -> web.StreamResponse:  # Any: as aiohttp types it
    """Tells the connection when a request is answered."""
    connection = request.protocol
    if not isinstance(connection, Handler):
        return await handler(request)  # type: ignore[no-any-return]  # aiohttp's handler is Any
    connection.begin()
    try:
        return await handler(request)  # type: ignore[no-any-return]  # the same
    finally:
        connection.end()


async def read_body(request: web.Request) -> bytes:
    """Returns the whole body. Raises HTTPRequestTimeout for a slow one, HTTPRequestEntityTooLarge for a long one.

    Raises HTTPBadRequest for one that is cut off, or not packed as it says.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest from None


class OneLine(logging.Filter):
    """Leaves the traceback out of a line about broken HTTP: whoever sends it would fill the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], BROKEN):
            record.exc_info = None
        return True


ONE_LINE = OneLine()
