"""The database: moments keep their zone, writers wait, one process has the lead."""

import asyncio
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import delete, event, func, select, text, update
from sqlalchemy.exc import DatabaseError as DriverError
from sqlalchemy.exc import OperationalError, StatementError

from bot.database import connections
from bot.database.columns import Base
from bot.database.connections import IDLE_TIMEOUT
from bot.database.engine import ERASES, MOST_CONNECTIONS, NEWEST_REVISION, Database, DatabaseError
from bot.database.lead import Lead
from bot.database.migrations.upgrade import configuration
from bot.database.models import Chat, Conversation, QueuedMessage, Reminder, SafetyPlan, Visit
from bot.domain.ids import TelegramId
from bot.usecases.chats import find_chat, get_or_create_chat
from tests.databases import copy_migrated, copy_template
from tests.scenes import MORNING, berlin, chat_with, queue_all

NOW = berlin(2)
SHOW = "SELECT setting::int FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'"


async def test_the_newest_revision_is_the_one_that_the_program_asks_for(database: Database) -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [NEWEST_REVISION]
    assert await database.revision() == NEWEST_REVISION


async def test_questions_from_before_flows_are_still_asked(database: Database) -> None:
    questions = {"time": "setup", "pause": "pause", "place": "zone", "quiet": "quiet", "forget": "forget"}
    async with database.engine.connect() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.execute(text("DROP TABLE alembic_version"))
        await connection.run_sync(lambda sync: command.upgrade(configuration(sync), "0001"))
        await connection.execute(
            text(
                "INSERT INTO chats (id, telegram_id, thread_id, kind, is_silent, seed, rotation_cycle, "
                "rotation_cursor, created_at) VALUES (7, 42, 0, 'private', false, 1, 0, -1, '2026-03-02 12:00:00')"
            )
        )
        for number, step in enumerate(questions):
            insert = text(
                "INSERT INTO conversations (chat_id, person_id, token, step, draft, updated_at) "
                "VALUES (7, :number, 't', :step, '', '2026-03-02 12:00:00')"
            )
            await connection.execute(insert, {"number": number, "step": step})
        await connection.commit()
    await database.migrate()
    async with database.read() as session:
        rows = (await session.scalars(select(Conversation).order_by(Conversation.person_id))).all()
    assert {row.step: row.subject for row in rows} == questions


async def test_migrating_twice_does_no_harm(database: Database) -> None:
    number = await chat_with(database, MORNING, now=NOW)
    await database.migrate()
    async with database.read() as session:
        assert await session.get(Chat, number)


async def test_a_database_that_cannot_be_used_says_which_and_what_to_do(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'x.db'}")
    with pytest.raises(DatabaseError, match=r"DATABASE_URL: there is no folder .*/no/such/folder; make it"):
        await database.migrate()
    await database.close()


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is a letter, not a database" * 100)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(
        DatabaseError, match=r"DATABASE_URL: .* cannot be used \(file is not a database\); it is no database"
    ):
        await database.migrate()
    await database.close()


