"""Preferences: a hidden affirmation stays hidden, also in the queue; the last one cannot be hidden."""

import asyncio
from datetime import timedelta

import pytest

from bot.content.rules import ThemesFor
from bot.database.engine import Database
from bot.database.models import Chat
from bot.database.values import MessageState
from bot.domain.rotation import Choice
from bot.usecases.preferences import choose_practice, hide, hold_themes, leave_out, take_next, themes_left_out
from tests.scenes import CHOICE, MORNING, berlin, chat_with, queue_all, queued


async def test_a_queued_message_with_a_hidden_affirmation_gets_another_one(database: Database) -> None:
    number = await chat_with(database, MORNING, now=berlin(2))
    await queue_all(database, berlin(3, "08:30"))
    (before,) = await queued(database, MessageState.QUEUED)
    assert before.affirmation_id
    async with database.write() as session:
        chat = await session.get_one(Chat, number)
        assert await hide(session, chat, before.affirmation_id, CHOICE, berlin(3, "08:30"))
    (after,) = await queued(database, MessageState.QUEUED)
    assert after.id == before.id
    assert after.affirmation_id in set(CHOICE.identifiers) - {before.affirmation_id}


async def test_a_queued_message_of_a_theme_that_is_left_out_gets_another_one(database: Database) -> None:
    number = await chat_with(database, MORNING, now=berlin(2))
    await queue_all(database, berlin(3, "08:30"))
    (before,) = await queued(database, MessageState.QUEUED)
    unwanted = frozenset({before.affirmation_id or "", "text-1", "text-2"})
    async with database.write() as session:
        chat = await session.get_one(Chat, number)
        assert await leave_out(session, chat, {"a-theme"}, Choice(CHOICE.identifiers, unwanted))
    (after,) = await queued(database, MessageState.QUEUED)
    assert after.affirmation_id not in unwanted


async def test_the_last_one_is_not_hidden(database: Database) -> None:
    number, few = await chat_with(database, now=berlin(2)), Choice(("text-1", "text-2"))
    async with database.write() as session:
        chat = await session.get_one(Chat, number)
        assert await hide(session, chat, "text-1", few, berlin(2))
        assert not await hide(session, chat, "text-2", few, berlin(2) + timedelta(hours=1))
        assert await take_next(session, chat, few) == "text-2"


async def test_of_two_who_choose_at_once_neither_undoes_the_other(database: Database) -> None:
    number = await chat_with(database, MORNING, now=berlin(2))

    async def leave(theme: str) -> None:
        async with database.write() as session:
            chat = await session.get_one(Chat, number)
            await asyncio.sleep(0.1)  # both have read it by now, where both can write at once
            await hold_themes(session, chat)
            assert await leave_out(session, chat, themes_left_out(chat) | {theme}, CHOICE)

    await asyncio.gather(leave("a-theme"), leave("another"))
    async with database.read() as session:
        assert (await session.get_one(Chat, number)).left_out == "a-theme,another"


BEFORE, AFTER = ThemesFor(therapy=("a", "b"), group=("c",)), ThemesFor(therapy=("d",), group=())


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        (set(), set()),  # they asked for all, or were there before anybody was asked
        ({"a", "b", "c"}, {"d"}),
        ({"a", "b"}, {"d"}),
        ({"a", "x"}, {"a", "x"}),  # in therapy, with a theme that they left out themselves
        ({"c", "x"}, {"x"}),
    ],
)
async def test_another_practices_themes_for_some_take_the_place_of_the_former_ones(
    database: Database, left_out: set[str], expected: set[str]
) -> None:
    number = await chat_with(database, now=berlin(2))
    async with database.write() as session:
        (await session.get_one(Chat, number)).left_out = ",".join(sorted(left_out))
    async with database.write() as session:
        await choose_practice(session, await session.get_one(Chat, number), "rosa-meyer", BEFORE, AFTER)
    async with database.read() as session:
        chat = await session.get_one(Chat, number)
        assert (chat.practice, themes_left_out(chat)) == ("rosa-meyer", expected)
