"""Calls that hang in one chat leave the connections to the others."""

import asyncio

from bot.delivery.chat_lanes import WIDTH, ChatLanes
from bot.domain.ids import TelegramId

ANA, BEN = TelegramId(1), TelegramId(2)


async def test_of_one_chat_a_few_are_on_their_way_and_of_others_as_well() -> None:
    lanes, begun, hung = ChatLanes(), list[TelegramId](), asyncio.Event()

    async def call(chat: TelegramId) -> None:
        begun.append(chat)
        await hung.wait()

    def start(chat: TelegramId) -> asyncio.Task[None]:
        return asyncio.create_task(lanes.run(chat, lambda: call(chat)))

    tasks = [start(ANA) for _ in range(WIDTH + 2)] + [start(BEN)]
    await asyncio.sleep(0)
    assert begun == [ANA] * WIDTH + [BEN]
    tasks[-2].cancel()  # one that waits
    await asyncio.sleep(0)
    hung.set()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in ended].count(asyncio.CancelledError) == 1
    assert begun.count(ANA) == WIDTH + 1
    assert lanes._lanes == {}, "nothing is left of a chat without calls"
