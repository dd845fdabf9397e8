"""Every call to Telegram is counted by what became of it."""

from typing import Any

import pytest
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.delivery.call_counts import CountedRequest


class Answering(BaseRequest):
    """Answers each call with the next of these; 0: with none."""

    def __init__(self, *answers: int) -> None:
        self._answers = list(answers)

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        status = self._answers.pop(0)
        if not status:
            raise TelegramError("no answer")
        more = b',"error_code":1,"description":"x","parameters":{"retry_after":1}' if status != 200 else b""
        return status, b'{"ok":%s,"result":true%s}' % (b"true" if status == 200 else b"false", more)


async def test_calls_are_counted_by_their_result() -> None:
    request = CountedRequest(Answering(200, 200, 400, 403, 429, 500, 0))
    counts = request.counts
    assert (counts.ended_at, counts.answered_at) == (None, None)
    for method in ("getUpdates", "sendMessage", "sendMessage", "sendMessage", "sendMessage"):
        await _called(request, method)
    assert counts.ended_at == counts.answered_at
    for _ in range(2):
        await _called(request, "sendMessage")
    assert (counts.ok, counts.refused, counts.limited, counts.lost) == (2, 2, 1, 2)
    assert counts.seconds.cumulative()[-1] == ("+Inf", 4)  # what waits for news on purpose is left out
    assert counts.ended_at
    assert counts.answered_at
    assert counts.ended_at > counts.answered_at


async def _called(request: BaseRequest, method: str) -> None:
    try:
        await request.post(f"http://x/bot1:x/{method}")
    except TelegramError:
        return


async def test_what_is_raised_is_passed_on() -> None:
    with pytest.raises(TelegramError, match="no answer"):
        await CountedRequest(Answering(0)).do_request("http://x/bot1:x/getMe", "POST")
