"""Calls over pyreqwest, the Rust library reqwest: uploads, and whatever goes through a proxy. Made by `transport`.

A thread of its own speaks HTTP and TLS; it trusts what the machine trusts.
"""

import asyncio
from datetime import timedelta
from functools import lru_cache

from pydantic_core import to_json
from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError
from pyreqwest.http import Url
from pyreqwest.multipart import FormBuilder, PartBuilder
from pyreqwest.request import RequestBuilder
from pyreqwest.response import Response
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.delivery.http_connection import Answer
from bot.delivery.proxies import through_proxies

# A closed client's thread lets go of the last answers meanwhile: a program that ends before that aborts (CPython 3.11).
LET_GO_SECONDS = 0.05


class ReqwestClient:
    """`proxy` is its address; None leaves it to the environment. `most_bytes`: of an answer, and of a file."""

    def __init__(self, proxy: str | None, *, connect_timeout: float, idle_seconds: float, most_bytes: int) -> None:
        # A compressed answer is none of Telegram's, and could be a small one that becomes a very large one.
        builder = ClientBuilder().pool_idle_timeout(_seconds(idle_seconds)).follow_redirects(enable=False)
        builder = builder.gzip(enable=False).brotli(enable=False).zstd(enable=False).deflate(enable=False)
        builder = builder.connect_timeout(_seconds(connect_timeout))
        self._client = through_proxies(builder, proxy).build()
        self._most_bytes = most_bytes

    async def request(self, method: str, url: str, data: RequestData | None, seconds: float | None) -> Answer:
        """Returns the answer. Raises TimedOut or NetworkError."""
        call = self._client.request(method, _parsed(url))
        if data is not None and data.contains_files:
            call = _with_files(call, data)
        elif data is not None and (parameters := data.parameters):
            call = call.header("Content-Type", "application/json").body_bytes(to_json(parameters))
        if seconds is not None:
            call = call.timeout(_seconds(seconds))
        try:
            async with call.build_streamed() as response:
                return Answer(response.status, await self._read(response))
        except RequestTimeoutError:
            raise TimedOut("no answer in time") from None
        except PyreqwestError as error:
            raise NetworkError(f"no connection ({type(error).__name__})") from None

    async def close(self) -> None:
        """Closes its connections, and waits until its thread lets go."""
        await self._client.close()
        await asyncio.sleep(LET_GO_SECONDS)

    async def _read(self, response: Response) -> bytes:
        """Returns the whole body. Raises NetworkError for one that is too long."""
        length = response.get_header("content-length")
        if length is not None and int(length) <= self._most_bytes:
            return (await response.bytes()).to_bytes()
        chunks, size = [], 0
        while chunk := await response.body_reader.read_chunk():
            chunks.append(chunk.to_bytes())
            size += len(chunk)
            if size > self._most_bytes:
                raise NetworkError("the answer is too long")
        return b"".join(chunks)


def _parsed(url: str) -> Url:
    try:
        return Url(url)
    except ValueError as error:
        raise NetworkError(f"not an address ({type(error).__name__})") from None


@lru_cache(maxsize=256)
def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _with_files(call: RequestBuilder, data: RequestData) -> RequestBuilder:
    form = FormBuilder()
    for name, value in data.json_parameters.items():
        form = form.text(name, value)
    for name, (filename, content, mime_type) in data.multipart_data.items():
        body = content if isinstance(content, bytes) else content.read()
        form = form.part(name, PartBuilder.from_bytes(body).file_name(filename).mime(mime_type))
    return call.multipart(form)
