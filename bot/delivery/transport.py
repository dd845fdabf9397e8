"""HTTP to the Bot API: PTB's request interface over pyreqwest, for a tenth of the processor time of its default.

pyreqwest is the Rust library reqwest. A thread of its own speaks HTTP and TLS; it trusts what the machine trusts.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from pydantic_core import to_json
from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError
from pyreqwest.http import Url
from pyreqwest.multipart import FormBuilder, PartBuilder
from pyreqwest.request import RequestBuilder
from pyreqwest.response import Response
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.delivery.proxies import through_proxies
from bot.delivery.reply_turns import is_urgent

# Seconds. Telegram answers in well under one; a Telegram client gives a tap up after about ten.
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0
UPLOAD_TIMEOUT = 60.0
URGENT_TIMEOUT = 4.0  # then it is sent again: twice is better than late
URGENT_CONNECTIONS = 32  # for answers to someone in need
UPDATES_CONNECTIONS = 2  # of a bot, for getting updates: what hangs elsewhere makes it deaf to nobody
# A closed client's thread lets go of the last answers meanwhile: a program that ends before that aborts (CPython 3.11).
LET_GO_SECONDS = 0.05
MOST_BYTES = 20 * 1024 * 1024  # of an answer, and of a file that a bot may get
# How Telegram's own answers begin; what begins otherwise is looked at closely.
USUAL = (b'{"ok":true,"result":', b'{"ok": true, "result":')


class PyreqwestRequest(BaseRequest):
    """Kept-alive connections: a pool for all, one for what is urgent and one for updates: what hangs holds up no help.

    `initialize` opens and `shutdown` closes them; both may be called repeatedly. `proxy` is its address; None leaves it
    to the environment. `bots`: how many get their updates through it.
    """

    def __init__(self, *, connections: int = 128, proxy: str | None = None, bots: int = 1) -> None:
        self._connections = connections
        self._bots = bots
        self._proxy = proxy
        self._usual: _Pool | None = None
        self._urgent: _Pool | None = None
        self._updates: _Pool | None = None

    @property
    def read_timeout(self) -> float:
        """The default, in seconds."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Opens the pools if they are not open."""
        if self._usual is None:
            self._usual = _Pool(self._connections, self._proxy)
            self._urgent = _Pool(URGENT_CONNECTIONS, self._proxy)
            self._updates = _Pool(UPDATES_CONNECTIONS * self._bots, self._proxy)

    async def shutdown(self) -> None:
        """Closes the pools if they are open."""
        pools = self._usual, self._urgent, self._updates
        self._usual = self._urgent = self._updates = None
        for pool in pools:
            if pool is not None:
                await pool.client.close()
                await asyncio.sleep(LET_GO_SECONDS)

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
        pool = self._updates if url.endswith("/getUpdates") else self._urgent if is_urgent() else self._usual
        if pool is None:
            raise NetworkError("the transport is closed")
        has_files = request_data is not None and request_data.contains_files
        if read_timeout is BaseRequest.DEFAULT_NONE:
            usual = URGENT_TIMEOUT if is_urgent() else READ_TIMEOUT
            read_timeout = UPLOAD_TIMEOUT if has_files else usual
        call = pool.client.request(method, _parsed(url))
        if request_data is not None:
            call = _with_files(call, request_data) if has_files else _with_parameters(call, request_data.parameters)
        status, answer = await pool.answer(call, None if read_timeout is None else CONNECT_TIMEOUT + read_timeout)
        if method == "POST" and not _is_telegrams(status, answer):
            raise NetworkError(f"something else than Telegram answered (HTTP {status})")
        return status, answer if status == HTTPStatus.OK else _without_token(answer, url)


@lru_cache(maxsize=4096)  # one for each method that is called, of each bot
def _parsed(url: str) -> Url:
    try:
        return Url(url)
    except ValueError as error:
        raise NetworkError(f"not an address ({type(error).__name__})") from None


