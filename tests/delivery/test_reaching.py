import asyncio

import pytest
from telegram.error import InvalidToken

from bot.delivery.reaching import patiently


async def test_a_stop_waits_for_no_answer() -> None:
    called, stopping = asyncio.Event(), asyncio.Event()
    let_go = False

    async def call() -> None:
        nonlocal let_go
        called.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            let_go = True
            raise

    reaching = asyncio.create_task(patiently(call, stopping))
    await called.wait()
    stopping.set()
    await reaching
    assert let_go


async def test_who_no_longer_waits_lets_the_call_go() -> None:
    called = asyncio.Event()
    calls: set[asyncio.Task[object] | None] = set()

    async def call() -> None:
        calls.add(asyncio.current_task())
        called.set()
        await asyncio.Event().wait()

    reaching = asyncio.create_task(patiently(call, asyncio.Event()))
    await called.wait()
    reaching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reaching
    assert [call.cancelled() for call in calls if call] == [True]


async def test_a_refused_token_is_raised() -> None:
    async def call() -> None:
        raise InvalidToken

    with pytest.raises(InvalidToken):
        await patiently(call, asyncio.Event())
