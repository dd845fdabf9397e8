"""Copies of the database: whole while the bot writes, private, checked; and what an old one does not send again."""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bot.database.engine import NEWEST_REVISION, Database
from bot.database.lead import Lead, SharedLead
from bot.database.models import Chat, Circle, Conversation, QueuedMessage, Reminder
from bot.database.values import CircleStage, MessageKind, MessageState
from bot.domain.ids import TelegramId
from bot.domain.schedule import Once
from bot.usecases.chats import get_or_create_chat
from bot.usecases.copies import CopyError, ending, remember_bot, restore, save
from tests.databases import copy_migrated, copy_template
from tests.scenes import MORNING, berlin, chat_with, queue_all, queued

NOW = berlin(2)


async def chats_of(database: Database) -> list[int]:
    async with database.read() as session:
        return list(await session.scalars(select(Chat.telegram_id).order_by(Chat.id)))


async def test_a_copy_holds_all_is_private_and_comes_back(database: Database, tmp_path: Path) -> None:
    await chat_with(database, MORNING, now=NOW, telegram_id=1)
    copy = tmp_path / f"copy{ending(database)}"
    assert await save(database, copy) == NEWEST_REVISION
    assert oct(copy.stat().st_mode & 0o777) == "0o600"
    assert [name for name in os.listdir(tmp_path) if "copy" in name] == [copy.name]
    await chat_with(database, MORNING, now=NOW, telegram_id=2)
    await database.close()

    kept, _ = await restore(database, copy, NOW)

    assert await chats_of(database) == [1]
    assert kept is not None
    assert copy.exists()
    await database.close()
    await restore(database, kept, NOW + timedelta(seconds=1))
    assert await chats_of(database) == [1, 2]
    assert await database.revision() == NEWEST_REVISION


