"""Notes in the database: each message once, never more than fit, and gone by themselves."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from bot.database.engine import Database
from bot.database.models import Chat, Note
from bot.domain.encryption import Cipher
from bot.domain.ids import TelegramId
from bot.domain.notes import MOST_NOTES
from bot.usecases import notes
from bot.usecases.chats import find_chat, get_or_create_chat
from tests.scenes import berlin

CIPHER = Cipher(Fernet.generate_key().decode())
NOW = berlin(2)
DAYS = 60


@pytest.fixture
async def chat(database: Database) -> Chat:
    async with database.write() as session:
        return await get_or_create_chat(session, TelegramId(42), "private", NOW)


async def keep(database: Database, message_id: int, text: str = "the thing with my sister") -> bool:
    async with database.write() as session:
        chat = await find_chat(session, TelegramId(42))
        assert chat
        _, is_new = await notes.keep(session, chat, CIPHER, message_id, text, NOW, DAYS)
        return is_new


async def test_a_message_that_comes_twice_is_kept_once(database: Database, chat: Chat) -> None:
    assert await keep(database, 7)
    assert not await keep(database, 7)
    async with database.read() as session:
        assert await notes.count(session, chat, NOW) == 1


async def test_there_are_never_more_than_fit(database: Database, chat: Chat) -> None:
    for number in range(MOST_NOTES):
        await keep(database, number)
    with pytest.raises(notes.TooManyNotesError):
        await keep(database, MOST_NOTES)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["let go", "let all go", "time is over"])
async def test_the_files_hold_nothing_of_a_note_that_was_erased(
    database: Database, chat: Chat, tmp_path: Path, way: str
) -> None:
    await keep(database, 1)
    async with database.read() as session:
        (note,) = await notes.list_kept(session, chat, NOW)
    assert found_in(tmp_path, note.encrypted) == ["test.db-wal"]
    async with database.write() as session:
        if way == "let go":
            await notes.let_go(session, chat, note.id)
        elif way == "let all go":
            await notes.let_all_go(session, chat, note.id)
        else:
            assert await notes.clear_gone(session, NOW + timedelta(days=DAYS)) == 1
    assert found_in(tmp_path, note.encrypted) == []


def found_in(folder: Path, words: bytes | str) -> list[str]:
    looked_for = words.encode() if isinstance(words, str) else words
    return [file.name for file in folder.iterdir() if file.is_file() and looked_for in file.read_bytes()]


async def test_a_note_whose_time_is_over_is_not_shown_and_then_cleared(database: Database, chat: Chat) -> None:
    await keep(database, 1)
    later = NOW + timedelta(days=DAYS)
    async with database.write() as session:
        assert await notes.list_kept(session, chat, later) == []
        assert await notes.clear_gone(session, later - timedelta(seconds=1)) == 0
        assert await notes.clear_gone(session, later) == 1
        assert await session.scalar(select(func.count()).select_from(Note)) == 0


async def test_keeping_or_letting_go_means_only_what_was_there_when_it_was_asked(
    database: Database, chat: Chat
) -> None:
    await keep(database, 1)
    async with database.read() as session:
        (first,) = await notes.list_kept(session, chat, NOW)
    await keep(database, 2, "added later")
    later = NOW + timedelta(days=10)
    async with database.write() as session:
        await notes.keep_longer(session, chat, first.id, later, DAYS)
    async with database.read() as session:
        kept = await notes.list_kept(session, chat, NOW + timedelta(days=DAYS + 5))
    assert [note.id for note in kept] == [first.id]
    async with database.write() as session:
        await notes.let_all_go(session, chat, first.id)
    async with database.read() as session:
        (left,) = await notes.list_kept(session, chat, NOW)
    assert notes.decrypt(left, CIPHER) == "added later"
