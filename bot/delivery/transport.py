"""HTTP to the Bot API: PTB's request interface over aiohttp, for a tenth of the processor time of its default."""

import json
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.delivery.reply_turns import is_urgent

# Seconds. Telegram answers in well under one; a Telegram client gives a tap up after about ten.
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0
UPLOAD_TIMEOUT = 60.0
URGENT_TIMEOUT = 4.0  # then it is sent again: twice is better than late
URGENT_CONNECTIONS = 32  # for answers to someone in need, and for getting updates
MOST_BYTES = 20 * 1024 * 1024  # of an answer, and of a file that a bot may get
# How Telegram's own answers begin; what begins otherwise is looked at closely.
USUAL = (b'{"ok":true,"result":', b'{"ok": true, "result":')


class AiohttpRequest(BaseRequest):
    """Kept-alive connections: a pool for all, and one for what is urgent, so that answers that hang hold up no help.

    `initialize` opens and `shutdown` closes them; both may be called repeatedly.
    """

    def __init__(self, *, connections: int = 128) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._urgent: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """The default, in seconds."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Opens the pools if they are not open."""
        if self._session is None:
            self._session, self._urgent = _pool(self._connections), _pool(URGENT_CONNECTIONS)

    async def shutdown(self) -> None:
        """Closes the pools if they are open."""
        pools, self._session, self._urgent = (self._session, self._urgent), None, None
        for pool in pools:
            if pool is not None:
                await pool.close()

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
        """PTB calls it for every request. Returns status and body; raises as `send` does."""
        has_files = request_data is not None and request_data.contains_files
        if read_timeout is BaseRequest.DEFAULT_NONE:
            usual = URGENT_TIMEOUT if is_urgent() else READ_TIMEOUT
            read_timeout = UPLOAD_TIMEOUT if has_files else usual
        body = _multipart(request_data) if has_files and request_data else _json(request_data)
        return await self.send(method, url, read_timeout=read_timeout, **body)

    async def send(self, method: str, url: str, *, read_timeout: float | None, **body: Any) -> tuple[int, bytes]:
        """Returns status and body. Raises TimedOut or NetworkError, without the url, which holds the token.

        Only Telegram's own JSON is Telegram's word: whatever else answers a method, such as a gateway's page, is
        a lost answer, and raises NetworkError.
        """
        pool = self._urgent if is_urgent() or url.endswith("/getUpdates") else self._session
        if pool is None:
            raise NetworkError("the transport is closed")
        try:
            call = pool.request(method, url, timeout=_timeout(read_timeout), allow_redirects=False, **body)
            async with call as response:
                status, answer = response.status, await _read(response)
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"no connection ({type(error).__name__})") from None
        if method == "POST" and not _is_telegrams(status, answer):
            raise NetworkError(f"something else than Telegram answered (HTTP {status})")
        return status, answer if status == HTTPStatus.OK else _without_token(answer, url)


def _pool(connections: int) -> aiohttp.ClientSession:
    # Idle connections are closed before a server or a router in between forgets them.
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=30, ttl_dns_cache=300)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Returns the whole body. Raises NetworkError for one of more than MOST_BYTES."""
    if response.content_length is not None and response.content_length <= MOST_BYTES:
        return await response.read()
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise NetworkError("the answer is too long")
    return b"".join(chunks)


def _is_telegrams(status: int, answer: bytes) -> bool:
    """Whether it is an answer as https://core.telegram.org/bots/api#making-requests describes them."""
    if status == HTTPStatus.OK and answer.startswith(USUAL):
        return True
    try:
        said = json.loads(answer)
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


JSON_HEADERS = {"Content-Type": "application/json"}


def _timeout(read_timeout: float | None) -> aiohttp.ClientTimeout:
    """A limit on the whole of a call, too: an answer may come one byte at a time."""
    total = None if read_timeout is None else CONNECT_TIMEOUT + read_timeout
    return aiohttp.ClientTimeout(total=total, sock_connect=CONNECT_TIMEOUT, sock_read=read_timeout)


def _json(request_data: RequestData | None) -> dict[str, Any]:
    if request_data is None or not request_data.parameters:
        return {}
    # Values stay JSON values; PTB's own payload encodes each of them as a string first.
    body = json.dumps(request_data.parameters, ensure_ascii=False, separators=(",", ":")).encode()
    return {"data": body, "headers": JSON_HEADERS}


def _multipart(request_data: RequestData) -> dict[str, Any]:
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return {"data": form}
