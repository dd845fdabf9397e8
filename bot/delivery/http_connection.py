"""One kept-alive HTTP/1.1 connection (RFC 9112) that carries one call at a time. Made by `http_pool`.

httptools reads the answers: llhttp, the parser of Node.js. Nothing is pipelined, followed, unpacked or posted again.
"""

import asyncio
import math
import re
from http import HTTPStatus
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from telegram.error import NetworkError, TimedOut

FINAL = HTTPStatus.OK  # an answer with a lower status is followed by another
MOST_HEAD_BYTES = 64 * 1024  # of an answer's status line and headers
SAYS_LENGTH = re.compile(rb"\n(?:content-length|transfer-encoding)[ \t]*:", re.IGNORECASE)


class Answer(NamedTuple):
    """Of HTTP: whose word it is, `transport` finds out."""

    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """Closed by whatever comes without a call: it could be taken for the answer to the next one.

    `is_tls`: the end of an answer has to be said then, as anybody in between can cut a connection.
    """

    def __init__(self, most_bytes: int, *, is_tls: bool) -> None:
        self.idle_since = 0.0  # on the clock of the loop
        self._most_bytes = most_bytes
        self._is_tls = is_tls
        self._loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[None] = self._loop.create_future()
        self._parser = HttpResponseParser(self)
        self._transport: asyncio.Transport
        self._answer: asyncio.Future[Answer] | None = None
        self._give_up_at = math.inf  # on the clock of the loop, as all moments here
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = math.inf
        self._start_over()

    def is_free(self) -> bool:
        """Whether it is open, and carries no call."""
        return self._answer is None and not self.lost.done() and not self._transport.is_closing()

    def close(self) -> None:
        """Closes it at once. Who waits for an answer gets a NetworkError."""
        self._transport.abort()

    async def exchange(self, request: bytes, seconds: float | None) -> Answer:
        """Sends a request and returns its answer.

        Raises TimedOut or NetworkError. Then, as when it is cancelled, the connection is closed.
        """
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._answer = answer
        self._give_up_at = math.inf if seconds is None else self._loop.time() + seconds
        if self._give_up_at < self._alarm_at:
            self._set_alarm()
        self._transport.write(request)
        try:
            return await answer
        except BaseException:
            self.close()
            raise

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The loop calls it."""
        # uvloop's own class has asyncio.Transport's methods, and is not derived from it.
        self._transport = transport  # type: ignore[assignment]  # see above

    def data_received(self, data: bytes) -> None:
        """The loop calls it."""
        if self._answer is None:
            self.close()
            return
        self._size += len(data)
        if not self._has_head:
            self._head += data
        if self._size > self._most_bytes:
            self._fail("the answer is too long")
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self._fail(f"what came is no HTTP ({type(error).__name__})")
            return
        if not self._has_head and len(self._head) > MOST_HEAD_BYTES:
            self._fail("the answer is too long")

    def connection_lost(self, error: Exception | None) -> None:
        """The loop calls it."""
        self.lost.set_result(None)
        if self._alarm is not None:
            self._alarm.cancel()
        if error is None and self._has_head and not self._is_tls and not SAYS_LENGTH.search(self._head):
            self.on_message_complete()  # the answer ends where the connection ends
        self._fail(f"no connection ({type(error).__name__})" if error else "the connection was closed meanwhile")

    def on_message_begin(self) -> None:
        """The parser calls it, also after an interim answer (100 to 199)."""
        if self._answer is None:
            raise ConnectionError("an answer without a call")
        self._has_head = False
        self._chunks.clear()

    def on_headers_complete(self) -> None:
        """The parser calls it."""
        self._has_head = True

    def on_body(self, chunk: bytes) -> None:
        """The parser calls it."""
        self._chunks.append(chunk)

    def on_message_complete(self) -> None:
        """The parser calls it."""
        status = self._parser.get_status_code()
        if status < FINAL or self._answer is None:
            return
        if not self._parser.should_keep_alive():
            self._transport.close()
        answer, self._answer = self._answer, None
        if not answer.done():
            answer.set_result(Answer(status, b"".join(self._chunks)))
        self._start_over()

    def _start_over(self) -> None:
        self._head = b""  # and what came together with its end
        self._has_head = False
        self._chunks: list[bytes] = []
        self._size = 0

    def _fail(self, reason: str) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(NetworkError(reason))
        self.close()

    def _set_alarm(self) -> None:
        """One for many calls: nearly all are answered long before it rings, and one for each would cost 2 us."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = self._give_up_at
        self._alarm = self._loop.call_at(self._alarm_at, self._time_out)

    def _time_out(self) -> None:
        self._alarm, self._alarm_at = None, math.inf
        if self._answer is None or self._answer.done():
            return
        if self._loop.time() >= self._give_up_at:
            self._answer.set_exception(TimedOut("no answer in time"))
        elif self._give_up_at < math.inf:  # the call that it was set for is over
            self._set_alarm()
