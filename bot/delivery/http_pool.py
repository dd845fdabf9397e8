"""A pool of kept-alive connections for what is posted a thousand times over. Called by `transport`."""

import asyncio
import os
import re
import socket
import ssl
from base64 import b64encode
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from aiohappyeyeballs import AddrInfoType, start_connection
from telegram.error import NetworkError, TimedOut

from bot.delivery.http_connection import Answer, Connection

IDLE_SECONDS = 30.0  # then a connection is closed, before a server or a router in between forgets it
OTHER_FAMILY_AFTER = 0.25  # seconds after which IPv4 is tried beside IPv6 (RFC 8305)
IN_A_PATH = "/:@!$&'()*+,;=-._~%"  # RFC 3986
PORTS = {"http": 80, "https": 443}
HASHED_CERTIFICATE = re.compile(r"[0-9a-f]{8}\.\d+")  # as `openssl rehash` names it


class Origin(NamedTuple):
    """A server, as RFC 6454 names it."""

    host: str
    port: int
    is_tls: bool


class Address(NamedTuple):
    """Of a method: the server, and the head of a request but for its body's length."""

    origin: Origin
    head: bytes


class HttpPool:
    """Opens a connection when none is free: how many are used at once, its caller limits.

    `most_bytes`: of an answer. `tls`: None where no TLS is to be spoken.
    """

    def __init__(self, *, connect_timeout: float, most_bytes: int, tls: ssl.SSLContext | None) -> None:
        self._connect_timeout = connect_timeout
        self._most_bytes = most_bytes
        self._tls = tls
        self._idle: dict[Origin, deque[Connection]] = {}  # what was used last is last
        self._open: set[Connection] = set()
        self._look_ups: dict[Origin, asyncio.Task[Sequence[AddrInfoType]]] = {}
        self._tidying: asyncio.TimerHandle | None = None

    async def post(self, address: Address, body: bytes, seconds: float | None) -> Answer:
        """Posts JSON, or nothing, and returns the answer. `seconds` are for connecting, too.

        Raises TimedOut or NetworkError. Nothing is posted twice: a server may have done what it was asked to do.
        """
        loop = asyncio.get_running_loop()
        connection = self._take(address.origin)
        if connection is None:
            began = loop.time()
            connection = await self._connect(address.origin, seconds)
            seconds = None if seconds is None else max(0.0, seconds - (loop.time() - began))
        answer = await connection.exchange(b"%bContent-Length: %d\r\n\r\n%b" % (address.head, len(body), body), seconds)
        if connection.is_free():
            connection.idle_since = loop.time()
            self._idle.setdefault(address.origin, deque()).append(connection)
            if self._tidying is None:
                self._tidying = loop.call_later(IDLE_SECONDS, self._tidy)
        return answer

    async def close(self) -> None:
        """Closes all connections. Who waits for an answer gets a NetworkError."""
        if self._tidying:
            self._tidying.cancel()
            self._tidying = None
        self._idle.clear()
        if connections := tuple(self._open):
            for connection in connections:
                connection.close()
            await asyncio.wait([connection.lost for connection in connections], timeout=1.0)

    def _take(self, origin: Origin) -> Connection | None:
        """Returns the connection that was used last, so that the others grow old and go."""
        idle = self._idle.get(origin)
        while idle:
            connection = idle.pop()
            if connection.is_free():
                return connection
        return None

    def _tidy(self) -> None:
        loop = asyncio.get_running_loop()
        for origin, idle in list(self._idle.items()):
            while idle and (loop.time() - idle[0].idle_since >= IDLE_SECONDS or not idle[0].is_free()):
                idle.popleft().close()
            if not idle:
                del self._idle[origin]
        oldest = min((idle[0].idle_since for idle in self._idle.values()), default=None)
        self._tidying = None if oldest is None else loop.call_at(oldest + IDLE_SECONDS, self._tidy)

    async def _connect(self, origin: Origin, seconds: float | None) -> Connection:
        """Raises TimedOut or NetworkError."""
        limit = self._connect_timeout if seconds is None else min(seconds, self._connect_timeout)
        try:
            async with asyncio.timeout(limit):
                connection = await self._open_connection(origin)
        except TimeoutError:
            raise TimedOut("no connection in time") from None
        except (OSError, RuntimeError, ValueError) as error:  # uvloop has RuntimeErrors; a name may be no name
            raise NetworkError(f"no connection ({type(error).__name__})") from None
        self._open.add(connection)
        connection.lost.add_done_callback(lambda _: self._open.discard(connection))
        return connection

    async def _open_connection(self, origin: Origin) -> Connection:
        loop = asyncio.get_running_loop()
        connected = await start_connection(await self._look_up(origin), happy_eyeballs_delay=OTHER_FAMILY_AFTER)
        tls: dict[str, Any] = (
            {"ssl": self._tls, "server_hostname": origin.host} if origin.is_tls else {}
        )  # Any: options
        try:
            _, connection = await loop.create_connection(
                lambda: Connection(self._most_bytes, is_tls=origin.is_tls), sock=connected, **tls
            )
        except BaseException:
            connected.close()
            raise
        return connection

    async def _look_up(self, origin: Origin) -> Sequence[AddrInfoType]:
        """Returns a server's addresses: a rush opens a hundred connections in one moment, and asks once."""
        if (looking := self._look_ups.get(origin)) is None:
            looking = self._look_ups[origin] = asyncio.create_task(_addresses_of(origin))
            looking.add_done_callback(lambda _: self._look_ups.pop(origin, None))
        return await asyncio.shield(looking)  # others may wait for it when this call is given up


async def _addresses_of(origin: Origin) -> Sequence[AddrInfoType]:
    return await asyncio.get_running_loop().getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)


@lru_cache(maxsize=4096)  # one for each method that is called, of each bot
def parse_address(url: str) -> Address:
    """Raises NetworkError for what is no address of http or https, without the address, which holds the token."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("neither http nor https")
        host = parts.hostname.encode("idna").decode()
        origin = Origin(host, parts.port or PORTS[parts.scheme], parts.scheme == "https")
        path = quote(parts.path or "/", IN_A_PATH) + (f"?{quote(parts.query, IN_A_PATH + '?')}" if parts.query else "")
        named = f"[{host}]" if ":" in host else host
        server = named if parts.port is None else f"{named}:{parts.port}"
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    except ValueError as error:
        raise NetworkError(f"not an address ({type(error).__name__})") from None
    head = f"POST {path} HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\n"
    if secret:
        head += f"Authorization: Basic {b64encode(secret.encode()).decode()}\r\n"
    return Address(origin, head.encode("ascii"))


def tls_context() -> ssl.SSLContext | None:
    """Returns what trusts whom the machine trusts; None where OpenSSL does not find the machine's certificates."""
    paths = ssl.get_default_verify_paths()
    is_hashed = paths.capath and any(map(HASHED_CERTIFICATE.fullmatch, os.listdir(paths.capath)))
    if not (is_hashed or (paths.cafile and Path(paths.cafile).stat().st_size)):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # it checks certificate and name
    context.set_default_verify_paths()
    context.set_alpn_protocols(["http/1.1"])
    return context