async def test_moments_come_back_in_utc_whatever_zone_they_went_in_with(database: Database) -> None:
    moment = datetime(2026, 3, 2, 14, 30, 1, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    number = await chat_with(database, now=NOW)
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == number).values(paused_until=moment))
    async with database.read() as session:
        stored = await session.scalar(select(Chat.paused_until))
    assert stored == moment
    assert stored.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        async with database.write() as session:
            await session.execute(update(Chat).values(paused_until=datetime(2026, 3, 2)))  # noqa: DTZ001 - the point


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def open_and_fail() -> None:
        async with database.write() as session:
            await get_or_create_chat(session, TelegramId(42), "private", NOW)
            raise LookupError

    with pytest.raises(LookupError):
        await open_and_fail()
    async with database.read() as session:
        assert await find_chat(session, TelegramId(42)) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_file_that_is_damaged_while_it_is_used_is_said_once(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await database.migrate()
    await database.close()
    (tmp_path / "test.db").write_bytes(b"noise " * 2_000)
    for _ in range(3):
        with pytest.raises(DriverError):
            async with database.read() as session:
                await session.execute(text("SELECT * FROM chats"))
    (line,) = [record.getMessage() for record in caplog.records]
    assert "bring a copy back (docs/backup.md), when the bot is stopped" in line


async def test_a_connection_that_can_only_read_is_given_up(tmp_path: Path) -> None:
    """As one that was opened while the file could not be written: SQLite lets it read for ever after."""
    database = Database(copy_migrated(tmp_path / "a.db"))
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(OperationalError, match="readonly"):
        async with database.write() as session:
            await session.execute(delete(Chat))
    async with database.write() as session:
        await session.execute(delete(Chat))
    await database.close()


async def test_many_writers_at_once_all_get_through(database: Database) -> None:
    number = await chat_with(database, now=NOW)

    async def add_one() -> None:
        async with database.write() as session:
            query = select(Chat).where(Chat.id == number).with_for_update()
            chat = (await session.scalars(query)).one()
            await asyncio.sleep(0)
            chat.rotation_cycle += 1

    await asyncio.gather(*(add_one() for _ in range(30)))
    async with database.read() as session:
        assert (await session.get_one(Chat, number)).rotation_cycle == 30


async def test_deleting_a_chat_deletes_everything_of_it(database: Database) -> None:
    number = await chat_with(database, MORNING, now=NOW)
    await queue_all(database, berlin(3, "08:30"))
    async with database.write() as session:
        session.add(
            Conversation(chat_id=number, person_id=1, subject="flow", token="t", step="s", draft="", updated_at=NOW)
        )
        session.add(Visit(chat_id=number, person_id=1, flow="grounding", count=1))
        session.add(SafetyPlan(chat_id=number, encrypted="x", updated_at=NOW))
    async with database.write() as session:
        await session.execute(delete(Chat).where(Chat.id == number))
    async with database.read() as session:
        tables = (Chat, Reminder, QueuedMessage, Conversation, Visit, SafetyPlan)
        left = [await session.scalar(select(func.count()).select_from(table)) for table in tables]
    assert left == [0] * len(tables)


async def test_ids_are_never_used_again(database: Database) -> None:
    first = await chat_with(database, MORNING, now=NOW)
    async with database.write() as session:
        await session.execute(delete(Chat).where(Chat.id == first))
    second = await chat_with(database, MORNING, now=NOW)
    async with database.read() as session:
        reminder = await session.scalar(select(Reminder.id))
    assert (second, reminder) == (first + 1, 2)


async def test_one_process_has_the_lead_until_it_gives_it_up(database: Database) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    first, second = Lead(database), Lead(other)
    assert [await first.take(), await first.take(), await second.take()] == [True, True, False]
    await first.release()
    assert [await second.take(), await first.take()] == [True, False]
    await second.release()
    await other.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("is_there", [True, False])
async def test_only_the_user_of_the_program_reads_the_files(tmp_path: Path, is_there: bool) -> None:
    file, before = tmp_path / "tears.db", os.umask(0o022)
    try:
        if is_there:
            for name in ("tears.db", "tears.db.lock"):
                (tmp_path / name).touch(0o644)
        database = Database(f"sqlite+aiosqlite:///{file}")
        await database.migrate()
        lead = Lead(database)
        assert await lead.take()
        async with database.write() as session:
            await get_or_create_chat(session, TelegramId(42), "private", NOW)
        modes = {one.name: oct(one.stat().st_mode & 0o777) for one in tmp_path.iterdir()}  # noqa: ASYNC240 - a test
        await lead.release()
        await database.close()
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(("tears.db", "tears.db-wal", "tears.db-shm", "tears.db.lock"), "0o600")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_while_somebody_reads_the_log_stays_and_the_next_time_it_is_cut(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    log = tmp_path / "test.db-wal"
    await chat_with(database, now=NOW, telegram_id=7)
    async with database.read() as reader:
        await reader.scalar(select(Chat.id))
        async with database.write() as session:
            session.info[ERASES] = True
            await session.execute(delete(Chat))
        assert "is cut later" in caplog.text
    async with database.write() as session:
        session.info[ERASES] = True
    assert log.stat().st_size == 0


async def test_who_hangs_in_a_transaction_keeps_its_locks_from_nobody_for_long(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "IDLE_TIMEOUT", IDLE_TIMEOUT)  # as in the program
    database = Database(await copy_template(postgres))
    async with database.read() as session:
        assert await session.scalar(text(SHOW)) == IDLE_TIMEOUT
    await database.close()


async def test_a_look_on_postgresql_needs_no_transaction_but_where_a_schema_is_set_in_it(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = 0

    def begin(connection: asyncpg.Connection, **options: Any) -> Any:  # Any: as the driver has it
        nonlocal begun
        begun += 1
        return begin_as_ever(connection, **options)

    begin_as_ever = asyncpg.Connection.transaction
    monkeypatch.setattr(asyncpg.Connection, "transaction", begin)
    address = await copy_template(postgres)
    for url, transactions in ((address, 0), (f"{address}{'&' if '?' in address else '?'}schema=practice", 1)):
        database = Database(url)
        await database.read_at_once(lambda connection: connection.scalar(text("SELECT 1")))  # what a first one needs
        begun = 0
        await database.read_at_once(lambda connection: connection.scalar(text("SELECT 1")))
        assert begun == transactions
        await database.close()


async def test_connections_are_kept_for_the_next_peak(database: Database) -> None:
    opened: list[object] = []
    event.listen(database.engine.sync_engine, "connect", lambda connection, _: opened.append(connection))

    async def peak() -> None:
        all_at_once = asyncio.Barrier(MOST_CONNECTIONS)

        async def read() -> None:
            async with database.read() as session:
                await session.scalar(text("SELECT 1"))
                await all_at_once.wait()

        await asyncio.gather(*(read() for _ in range(MOST_CONNECTIONS)))

    await peak()
    after_one = len(opened)
    await peak()
    assert len(opened) == after_one <= MOST_CONNECTIONS
