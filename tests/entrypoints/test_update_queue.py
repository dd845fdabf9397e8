"""The update queue: each update once, in order within a chat (taps in a group: per person), parallel across chats."""

import asyncio
from datetime import UTC, datetime

import pytest
from telegram import CallbackQuery, Chat, InlineQuery, Message, Update, User

from bot.delivery.reply_turns import CURRENT
from bot.entrypoints.update_queue import MAX_REMEMBERED_UPDATES, MOST_BEHIND, UpdateQueue
from tests.patience import PATIENCE


def update(number: int, chat_id: int) -> Update:
    message = Message(number, datetime(2026, 3, 2, tzinfo=UTC), Chat(chat_id, "private"), text="x")
    return Update(number, message=message)


async def test_updates_of_one_chat_are_handled_in_their_order() -> None:
    order: list[int] = []

    async def process(one: Update) -> None:
        await asyncio.sleep(0.02 if one.update_id == 1 else 0)
        order.append(one.update_id)

    queue = UpdateQueue(process)
    await asyncio.gather(*(queue.take(update(number, 42)) for number in (1, 2, 3)))
    assert order == [1, 2, 3]


async def test_it_says_whether_an_earlier_update_of_the_chat_is_under_way() -> None:
    told: list[bool] = []

    async def process(_one: Update) -> None:
        await asyncio.sleep(0.01)

    def leaves_out(_one: Update, is_behind: bool) -> bool:
        told.append(is_behind)
        return False

    queue = UpdateQueue(process, leaves_out=leaves_out)
    await asyncio.gather(queue.take(update(1, 42)), queue.take(update(2, 42)), queue.take(update(3, 43)))
    await queue.take(update(4, 42))
    assert told == [False, True, False, False]


async def test_one_that_is_handled_yet_is_known_however_many_have_come_since() -> None:
    handled: list[int] = []
    may_end = asyncio.Event()

    async def process(one: Update) -> None:
        handled.append(one.update_id)
        await may_end.wait()

    queue = UpdateQueue(process)
    first = asyncio.create_task(queue.take(update(1, 42)))
    await asyncio.sleep(0)
    queue.know(range(2, MAX_REMEMBERED_UPDATES + 2))
    again = asyncio.create_task(queue.take(update(1, 42)))
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(first, again)
    assert handled == [1]


async def test_one_chat_does_not_wait_for_another() -> None:
    order: list[int] = []
    other_is_done = asyncio.Event()

    async def process(one: Update) -> None:
        if one.update_id == 1:
            await other_is_done.wait()
        else:
            other_is_done.set()
        order.append(one.update_id)

    queue = UpdateQueue(process)
    await asyncio.gather(queue.take(update(1, 42)), queue.take(update(2, 43)))
    assert order == [2, 1]


def tap(number: int, person_id: int) -> Update:
    message = Message(1, datetime(2026, 3, 2, tzinfo=UTC), Chat(-7, "supergroup"), text="x")
    query = CallbackQuery(str(number), User(person_id, "A", is_bot=False), "1", message=message, data="x")
    return Update(number, callback_query=query)


async def test_taps_in_a_group_keep_the_order_of_each_person_and_wait_for_nobody_else() -> None:
    order: list[int] = []
    other_is_done = asyncio.Event()

    async def process(one: Update) -> None:
        if one.update_id == 1:
            await other_is_done.wait()
        order.append(one.update_id)
        if one.update_id == 3:
            other_is_done.set()

    queue = UpdateQueue(process)
    await asyncio.gather(queue.take(tap(1, 11)), queue.take(tap(2, 11)), queue.take(tap(3, 12)))
    assert order == [3, 1, 2]


async def test_a_repeated_update_is_handled_once() -> None:
    handled: list[int] = []

    async def process(one: Update) -> None:
        handled.append(one.update_id)

    queue = UpdateQueue(process)
    for _ in range(3):
        await queue.take(update(7, 42))
    assert handled == [7]


async def test_one_that_fails_stops_no_other() -> None:
    handled: list[int] = []

    async def process(one: Update) -> None:
        if one.update_id == 1:
            raise ValueError("broken")
        handled.append(one.update_id)

    queue = UpdateQueue(process)
    with pytest.raises(ValueError, match="broken"):
        await queue.take(update(1, 42))
    await queue.take(update(2, 42))
    assert handled == [2]


