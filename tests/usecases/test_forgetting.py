"""Forgetting: nothing is left in any table, nor in the files of the database; chats that left are erased in time."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    Time,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.sql.sqltypes import BigInteger, String

from bot.app import App
from bot.content.load import Catalogue
from bot.database.columns import Base
from bot.database.engine import Database
from bot.database.models import Chat
from bot.database.values import FailedWork, OffReason
from bot.delivery.outcomes import Broken, ChatLost, Refused, Sent, Skipped
from bot.domain.ids import ChatId, TelegramId
from bot.usecases import chats, forgetting
from bot.usecases.claims import claim
from bot.usecases.clearing import CLEAR_AGAIN
from bot.usecases.failures import FAILED_ROWS
from bot.usecases.forgetting import forget_left, forget_strangers
from bot.usecases.marks import mark
from bot.usecases.stored_data import STORED
from bot.usecases.taps import hash_person
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.scenes import MORNING, berlin, chat_with, queue_all, subscribe, write_plan

NOW = berlin(2, "08:30")
COUNTING = b"counting"
ANA, TOM = TelegramId(7_000_042), TelegramId(7_000_043)
MARK = "harbour seven"  # in every text of Ana's, so that a search finds what is left
ABOUT_NOBODY = {stored.model.__tablename__ for stored in STORED if not stored.privacy}
numbers = itertools.count(1_000)


def value_of(column: object, mark: str) -> object:
    """Something that fits into the column."""
    kind = getattr(column, "type")  # noqa: B009 - of any column
    match kind:
        case Boolean():
            return True
        case Date():
            return date(2026, 3, 2)
        case Integer() | BigInteger():
            return next(numbers)
        case Time():
            return time(9)
        case String():
            return f"{mark}{next(numbers)}"[: kind.length or 100]
        case _ if isinstance(getattr(kind, "impl_instance", kind), DateTime):
            return datetime(2026, 3, 2, tzinfo=UTC)
    return next(numbers)


async def fill(database: Database, person: TelegramId, mark: str) -> int:
    """Puts a row of this person into every table, one into another's group where it carries their number."""
    made: dict[str, dict[str, object]] = {}
    async with database.write() as session:
        for table in Base.metadata.sorted_tables:
            row = {column.name: value_of(column, mark) for column in table.columns if not column.info}
            if table.name == "chats":
                row |= {"telegram_id": person, "thread_id": 0, "off_reason": None, "left_at": None}
            for constraint in table.constraints:
                if isinstance(constraint, ForeignKeyConstraint):
                    reference = constraint.elements[0].column
                    row[constraint.column_keys[0]] = made[reference.table.name][reference.name]
            if "person_id" in row:
                row["person_id"] = person
            if table.name == "post_taps":
                row["person_hash"] = hash_person(COUNTING, int(str(row["post_id"])), person)
            await session.execute(insert(table).values(row))
            made[table.name] = row
        for work, (key, _) in FAILED_ROWS.items():
            of = inspect(key.class_).local_table.name
            failure = {"work": work, "row_id": made[of][key.key], "error": "x", "tries": 1, "is_set_aside": False}
            await session.execute(insert(Base.metadata.tables["failures"]).values(failure | {"failed_at": NOW}))
        await session.execute(text("DELETE FROM failures WHERE error <> 'x'"))
    return int(str(made["chats"]["id"]))


