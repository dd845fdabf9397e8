"""Updates delivered in this process: in order within a chat, parallel across chats, failures raised."""

import asyncio

import pytest

from localtelegram.answers import Json
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram


async def test_verbs_return_when_the_update_was_taken(telegram: LocalTelegram, ada: Person) -> None:
    taken: list[str] = []

    async def deliver(update: Json) -> None:
        await asyncio.sleep(0)
        taken.append(update["message"]["text"])

    await ada.says("before")
    telegram.deliver = deliver
    await ada.says("after")

    assert taken == ["before", "after"]


async def test_updates_of_one_chat_wait_for_each_other_and_other_chats_do_not(
    telegram: LocalTelegram, ada: Person
) -> None:
    robin = add_person(telegram, "Robin")
    taken: list[str] = []
    gate = asyncio.Event()

    async def deliver(update: Json) -> None:
        if update["message"]["text"] == "one":
            await gate.wait()
        taken.append(update["message"]["text"])
        if update["message"]["text"] == "three":
            gate.set()

    telegram.deliver = deliver
    await asyncio.gather(ada.says("one"), ada.says("two"), robin.says("three"))

    assert taken == ["three", "one", "two"]


async def test_what_deliver_raises_reaches_the_verb(telegram: LocalTelegram, ada: Person) -> None:
    async def deliver(update: Json) -> None:
        raise ZeroDivisionError(update["message"]["text"])

    telegram.deliver = deliver

    with pytest.raises(ZeroDivisionError, match="oops"):
        await ada.says("oops")


async def test_updates_that_a_reaction_of_the_bot_causes_come_after_it(telegram: LocalTelegram, ada: Person) -> None:
    order: list[str] = []

    async def deliver(update: Json) -> None:
        text = update["message"]["text"]
        if text == "first":
            telegram.network.push(
                telegram.network.bot(ada.bot.id), "message", {**update["message"], "text": "second"}, chat_key=ada.id
            )
        await asyncio.sleep(0)
        order.append(text)

    telegram.deliver = deliver
    await ada.says("first")

    assert order == ["first", "second"]