async def test_what_is_left_out_waits_for_nothing() -> None:
    handled: list[int] = []
    is_over = asyncio.Event()

    async def process(one: Update) -> None:
        handled.append(one.update_id)
        await is_over.wait()

    queue = UpdateQueue(process, leaves_out=lambda one, _: one.update_id > 1)
    first = asyncio.create_task(queue.take(update(1, 42)))
    await asyncio.sleep(0)
    await queue.take(update(2, 42))  # returns although the one before is under way
    is_over.set()
    await first
    await queue.take(update(2, 42))
    assert handled == [1]


async def test_settling_waits_so_long_and_no_longer() -> None:
    ended: list[int] = []

    async def process(one: Update) -> None:
        try:
            await asyncio.sleep(0 if one.update_id == 1 else 3600)
        finally:
            ended.append(one.update_id)

    queue = UpdateQueue(process)
    taking = [asyncio.create_task(queue.take(update(number, number))) for number in (1, 2)]
    await asyncio.sleep(0)
    await queue.settle(0.2)
    await asyncio.gather(*taking, return_exceptions=True)
    assert ended == [1, 2]


def query(number: int, person_id: int, words: str) -> Update:
    return Update(number, inline_query=InlineQuery(str(number), User(person_id, "A", is_bot=False), words, ""))


async def test_of_the_letters_that_someone_types_only_the_newest_are_answered() -> None:
    answered: list[str] = []
    first_is_asked, may_go_on = asyncio.Event(), asyncio.Event()

    async def process(one: Update) -> None:
        if one.inline_query and one.inline_query.query == "t":
            first_is_asked.set()
            await may_go_on.wait()
        answered.append(one.inline_query.query if one.inline_query else "")

    queue = UpdateQueue(process)
    typed = [asyncio.create_task(queue.take(query(1, 42, "t")))]
    await first_is_asked.wait()
    typed += [asyncio.create_task(queue.take(query(n, 42, "tears"[:n]))) for n in (2, 3, 4)]
    other = asyncio.create_task(queue.take(query(5, 43, "calm")))
    await other
    may_go_on.set()
    await asyncio.gather(*typed)
    await queue.take(query(6, 42, "tears"))

    assert sorted(answered) == ["calm", "t", "tear", "tears"]


async def test_a_second_delivery_waits_for_the_first() -> None:
    done: list[int] = []
    may_go_on = asyncio.Event()

    async def process(one: Update) -> None:
        await may_go_on.wait()
        done.append(one.update_id)

    queue = UpdateQueue(process)
    first = asyncio.create_task(queue.take(update(1, 42)))
    await asyncio.sleep(0)
    first.cancel()  # the connection of the first delivery is cut off
    again = asyncio.create_task(queue.take(update(1, 42)))
    await asyncio.sleep(0)
    assert not again.done()
    may_go_on.set()
    await again
    await queue.take(update(1, 42))

    assert done == [1]


async def test_a_second_delivery_of_what_failed_fails_like_the_first() -> None:
    async def process(_one: Update) -> None:
        raise RuntimeError("no room")

    queue = UpdateQueue(process)
    both = await asyncio.gather(*(queue.take(update(1, 42)) for _ in range(2)), return_exceptions=True)

    assert [type(one) for one in both] == [RuntimeError, RuntimeError]


async def test_an_answer_that_telegram_does_not_take_keeps_nobody_from_being_handed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By polling Telegram hands over a hundred from the oldest that is not confirmed, however few are not."""
    never = asyncio.Event()

    async def process(one: Update) -> None:
        if one.update_id == 1:
            turn = CURRENT.get()
            assert turn
            turn.free()
            await never.wait()

    queue = UpdateQueue(process)
    oldest = asyncio.create_task(queue.take(update(1, 42)))
    for number in range(2, MOST_BEHIND + 2):
        await queue.take(update(number, 42 + number))
    async with asyncio.timeout(PATIENCE):
        await oldest
    await queue.settle(0)
    assert "answers are lost that Telegram has not taken" in caplog.text


async def test_numbers_that_begin_anew_are_not_behind_those_of_before() -> None:
    may_end = asyncio.Event()

    async def process(one: Update) -> None:
        if one.update_id == 2:
            turn = CURRENT.get()
            assert turn
            turn.free()
            await may_end.wait()

    queue = UpdateQueue(process)
    await queue.take(update(900_000_000, 41))
    held = asyncio.create_task(queue.take(update(2, 42)))
    for number in range(3, MOST_BEHIND + 2):
        await queue.take(update(number, 42 + number))
    assert queue.waiting == 1
    queue._let_go()  # as a moment later
    await asyncio.sleep(0)
    assert not held.done()  # what waits for its answer is confirmed with it, not before
    may_end.set()
    await asyncio.wait_for(held, PATIENCE)