@lru_cache(maxsize=256)
def _limit(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


class _Pool:
    """Connections, of which so many are used at once. A call that is cancelled makes room at once."""

    def __init__(self, connections: int, proxy: str | None) -> None:
        # Idle connections are closed before a server or a router in between forgets them. A compressed answer is none
        # of Telegram's, and could be a small one that becomes a very large one.
        builder = ClientBuilder().pool_idle_timeout(timedelta(seconds=30)).follow_redirects(enable=False)
        builder = builder.gzip(enable=False).brotli(enable=False).zstd(enable=False).deflate(enable=False)
        builder = builder.connect_timeout(timedelta(seconds=CONNECT_TIMEOUT))
        self.client = through_proxies(builder, proxy).build()
        self._free = asyncio.Semaphore(connections)

    async def answer(self, call: RequestBuilder, seconds: float | None) -> tuple[int, bytes]:
        """Returns status and body of the answer, within `seconds` after a connection was free, for which it waits
        as long. Raises TimedOut or NetworkError.
        """
        try:
            if self._free.locked():
                await asyncio.wait_for(self._free.acquire(), seconds)
            else:
                await self._free.acquire()
        except TimeoutError:
            raise TimedOut("no connection was free in time") from None
        try:
            return await _answer(call if seconds is None else call.timeout(_limit(seconds)))
        finally:
            self._free.release()


async def _answer(call: RequestBuilder) -> tuple[int, bytes]:
    """Returns status and body of an answer. Raises TimedOut or NetworkError."""
    try:
        async with call.build_streamed() as response:
            return response.status, await _read(response)
    except RequestTimeoutError:
        raise TimedOut("no answer in time") from None
    except PyreqwestError as error:
        raise NetworkError(f"no connection ({type(error).__name__})") from None


async def _read(response: Response) -> bytes:
    """Returns the whole body. Raises NetworkError for one of more than MOST_BYTES."""
    length = response.get_header("content-length")
    if length is not None and int(length) <= MOST_BYTES:
        return (await response.bytes()).to_bytes()
    chunks, size = [], 0
    while chunk := await response.body_reader.read_chunk():
        chunks.append(chunk.to_bytes())
        size += len(chunk)
        if size > MOST_BYTES:
            raise NetworkError("the answer is too long")
    return b"".join(chunks)


def _is_telegrams(status: int, answer: bytes) -> bool:
    """Whether it is an answer as https://core.telegram.org/bots/api#making-requests describes them."""
    if status == HTTPStatus.OK and answer.startswith(USUAL):
        return True
    try:
        said = json.loads(answer.decode(errors="replace"))  # as PTB reads it: no mark before it, no UTF-16
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict):
        return False
    if status == HTTPStatus.OK:
        return said.get("ok") is True and "result" in said
    parameters = said.get("parameters")
    is_told = said.get("ok") is False and isinstance(said.get("description"), str)
    return is_told and (parameters is None or isinstance(parameters, dict))


def _without_token(answer: bytes, url: str) -> bytes:
    """Returns the answer without the token, should something on the way repeat the address in an error."""
    _, _, rest = url.partition("/bot")
    token = rest.partition("/")[0].encode()
    return answer.replace(token, b"<token>") if token else answer


def _with_parameters(call: RequestBuilder, parameters: Mapping[str, Any]) -> RequestBuilder:  # Any: Bot API JSON
    if not parameters:
        return call
    # Values stay JSON values; PTB's own payload encodes each of them as a string first.
    return call.header("Content-Type", "application/json").body_bytes(to_json(parameters))


def _with_files(call: RequestBuilder, request_data: RequestData) -> RequestBuilder:
    form = FormBuilder()
    for name, value in request_data.json_parameters.items():
        form = form.text(name, value)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        body = content if isinstance(content, bytes) else content.read()
        form = form.part(name, PartBuilder.from_bytes(body).file_name(filename).mime(mime_type))
    return call.multipart(form)
