"""HTTP to the Bot API: PTB's request interface over connections of our own (docs/ARCHITECTURE.md says why).

What is posted without a file and without a proxy in between, which is nearly all, goes over `http_pool`; the rest over
pyreqwest, which is loaded by the first call that needs it.
"""

import asyncio
import json
import ssl
from collections.abc import Awaitable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.delivery.http_connection import Answer
from bot.delivery.http_pool import IDLE_SECONDS, HttpPool, parse_address, tls_context
from bot.delivery.reply_turns import is_urgent
from bot.settings.proxy import OF_THE_ENVIRONMENT, proxy_of_environment

if TYPE_CHECKING:
    from bot.delivery.reqwest_client import ReqwestClient

# Seconds. Telegram answers in well under one; a Telegram client gives a tap up after about ten.
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0
UPLOAD_TIMEOUT = 60.0
URGENT_TIMEOUT = 4.0  # then it is sent again: twice is better than late
URGENT_CONNECTIONS = 32  # for answers to someone in need
UPDATES_CONNECTIONS = 2  # of a bot, for getting updates: what hangs elsewhere makes it deaf to nobody
MOST_BYTES = 20 * 1024 * 1024  # of an answer, and of a file that a bot may get
OK = HTTPStatus.OK  # looked up once: Python 3.11 takes long for it
# How Telegram's own answers begin; what begins otherwise is looked at closely.
USUAL = (b'{"ok":true,"result":', b'{"ok": true, "result":')
# Methods of which the answer is the message that was sent, and what stands in it.
SENDING, HAS_NUMBER = ("/sendMessage", "/sendPhoto", "/sendAnimation", "/sendDocument"), b'"message_id"'


class HttpRequest(BaseRequest):
    """Kept-alive connections: a lane for all, one for what is urgent and one for updates: what hangs holds up no help.

    `initialize` opens and `shutdown` closes them; both may be called repeatedly. `proxy` is its address; None leaves it
    to the environment. `bots`: how many get their updates through it.
    """

    def __init__(self, *, connections: int = 128, proxy: str | None = None, bots: int = 1) -> None:
        self._connections = connections
        self._bots = bots
        self._proxy = proxy
        self._usual: _Lane | None = None
        self._urgent: _Lane | None = None
        self._updates: _Lane | None = None

    @property
    def read_timeout(self) -> float:
        """The default, in seconds."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Makes the lanes if there are none. Raises ValueError for a proxy of the environment that is no address."""
        if self._usual is None:
            named = [proxy_of_environment(name) for name in OF_THE_ENVIRONMENT]  # each of them has to be an address
            has_proxy = bool(self._proxy or any(named))
            tls = None if has_proxy else tls_context()
            self._usual, self._urgent, self._updates = (
                _Lane(connections, self._proxy, tls, is_direct=not has_proxy)
                for connections in (self._connections, URGENT_CONNECTIONS, UPDATES_CONNECTIONS * self._bots)
            )

    async def shutdown(self) -> None:
        """Closes all connections."""
        lanes = self._usual, self._urgent, self._updates
        self._usual = self._urgent = self._updates = None
        for lane in lanes:
            if lane is not None:
                await lane.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # Any: PTB's "not given" has no public type
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """PTB calls it for every request. Returns status and body.

        Raises TimedOut or NetworkError, without the url, which holds the token. Only Telegram's own JSON is Telegram's
        word: whatever else answers a method, such as a gateway's page, is a lost answer, and raises NetworkError.
        """
        urgent = is_urgent()
        lane = self._updates if url.endswith("/getUpdates") else self._urgent if urgent else self._usual
        if lane is None:
            raise NetworkError("the transport is closed")
        if read_timeout is BaseRequest.DEFAULT_NONE:
            usual = URGENT_TIMEOUT if urgent else READ_TIMEOUT
            read_timeout = UPLOAD_TIMEOUT if request_data is not None and request_data.contains_files else usual
        seconds = None if read_timeout is None else CONNECT_TIMEOUT + read_timeout
        status, answer = await lane.call(method, url, request_data, seconds)
        if method == "POST" and not _is_telegrams(url, status, answer):
            raise NetworkError(f"something else than Telegram answered (HTTP {status})")
        return status, answer if status == OK else _without_token(answer, url)


class _Lane:
    """So many calls at once. One that is cancelled makes room at once."""

    def __init__(self, calls: int, proxy: str | None, tls: ssl.SSLContext | None, *, is_direct: bool) -> None:
        self._free = asyncio.Semaphore(calls)
        self._proxy = proxy
        self._is_direct = is_direct
        self._speaks_tls = tls is not None
        self._pool = HttpPool(connect_timeout=CONNECT_TIMEOUT, most_bytes=MOST_BYTES, tls=tls)
        self._client: ReqwestClient | None = None

    async def call(self, method: str, url: str, data: RequestData | None, seconds: float | None) -> Answer:
        """Returns the answer within `seconds` after there was room, for which it waits as long.

        Raises TimedOut or NetworkError.
        """
        try:
            if self._free.locked():
                await asyncio.wait_for(self._free.acquire(), seconds)
            else:
                await self._free.acquire()
        except TimeoutError:
            raise TimedOut("no connection was free in time") from None
        try:
            return await self._call(method, url, data, seconds)
        finally:
            self._free.release()

    def _call(self, method: str, url: str, data: RequestData | None, seconds: float | None) -> Awaitable[Answer]:
        if self._is_direct and method == "POST" and not (data is not None and data.contains_files):
            address = parse_address(url)
            if self._speaks_tls or not address.origin.is_tls:
                # Values stay JSON values; PTB's own payload encodes each of them as a string first.
                parameters = data.parameters if data is not None else None
                return self._pool.post(address, to_json(parameters) if parameters else b"", seconds)
        if self._client is None:
            from bot.delivery.reqwest_client import ReqwestClient  # noqa: PLC0415 - loaded by its first user

            self._client = ReqwestClient(
                self._proxy, connect_timeout=CONNECT_TIMEOUT, idle_seconds=IDLE_SECONDS, most_bytes=MOST_BYTES
            )
        return self._client.request(method, url, data, seconds)

    async def close(self) -> None:
        """Closes its connections."""
        await self._pool.close()
        if self._client is not None:
            await self._client.close()


def _is_telegrams(url: str, status: int, answer: bytes) -> bool:
    """Whether it is an answer as https://core.telegram.org/bots/api#making-requests describes them."""
    if status == OK and url.endswith(SENDING) and HAS_NUMBER not in answer:
        return False
    if status == OK and answer.startswith(USUAL):
        return True
    try:
        said = json.loads(answer.decode(errors="replace"))  # as PTB reads it: no mark before it, no UTF-16
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict):
        return False
    if status == OK:
        return said.get("ok") is True and "result" in said
    parameters = said.get("parameters")
    is_told = said.get("ok") is False and isinstance(said.get("description"), str)
    return is_told and (parameters is None or isinstance(parameters, dict))


def _without_token(answer: bytes, url: str) -> bytes:
    """Returns the answer without the token, should something on the way repeat the address in an error."""
    _, _, rest = url.partition("/bot")
    token = rest.partition("/")[0].encode()
    return answer.replace(token, b"<token>") if token else answer
