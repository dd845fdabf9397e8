"""/look's question in the database: queued once, not in pauses, not too late; one entry a day, bound to its chat."""

import asyncio
from datetime import date, datetime, time, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.database.engine import Database
from bot.database.models import Chat, LookAsking, LookEntry
from bot.database.values import MessageKind, OffReason, Subject
from bot.domain.encryption import Cipher, DecryptionError
from bot.domain.ids import ChatId, TelegramId
from bot.domain.look_back import Colour, DayWord
from bot.domain.schedule import Daily
from bot.usecases import conversations, failures, look_back
from bot.usecases.chats import find_chat, pause, resume, set_zone, switch_off
from bot.usecases.look_back import TOO_LATE, queue_questions
from tests.scenes import berlin, chat_with, queued

CIPHER = Cipher(Fernet.generate_key().decode())
EVENING = Daily(at=time(20))


@pytest.fixture
async def chat(database: Database) -> Chat:
    """A chat in Berlin that is asked at 20:00 every day, set up on 2 March."""
    await chat_with(database, now=berlin(2))
    async with database.write() as session:
        found = await find_chat(session, TelegramId(42))
        assert found
        await look_back.set_asking(session, found, EVENING, berlin(2))
        return found


async def next_at(database: Database) -> datetime | None:
    async with database.read() as session:
        return await session.scalar(select(LookAsking.next_at))


async def test_it_is_queued_for_its_day_and_goes_on(database: Database, chat: Chat) -> None:
    assert await queue_questions(database, berlin(2, "19:59")) == 0
    assert await queue_questions(database, berlin(2, "20:00")) == 1
    assert await queue_questions(database, berlin(2, "20:00")) == 0
    (row,) = await queued(database)
    assert (row.kind, row.notice_ref, row.send_after) == (MessageKind.LOOK, "day:2026-03-02", berlin(2, "20:00"))
    assert await next_at(database) == berlin(3, "20:00")


async def test_two_at_once_queue_it_once(database: Database, chat: Chat) -> None:
    await asyncio.gather(*(queue_questions(database, berlin(2, "20:00")) for _ in range(4)))
    assert len(await queued(database)) == 1


async def test_too_late_is_skipped(database: Database, chat: Chat) -> None:
    await queue_questions(database, berlin(2, "20:00") + TOO_LATE)
    assert await queued(database) == []
    assert await next_at(database) == berlin(3, "20:00")


async def test_a_pause_and_a_stop_are_quiet_and_then_it_goes_on(database: Database, chat: Chat) -> None:
    async with database.write() as session:
        own = await session.get_one(Chat, chat.id)
        await pause(session, own, berlin(5), berlin(2))
    assert await next_at(database) == berlin(5, "20:00")
    async with database.write() as session:
        await switch_off(session, chat.id, OffReason.STOPPED, berlin(5))
    await queue_questions(database, berlin(5, "20:00"))
    assert await queued(database) == []
    assert await next_at(database) is None
    async with database.write() as session:
        await resume(session, await session.get_one(Chat, chat.id), berlin(9))
    assert await next_at(database) == berlin(9, "20:00")


async def test_it_follows_who_moves(database: Database, chat: Chat) -> None:
    async with database.write() as session:
        await set_zone(session, await session.get_one(Chat, chat.id), "Australia/Sydney", berlin(2))
    found = await next_at(database)
    assert found
    assert found.hour == 9  # 20:00 in Sydney, in UTC


@pytest.mark.parametrize("held", ["hushed_until", "quiet_until"])
async def test_after_the_card_or_a_session_it_waits(database: Database, chat: Chat, held: str) -> None:
    async with database.write() as session:
        setattr(await session.get_one(Chat, chat.id), held, berlin(2, "20:40"))
    await queue_questions(database, berlin(2, "20:00"))
    assert [row.send_after for row in await queued(database)] == [berlin(2, "20:40")]


async def test_a_second_answer_takes_the_place_of_the_first(database: Database, chat: Chat) -> None:
    day = date(2026, 3, 2)
    for said in (DayWord("heavy"), DayWord(colour=Colour.MOSS)):
        async with database.write() as session:
            await look_back.keep(session, await session.get_one(Chat, chat.id), CIPHER, day, said)
    async with database.read() as session:
        (row,) = await look_back.list_kept(session, chat, day - timedelta(days=3))
        assert look_back.decrypt(row, CIPHER) == DayWord(colour=Colour.MOSS)


async def test_two_answers_at_once_leave_one(database: Database, chat: Chat) -> None:
    async def answer(word: str) -> None:
        async with database.write() as session:
            own = await session.get_one(Chat, chat.id)
            await look_back.keep(session, own, CIPHER, date(2026, 3, 2), DayWord(word))

    await asyncio.gather(*map(answer, ("one", "two", "three")))
    async with database.read() as session:
        assert len((await session.scalars(select(LookEntry))).all()) == 1


async def test_an_entry_does_not_open_in_another_chat(database: Database, chat: Chat) -> None:
    other = await chat_with(database, now=berlin(2), telegram_id=43)
    async with database.write() as session:
        await look_back.keep(session, chat, CIPHER, date(2026, 3, 2), DayWord("heavy"))
        row = await session.get_one(LookEntry, (chat.id, date(2026, 3, 2)))
        moved = LookEntry(chat_id=other, day=row.day, encrypted=row.encrypted)
    with pytest.raises(DecryptionError):
        look_back.decrypt(moved, CIPHER)


async def test_what_is_not_wanted_any_more_is_not_asked(database: Database, chat: Chat) -> None:
    day = date(2026, 3, 2)
    async with database.write() as session:
        assert await look_back.begin_queued(session, chat.id, "day:2026-03-02", berlin(2)) == day
        await look_back.keep(session, await session.get_one(Chat, chat.id), CIPHER, day, DayWord("heavy"))
        assert await look_back.begin_queued(session, chat.id, "day:2026-03-02", berlin(2)) is None
        await look_back.stop_asking(session, await session.get_one(Chat, chat.id))
        assert await look_back.begin_queued(session, chat.id, "day:2026-03-03", berlin(3)) is None


async def test_it_waits_where_a_reflection_is_under_way(database: Database, chat: Chat) -> None:
    async with database.write() as session:
        own = await session.get_one(Chat, chat.id)
        await conversations.begin(session, own, own.telegram_id, Subject.FLOW, "step", "{}", berlin(2, "19:50"))
    await queue_questions(database, berlin(2, "20:00"))
    assert [row.send_after for row in await queued(database)] == [berlin(2, "20:20")]


async def test_one_that_fails_stops_no_other_and_is_tried_again(database: Database, chat: Chat) -> None:
    other = await chat_with(database, now=berlin(2), telegram_id=43)
    async with database.write() as session:
        session.add(LookAsking(chat_id=ChatId(other), rule="no rule", next_at=berlin(2, "20:00")))
    await queue_questions(database, berlin(2, "20:00"))
    assert [row.chat_id for row in await queued(database)] == [chat.id]
    async with database.read() as session:
        assert (await session.get_one(LookAsking, other)).next_at == berlin(2, "20:00") + failures.TRY_AGAIN
