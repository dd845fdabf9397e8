"""Conversation rows: a double tap advances once, and abandoned conversations are deleted."""

import asyncio
from datetime import timedelta

from bot.database.engine import Database
from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.domain.ids import TelegramId
from bot.usecases.conversations import ABANDONED_AFTER, advance, begin, clear_abandoned, end, list_open
from tests.scenes import berlin, chat_with

NOW = berlin(2)
ANA, ROBIN = TelegramId(1), TelegramId(2)


async def begun(database: Database) -> int:
    number = await chat_with(database, now=NOW)
    async with database.write() as session:
        await begin(session, await session.get_one(Chat, number), ANA, Subject.SETUP, "rhythm", "{}", NOW)
    return number


async def step_of(database: Database, number: int, person_id: TelegramId = ANA) -> str | None:
    async with database.read() as session:
        rows = await list_open(session, await session.get_one(Chat, number), person_id)
        return rows[0].step if rows else None


async def test_of_two_who_advance_at_once_one_finds_the_step_gone(database: Database) -> None:
    number = await begun(database)

    async def look() -> Conversation:
        async with database.read() as session:
            rows = await list_open(session, await session.get_one(Chat, number), ANA)
        return rows[0]

    async def go_on(conversation: Conversation, step: str) -> bool:
        async with database.write() as session:
            return await advance(session, conversation, step, "{}", NOW)

    first, second = await look(), await look()
    assert sorted(await asyncio.gather(go_on(first, "time"), go_on(second, "moment"))) == [False, True]
    assert await step_of(database, number) in ("time", "moment")


async def test_beginning_anew_takes_the_old_buttons_out_of_use(database: Database) -> None:
    number = await begun(database)
    async with database.write() as session:
        chat = await session.get_one(Chat, number)
        token = (await list_open(session, chat, ANA))[0].token
        new = await begin(session, chat, ANA, Subject.SETUP, "time", "{}", NOW)
    assert new.token != token
    assert await step_of(database, number) == "time"


async def test_what_is_open_on_another_subject_stays_open(database: Database) -> None:
    number = await begun(database)
    async with database.write() as session:
        chat = await session.get_one(Chat, number)
        await begin(session, chat, ANA, Subject.PAUSE, "pause", "{}", NOW + timedelta(seconds=1))
        assert [row.step for row in await list_open(session, chat, ANA)] == ["pause", "rhythm"]
        await end(session, chat, ANA, Subject.PAUSE)
        assert [row.step for row in await list_open(session, chat, ANA)] == ["rhythm"]


async def test_two_people_in_one_chat_have_a_conversation_each(database: Database) -> None:
    number = await begun(database)
    async with database.write() as session:
        chat = await session.get_one(Chat, number)
        await begin(session, chat, ROBIN, Subject.PAUSE, "pause", "{}", NOW)
        await end(session, chat, ANA)
    assert (await step_of(database, number, ANA), await step_of(database, number, ROBIN)) == (None, "pause")


async def test_what_was_abandoned_is_forgotten_after_a_week(database: Database) -> None:
    number = await begun(database)
    async with database.write() as session:
        await clear_abandoned(session, NOW + ABANDONED_AFTER)
    assert await step_of(database, number) == "rhythm"
    async with database.write() as session:
        await clear_abandoned(session, NOW + ABANDONED_AFTER + timedelta(seconds=1))
    assert await step_of(database, number) is None