async def everything(database: Database) -> dict[str, list[str]]:
    """All rows of all tables that are about somebody, as text."""
    async with database.read() as session:
        return {
            table.name: [str(tuple(row)) for row in await session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if table.name not in ABOUT_NOBODY
        }


async def forget_ana(database: Database, chat_id: int) -> None:
    async with database.write() as session:
        await forgetting.forget_chat(session, ChatId(chat_id))
        await forgetting.forget_person(session, ANA, COUNTING)


def test_every_kind_of_failure_is_forgotten() -> None:
    assert set(FAILED_ROWS) == set(FailedWork)


async def test_nothing_is_left_in_any_table(database: Database) -> None:
    """Every table has a row; a new one that does not go with its chat or its person fails here."""
    chat_id = await fill(database, ANA, MARK)
    before = await everything(database)
    assert all(before.values())
    await forget_ana(database, chat_id)
    assert {name: rows for name, rows in (await everything(database)).items() if rows} == {}


async def test_what_is_about_somebody_else_stays(database: Database) -> None:
    await fill(database, TOM, "quiet meadow")
    before = await everything(database)
    await forget_ana(database, await fill(database, ANA, MARK))
    assert await everything(database) == before


async def test_what_a_person_has_in_anothers_chat_goes_and_the_chat_stays(database: Database) -> None:
    group = await fill(database, TelegramId(-100), "quiet meadow")
    async with database.write() as session:
        for table in Base.metadata.sorted_tables:
            if "person_id" in table.columns:
                await session.execute(table.update().values(person_id=ANA))
        erased = await forgetting.forget_person(session, ANA, COUNTING)
    assert erased.is_any
    left = await everything(database)
    assert [name for name, rows in left.items() if any(str(ANA) in row for row in rows)] == []
    async with database.read() as session:
        assert await session.get(Chat, group) is not None


async def test_what_is_in_flight_when_its_chat_is_forgotten_leaves_nothing(database: Database) -> None:
    """Its outcome comes when its row is gone: sent, failed, or the chat is lost."""
    chat_id = await chat_with(database, MORNING, now=NOW - timedelta(days=1), telegram_id=ANA)
    await queue_all(database, NOW)
    (claimed,) = await claim(database, NOW, 5)
    await forget_ana(database, chat_id)
    for outcome in (Sent(), Broken(ValueError("x")), Refused("x"), ChatLost(OffReason.BLOCKED, "x"), Skipped()):
        await mark(database, [(claimed, outcome)], NOW)
    assert {name: rows for name, rows in (await everything(database)).items() if rows} == {}


def found_in(folder: Path, words: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if file.is_file() and words in file.read_bytes()]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_files_of_the_database_hold_nothing_of_it(database: Database, tmp_path: Path) -> None:
    chat_id = await fill(database, ANA, MARK)
    await fill(database, TOM, "quiet meadow")
    assert found_in(tmp_path, MARK.encode())
    await forget_ana(database, chat_id)
    async with database.read() as session:
        left = (await session.execute(text("SELECT digest FROM uploads UNION SELECT file_id FROM uploads"))).all()
    about_nobody = sum(str(row).count(MARK) for row in left)
    assert found_in(tmp_path, MARK.encode()) == (["test.db"] if about_nobody else [])
    assert (tmp_path / "test.db-wal").stat().st_size == 0
    assert found_in(tmp_path, b"quiet meadow") == ["test.db"]


async def test_typed_words_are_in_no_file_and_after_forget_nothing_is(
    app: App, ana: Person, tmp_path: Path, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await subscribe(ana)
    await write_plan(ana, catalogue.support.card.plan, "Marabel 0123")
    for said in ("I was at Marabel harbour", "/remind Marabel", "/reflect", "Marabel again", "/export", "/bring"):
        await ana.says(said)
    assert found_in(tmp_path, b"Marabel") == []
    assert "Marabel" not in caplog.text
    assert found_in(tmp_path, str(ana.id).encode()) == []  # as a number it is stored in binary
    await ana.says("/forget")
    await ana.taps(catalogue.interface.forget.yes)
    texts = catalogue.interface.forget
    assert ana.hears()[-1] == f"{texts.done}\n\n{texts.remains}\n\n{texts.backups_unknown}"
    left = await everything(app.database)
    assert {name: rows for name, rows in left.items() if rows} == {}
    assert found_in(tmp_path, b"Europe/London") == []
    assert not app.application.bot_data["services"].sender.last_buttons.find(TelegramId(ana.id))


# Chats that left


async def left_chat(database: Database, telegram_id: int, reason: OffReason, at: datetime) -> int:
    chat_id = await chat_with(database, now=at, telegram_id=telegram_id)
    async with database.write() as session:
        await chats.switch_off(session, ChatId(chat_id), reason, at)
    return chat_id


async def known(database: Database) -> list[int]:
    async with database.read() as session:
        return list(await session.scalars(select(Chat.telegram_id).order_by(Chat.telegram_id)))


async def test_only_chats_that_left_before_are_erased_in_batches(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "LEFT_AT_ONCE", 2)
    for number, reason in enumerate(OffReason, 1):
        await left_chat(database, number, reason, NOW - timedelta(days=91))
    await left_chat(database, 11, OffReason.BLOCKED, NOW - timedelta(days=89))
    await left_chat(database, -12, OffReason.BLOCKED, NOW - timedelta(days=91))
    before = NOW - timedelta(days=90)
    assert [await forget_left(database, before, COUNTING) for _ in range(3)] == [2, 1, 0]
    kept = [number for number, reason in enumerate(OffReason, 1) if reason not in (OffReason.BLOCKED, OffReason.GONE)]
    assert await known(database) == [*kept, 11]


async def test_who_has_stopped_and_blocked_later_is_erased_too_and_the_time_counts_from_the_first_block(
    database: Database,
) -> None:
    chat_id = await left_chat(database, 1, OffReason.STOPPED, NOW)
    async with database.write() as session:
        for days in (10, 20):
            at = NOW + timedelta(days=days)
            await chats.switch_off(session, ChatId(chat_id), OffReason.BLOCKED, at)
    assert await forget_left(database, NOW + timedelta(days=10), COUNTING) == 0
    assert await forget_left(database, NOW + timedelta(days=10, seconds=1), COUNTING) == 1
    assert await known(database) == []


async def test_on_the_clock_a_chat_that_blocked_is_erased_after_ninety_days(
    app: App, ana: Person, clock: MovableClock, telegram: LocalTelegram
) -> None:
    tom = add_person(telegram, "Tom")
    for person in (ana, tom):
        await subscribe(person)
    await ana.blocks()
    await tom.blocks()
    clock.move(timedelta(days=89))
    await app.scheduler.catch_up()
    await tom.unblocks()
    assert await known(app.database) == [ana.id, tom.id]
    clock.move(timedelta(days=1) + CLEAR_AGAIN)
    await app.scheduler.catch_up()
    assert await known(app.database) == [tom.id]


async def test_a_stop_stays_a_stop_when_somebody_comes_back(
    app: App, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await subscribe(ana)
    await ana.says("/stop")
    await ana.blocks()
    await ana.unblocks()
    clock.move(timedelta(days=100))
    await app.scheduler.catch_up()
    async with app.database.read() as session:
        chat = (await session.scalars(select(Chat))).one()
    assert (chat.off_reason, chat.left_at) == (OffReason.STOPPED, None)


async def began(database: Database, telegram_id: TelegramId) -> ChatId:
    """Somebody presses Start; returns the row."""
    async with database.write() as session:
        return (await chats.get_or_create_chat(session, telegram_id, "private", NOW)).id


async def numbers_left(database: Database) -> set[int]:
    async with database.read() as session:
        return set(await session.scalars(select(Chat.telegram_id)))


async def test_who_only_pressed_start_and_did_not_come_back_is_erased(database: Database) -> None:
    month = NOW + timedelta(days=30)
    for number in range(45):
        await began(database, TelegramId(9_000 + number))
    seen = await began(database, ANA)
    async with database.write() as session:
        (await session.get_one(Chat, seen)).last_seen_at = month - timedelta(days=1)
    assert await forget_strangers(database, NOW, [""]) == 0
    assert [await forget_strangers(database, month - timedelta(days=2), [""]) for _ in range(4)] == [20, 20, 5, 0]
    assert await numbers_left(database) == {ANA}


@pytest.mark.parametrize("name", [table.name for table in Base.metadata.sorted_tables if "chat_id" in table.columns])
async def test_whoever_has_anything_in_any_table_stays(database: Database, name: str) -> None:
    await fill(database, TOM, MARK)
    chat_id = await began(database, ANA)
    async with database.write() as session:
        await session.execute(update(Base.metadata.tables[name]).values(chat_id=chat_id))
    await forget_strangers(database, NOW + timedelta(days=99), [""])
    assert ANA in await numbers_left(database)


@pytest.mark.parametrize(
    "chosen",
    [
        *({"zone": "Europe/Berlin"}, {"country": "DE"}, {"is_silent": True}, {"left_out": "x"}, {"clock": 12}),
        *({"practice": "rosa"}, {"off_reason": "blocked"}, {"shows_pictures": True}, {"quiet_start": None}),
    ],
    ids=str,
)
async def test_whoever_has_chosen_anything_stays(database: Database, chosen: dict[str, object]) -> None:
    chat_id = await began(database, ANA)
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == chat_id).values(chosen))
    assert await forget_strangers(database, NOW + timedelta(days=99), [""]) == 0


async def test_on_the_clock_a_stranger_is_erased_after_thirty_days(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts()
    await app.scheduler.catch_up()
    for days, left in ((29, 1), (3, 0)):
        clock.move(timedelta(days=days))
        await app.scheduler.catch_up()
        assert len(await numbers_left(app.database)) == left
