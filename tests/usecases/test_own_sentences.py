"""Own sentences in the database: mixed into reminders, replaced where they were removed, only their own chat's."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import event

from bot.database.engine import Database
from bot.database.models import Chat, Favourite
from bot.domain.encryption import Cipher
from bot.domain.ids import TelegramId
from bot.domain.own_sentences import MOST_SENTENCES, Share, ref_of
from bot.usecases import own_sentences
from bot.usecases.chats import find_chat
from tests.scenes import CHOICE, MORNING, berlin, chat_with, queue_all, queued

CIPHER = Cipher(Fernet.generate_key().decode())
NOW = berlin(2)


@pytest.fixture
async def chat(database: Database) -> Chat:
    await chat_with(database, MORNING, now=NOW)
    async with database.read() as session:
        found = await find_chat(session, TelegramId(42))
        assert found
        return found


async def add(database: Database, chat: Chat, *message_ids: int, share: Share = Share.ONLY) -> None:
    async with database.write() as session:
        own = await session.get_one(Chat, chat.id)
        for number in message_ids:
            await own_sentences.add(session, own, CIPHER, number, f"sentence {number}", NOW)
        (await own_sentences.mix_of(session, own)).share = share


async def said(database: Database, days: int) -> list[str | None]:
    for day in range(3, 3 + days):
        await queue_all(database, berlin(day, "08:30"))
    return [row.affirmation_id for row in await queued(database)]


async def test_the_first_one_comes_now_and_then(database: Database, chat: Chat) -> None:
    async with database.write() as session:
        await own_sentences.add(session, await session.get_one(Chat, chat.id), CIPHER, 1, "mine", NOW)
    found = await said(database, 10)
    assert [name == ref_of(1) for name in found] == [False, False, False, False, True] * 2


async def test_half_of_the_messages_are_own_ones_and_the_others_go_on_in_their_order(
    database: Database, chat: Chat
) -> None:
    await add(database, chat, 1, 2, share=Share.HALF)
    found = await said(database, 8)
    assert {found[1], found[3]} == {found[5], found[7]} == {ref_of(1), ref_of(2)}
    others = found[::2]
    assert set(others) <= set(CHOICE.identifiers)
    assert len(set(others)) == 4


async def test_a_message_that_comes_twice_is_kept_once_and_never_more_than_fit(database: Database, chat: Chat) -> None:
    await add(database, chat, 7, 7)
    async with database.read() as session:
        assert len(await own_sentences.list_kept(session, chat)) == 1
    await add(database, chat, *range(100, 100 + MOST_SENTENCES - 1))
    with pytest.raises(own_sentences.TooManySentencesError):
        await add(database, chat, 999)


async def test_where_a_queued_one_is_removed_an_affirmation_takes_its_place(database: Database, chat: Chat) -> None:
    await add(database, chat, 1)
    await queue_all(database, berlin(3, "08:30"))
    async with database.write() as session:
        own = await session.get_one(Chat, chat.id)
        assert await own_sentences.remove(session, own, 1, CHOICE)
        assert not await own_sentences.remove(session, own, 1, CHOICE)
    (message,) = await queued(database)
    assert message.affirmation_id in CHOICE.identifiers


async def test_only_favourites_come_if_only_those_are_wanted(database: Database, chat: Chat) -> None:
    kept = set(CHOICE.identifiers[4:6])
    await add(database, chat, 1, share=Share.OFF)
    async with database.write() as session:
        (await own_sentences.mix_of(session, await session.get_one(Chat, chat.id))).only_kept = True
    before = await said(database, 1)
    assert set(before) <= set(CHOICE.identifiers)  # none is kept yet
    async with database.write() as session:
        session.add_all(Favourite(chat_id=chat.id, affirmation_id=name, added_at=NOW) for name in kept)
    for day in range(4, 8):
        await queue_all(database, berlin(day, "08:30"))
    assert {row.affirmation_id for row in await queued(database)} - set(before) <= kept
    assert {row.affirmation_id for row in await queued(database)} >= kept


async def test_nobody_elses_sentence_is_found(database: Database, chat: Chat) -> None:
    await chat_with(database, MORNING, now=NOW, telegram_id=43)
    await add(database, chat, 1)
    async with database.write() as session:
        other = await find_chat(session, TelegramId(43))
        assert other
        assert await own_sentences.find(session, other.id, 1) is None
        assert not await own_sentences.remove(session, other, 1, CHOICE)
    await queue_all(database, berlin(3, "08:30"))
    (message,) = [row for row in await queued(database) if row.chat_id != chat.id]
    assert message.affirmation_id in CHOICE.identifiers


async def test_a_chat_that_has_chosen_nothing_costs_one_query_of_an_empty_table(database: Database, chat: Chat) -> None:
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await queue_all(database, NOW + timedelta(days=1))
    assert [statement for statement in asked if "own_sentences" in statement or "favourites" in statement] == []
