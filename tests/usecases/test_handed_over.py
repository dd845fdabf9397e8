"""From the scheduler to the outbox: who takes waits for the next batch, and never more is claimed than can be sent."""

import asyncio
from typing import Any

import pytest

from bot.usecases.handed_over import HandedOver

A_MESSAGE: Any = "a message"  # Any: it is passed on, and not looked at
SOON = 0.01


async def test_without_batches_to_come_nobody_waits() -> None:
    handed = HandedOver(10)
    assert not await handed.wait()
    assert not handed.is_expected()
    handed.put([A_MESSAGE])
    assert handed.is_expected()
    assert await handed.wait()
    assert handed.take() == [A_MESSAGE]
    assert handed.take() == []


async def test_while_batches_come_who_takes_waits_for_the_next_one() -> None:
    handed = HandedOver(10)
    with handed.feeding():
        waiting = asyncio.create_task(handed.wait())
        await asyncio.sleep(0)
        assert not waiting.done()
        handed.put([A_MESSAGE])
        assert await waiting
        handed.take()
        waiting = asyncio.create_task(handed.wait())
        await asyncio.sleep(0)
        assert not waiting.done()
    assert not await waiting  # no more come


async def test_a_batch_that_was_left_in_the_queue_is_looked_for_there_once() -> None:
    handed = HandedOver(10)
    with handed.feeding():
        handed.put([])
        assert not await handed.wait()
        waiting = asyncio.create_task(handed.wait())
        await asyncio.sleep(0)
        assert not waiting.done()
        handed.stop()
        assert not await waiting


async def test_room_is_what_may_be_claimed_more() -> None:
    handed = HandedOver(3)
    assert await handed.has_room(250, SOON)  # for all that it may ever hold
    handed.put([A_MESSAGE] * 2)
    assert handed.room == 1
    assert not await handed.has_room(2, SOON)
    waiting = asyncio.create_task(handed.has_room(2, 60.0))
    await asyncio.sleep(0)
    handed.claims_closed(1)
    assert await waiting
    handed.claims_opened(5)
    assert handed.room == 0


@pytest.mark.parametrize("count", [1, 3])
async def test_after_a_stop_there_is_no_room_and_nobody_waits_for_it(count: int) -> None:
    handed = HandedOver(3)
    handed.put([A_MESSAGE] * 3)
    waiting = asyncio.create_task(handed.has_room(count, 60.0))
    await asyncio.sleep(0)
    handed.stop()
    assert not await waiting
    handed.claims_closed(3)
    assert handed.room == 0