async def test_a_copy_replaces_a_file_only_when_told(database: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_text("a letter")
    with pytest.raises(CopyError, match="is there already; choose another name, or add --replace"):
        await save(database, copy)
    assert copy.read_text() == "a letter"
    await save(database, copy, replaces=True)
    assert oct(copy.stat().st_mode & 0o777) == "0o600"
    await restore(database, copy, NOW)


async def test_a_folder_that_is_not_there_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(CopyError, match=r"copy cannot be written \(No such file or directory\); check the folder"):
        await save(database, tmp_path / "no" / "copy")


async def test_nothing_is_restored_while_a_bot_runs(database: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    await save(database, copy)
    running = Database(database.url.render_as_string(hide_password=False))
    lead = Lead(running)
    assert await lead.take()
    with pytest.raises(CopyError, match="a bot is running on this database; stop it first"):
        await restore(database, copy, NOW)
    await lead.release()
    await running.close()


async def test_what_is_no_copy_of_ours_leaves_all_as_it_was(database: Database, tmp_path: Path) -> None:
    await chat_with(database, now=NOW, telegram_id=1)
    (tmp_path / "letter").write_text("this is a letter, not a database" * 100)
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    for name in ("letter", "other", "nowhere"):
        with pytest.raises(CopyError, match=name):
            await restore(database, tmp_path / name, NOW)
    assert await chats_of(database) == [1]
    assert not [name for name in os.listdir(tmp_path) if "before" in name]


async def test_a_copy_of_a_newer_version_is_refused(database: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CopyError, match=r"written by a newer version of this bot \(revision 9999, known here: "):
        await save(database, copy)
    assert not copy.exists()


async def test_an_old_copy_does_not_send_the_past_again(database: Database, tmp_path: Path) -> None:
    """Reminders that were due, what was queued or claimed, pauses, circles and flows of that day: none of it comes."""
    once = Once(at=datetime(2026, 3, 3, 8, 30))  # noqa: DTZ001 - local
    chat_id = await chat_with(database, MORNING, once, now=NOW, telegram_id=1)
    asleep = await chat_with(database, MORNING, now=NOW, telegram_id=2)
    later = await chat_with(database, now=NOW, telegram_id=3)
    await queue_all(database, berlin(3, "08:30"))
    async with database.write() as session:
        row = (await session.scalars(select(QueuedMessage).where(QueuedMessage.chat_id == chat_id).limit(1))).one()
        row.state, row.claimed_until = MessageState.SENDING, berlin(3, "08:32")
        await session.execute(
            update(Chat).where(Chat.id == asleep).values(paused_until=berlin(3, "09:00"), last_seen_at=berlin(2))
        )
        await session.execute(update(Reminder).where(Reminder.chat_id == asleep).values(due_at=berlin(3, "08:45")))
        session.add_all(
            [
                Conversation(chat_id=chat_id, person_id=1, subject="flow", token="t", step="s", draft="{}",
                             wake_at=berlin(3, "08:31"), updated_at=NOW),
                Circle(chat_id=later, stage=CircleStage.HERE, update_id=1, variant=0, wake_at=berlin(3), opened_at=NOW),
                QueuedMessage(chat_id=later, kind=MessageKind.AGAIN, occurrence_at=NOW, send_after=berlin(5),
                              send_before=berlin(5, "18:00")),
            ]
        )  # fmt: skip
    copy = tmp_path / "copy"
    await save(database, copy)
    await database.close()

    now = berlin(3, "13:00")
    await restore(database, copy, now)
    await queue_all(database, now)

    states = {row.send_after: row.state for row in await queued(database)}
    assert states == {berlin(3, "08:30"): MessageState.SKIPPED, berlin(5): MessageState.QUEUED}
    async with database.read() as session:
        due = list(await session.scalars(select(Reminder.due_at).order_by(Reminder.id)))
        assert due == [berlin(4, "08:30"), None, berlin(4, "08:30")]
        assert list(await session.scalars(select(Chat.paused_until))) == [None] * 3
        assert await session.scalar(select(Chat.last_seen_at).where(Chat.id == asleep)) == now
        assert list(await session.scalars(select(Conversation.wake_at))) == [None]
        assert list(await session.scalars(select(Circle.chat_id))) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_copy_of_a_busy_database_is_whole(database: Database, tmp_path: Path) -> None:
    """The bot writes between all steps of the copy, which does not begin anew, and holds whole transactions."""
    async with database.write() as session:
        await session.execute(text("CREATE TABLE ballast (id INTEGER PRIMARY KEY, content BLOB)"))
        for _ in range(12):
            await session.execute(text("INSERT INTO ballast (content) VALUES (randomblob(4000000))"))
    calls: list[int] = []
    loop = asyncio.get_running_loop()

    async def write() -> None:
        async with database.write() as session:
            await get_or_create_chat(session, TelegramId(len(calls) + 100), "private", NOW)
            await session.execute(text("UPDATE ballast SET content = randomblob(4000000) WHERE id = 1"))

    def tell(done: int, total: int) -> None:
        calls.append(done)
        asyncio.run_coroutine_threadsafe(write(), loop).result(60)

    await save(database, tmp_path / "copy", tell)
    assert 3 < len(calls) < 20
    assert len(await chats_of(database)) == len(calls)
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT count(*) FROM chats").fetchone() == (0,)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_damaged_database_is_kept_when_another_takes_its_place(database: Database, tmp_path: Path) -> None:
    await chat_with(database, now=NOW, telegram_id=1)
    await save(database, tmp_path / "copy")
    await database.close()
    (tmp_path / "test.db").write_text("a letter" * 1000)
    (tmp_path / "test.db-wal").write_text("another")
    kept, _ = await restore(database, tmp_path / "copy", NOW)
    assert await chats_of(database) == [1]
    assert kept is not None
    assert kept.read_text().startswith("a letter")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_copy_is_restored_into_a_folder_that_is_not_there_yet(database: Database, tmp_path: Path) -> None:
    await chat_with(database, now=NOW, telegram_id=1)
    await save(database, tmp_path / "copy")
    moved = Database(f"sqlite+aiosqlite:///{tmp_path}/new/home/tears.db")
    assert (await restore(moved, tmp_path / "copy", NOW))[0] is None
    assert await chats_of(moved) == [1]
    modes = [oct((tmp_path / name).stat().st_mode & 0o777) for name in ("new", "new/home", "new/home/tears.db")]
    assert modes == ["0o700", "0o700", "0o600"]
    await moved.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_without_pg_dump_one_line_says_what_to_install(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CopyError, match="pg_dump is not installed: it comes with PostgreSQL's client"):
        await save(database, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_file_of_a_running_bot_is_never_far_behind(database: Database, tmp_path: Path) -> None:
    """A plain copy of the file alone holds what stood in the log before."""
    await chat_with(database, now=NOW, telegram_id=1)
    await database.checkpoint()
    (tmp_path / "plain").write_bytes((tmp_path / "test.db").read_bytes())
    plain = Database(f"sqlite+aiosqlite:///{tmp_path / 'plain'}")
    assert await chats_of(plain) == [1]
    await plain.close()


async def test_bots_in_schemas_of_one_database_have_copies_of_their_own(postgres: str, tmp_path: Path) -> None:
    """A copy of one brings back nothing of another, and is refused for another."""
    url = await copy_template(postgres)
    everyones = Database(url)
    rosa, tomas = (Database(f"{url}&schema=bot_{name}", connections=everyones) for name in ("rosa_meyer", "tomas"))
    for number, database in enumerate((everyones, rosa, tomas), 1):
        await database.migrate()
        await chat_with(database, MORNING, now=NOW, telegram_id=number)
    assert [await chats_of(database) for database in (everyones, rosa, tomas)] == [[1], [2], [3]]
    copies = [tmp_path / f"{name}.dump" for name in ("all", "rosa")]
    await save(everyones, copies[0])
    await save(rosa, copies[1])
    for number, database in enumerate((everyones, rosa, tomas), 11):
        await chat_with(database, MORNING, now=NOW, telegram_id=number)

    await restore(rosa, copies[1], NOW)
    assert [await chats_of(database) for database in (everyones, rosa, tomas)] == [[1, 11], [2], [3, 13]]
    await restore(everyones, copies[0], NOW)
    assert [await chats_of(database) for database in (everyones, rosa, tomas)] == [[1], [2], [3, 13]]
    with pytest.raises(CopyError, match=r"rosa\.dump is a copy of another bot, rosa-meyer; name that one with --bot"):
        await restore(tomas, copies[1], NOW)
    with pytest.raises(CopyError, match=r"all\.dump is a copy of another bot, the bot without a name"):
        await restore(rosa, copies[0], NOW)
    await everyones.close()


async def test_nothing_is_restored_while_several_bots_run(postgres: str, tmp_path: Path) -> None:
    """They hold one lead, which is in no schema of a bot."""
    url = await copy_template(postgres)
    everyones, copy = Database(url), tmp_path / "rosa.dump"
    rosa = Database(f"{url}&schema=bot_rosa_meyer")
    await rosa.migrate()
    await save(rosa, copy)
    lead = SharedLead(everyones)
    assert await lead.take()
    with pytest.raises(CopyError, match="a bot is running on this database; stop it first"):
        await restore(rosa, copy, NOW)
    await lead.give_up()
    await restore(rosa, copy, NOW)
    await rosa.close()
    await everyones.close()


async def test_a_copy_of_one_bot_in_a_file_is_refused_for_another(tmp_path: Path) -> None:
    """One that had no name then, because it ran alone, can move in; and a bot can move out."""
    alone, rosa, tomas = (Database(copy_migrated(tmp_path / f"{name}.db")) for name in ("alone", "rosa", "tomas"))
    await remember_bot(rosa, "rosa-meyer")
    copies = [tmp_path / "alone.copy", tmp_path / "rosa.copy"]
    await save(alone, copies[0])
    await save(rosa, copies[1])
    for database in (alone, rosa, tomas):
        await database.close()
    with pytest.raises(CopyError, match=r"rosa\.copy is a copy of another bot, rosa-meyer; name that one with --bot"):
        await restore(tomas, copies[1], NOW, bot="tomas")
    await restore(rosa, copies[1], NOW, bot="rosa-meyer")
    await restore(tomas, copies[0], NOW, bot="tomas")
    await restore(alone, copies[1], NOW)
    for database in (alone, rosa, tomas):
        await database.close()
