"""A database file that goes away under the bot: what it held is written anew, or saved beside."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.database.engine import Database, DatabaseError
from bot.database.file_watch import FileWatch
from bot.database.models import Chat
from bot.database.troubles import REFUSED
from bot.usecases.copies import restore
from tests.databases import copy_migrated
from tests.scenes import berlin, chat_with

NOW = berlin(2)
FILES = ("test.db", "test.db-wal", "test.db-shm")
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def chats_of(database: Database) -> list[int]:
    async with database.read() as session:
        return list(await session.scalars(select(Chat.telegram_id).order_by(Chat.id)))


@pytest.mark.parametrize("deleted", [FILES[:1], FILES])
async def test_a_file_that_is_deleted_is_written_anew(
    database: Database, tmp_path: Path, deleted: tuple[str, ...]
) -> None:
    await chat_with(database, now=NOW, telegram_id=1)
    watch = FileWatch(database)
    assert not await watch.look()
    await chat_with(database, now=NOW, telegram_id=2)
    for name in deleted:
        (tmp_path / name).unlink()
    await chat_with(database, now=NOW, telegram_id=3)

    assert await watch.look()

    assert await chats_of(database) == [1, 2, 3]
    await chat_with(database, now=NOW, telegram_id=4)
    assert not await watch.look()
    await database.close()
    watch.close()
    again = Database(database.url.render_as_string())
    assert await chats_of(again) == [1, 2, 3, 4]
    assert oct((tmp_path / "test.db").stat().st_mode & 0o777) == "0o600"
    await again.close()


async def test_a_file_in_whose_place_another_is_ends_it_and_is_saved(database: Database, tmp_path: Path) -> None:
    await chat_with(database, now=NOW, telegram_id=1)
    watch = FileWatch(database)
    (tmp_path / "test.db").unlink()
    copy_migrated(tmp_path / "test.db")
    with pytest.raises(DatabaseError, match=r"replaced or emptied under the bot; what it held is saved as") as raised:
        await watch.look()
    assert raised.value.code == REFUSED
    await database.close()
    await restore(database, tmp_path / "test.db.rescued", NOW)
    assert await chats_of(database) == [1]


async def test_a_file_that_is_emptied_ends_it(database: Database, tmp_path: Path) -> None:
    await chat_with(database, now=NOW, telegram_id=1)
    await database.checkpoint()
    watch = FileWatch(database)
    (tmp_path / "test.db").write_bytes(b"")
    with pytest.raises(DatabaseError, match=r"replaced or emptied under the bot; .*bring"):
        await watch.look()
