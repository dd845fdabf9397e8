"""Export and import: everything stored is in the file or left out with a reason, and another server gives the same."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from bot.database.columns import Base
from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder, SafetyPlan, Visit
from bot.domain import exports
from bot.domain.appointments import Appointment, Appointments
from bot.domain.encryption import Cipher
from bot.domain.exports import EncryptedPart, Export, ExportError, Here, Wrong, read_export
from bot.domain.ids import TelegramId
from bot.domain.look_back import Colour
from bot.domain.own_sentences import Share
from bot.domain.safety_plan import PARTS
from bot.domain.schedule import Daily, Once, Spread, write_rule
from bot.usecases import favourites, imports, safety_plans
from bot.usecases.chats import get_or_create_chat
from bot.usecases.exports import gather
from bot.usecases.reminders import edit
from bot.usecases.stored_data import OWNER, STORED, Stored
from tests.databases import copy_migrated
from tests.scenes import MORNING, berlin, chat_with

NOW = berlin(2)
ANA = TelegramId(42)
HERE, THERE = (Fernet.generate_key().decode() for _ in range(2))
COUNTING = b"counting"


async def export_of(database: Database, key: str | None = HERE, person_id: TelegramId = ANA) -> Export | None:
    async with database.read() as session:
        return await gather(session, person_id, Cipher(key) if key else None, COUNTING, NOW)


async def bring(database: Database, export: Export, key: str | None = THERE, telegram_id: TelegramId = ANA) -> None:
    async with database.write() as session:
        chat = await get_or_create_chat(session, telegram_id, "private", NOW)
        await imports.bring_in(session, chat, export, Cipher(key) if key else None, NOW)


def brought(export: Export | None) -> dict[str, Any]:
    """What has to be the same everywhere: all but `here`."""
    assert export
    return {name: value for name, value in json.loads(export.to_json()).items() if name != "here"}


# The declaration


def test_every_table_is_declared_once() -> None:
    """A new table joins with a line in usecases/stored_data.py."""
    assert {stored.model.__tablename__ for stored in STORED} == set(Base.metadata.tables)
    assert len({stored.model for stored in STORED}) == len(STORED)


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: stored.model.__name__)
def test_every_column_is_exported_or_left_out_with_a_reason(stored: Stored) -> None:
    if stored.part is None:
        assert stored.why_not
        return
    fields, left = set(stored.part.model_fields), set(stored.left_out)
    columns = {column.name for column in inspect(stored.model).columns}
    if issubclass(stored.part, EncryptedPart):
        assert stored.part.text_fields() <= fields
        columns = {name for name in columns if not name.startswith("encrypted")}
    assert columns <= fields | left
    assert left - OWNER.keys() <= columns
    assert not left & columns & fields
    assert all(stored.left_out.values())
    is_at_the_top = stored.is_brought or stored.model is Chat
    assert (stored.name in Export.model_fields, stored.name in Here.model_fields) == (is_at_the_top, not is_at_the_top)


def test_as_many_reminders_fit_into_a_file_as_into_a_chat() -> None:
    assert exports.MOST_REMINDERS == edit.MOST_REMINDERS


# Out, in, and out again

RULES = st.one_of(
    st.builds(Daily, at=st.times().map(lambda at: at.replace(second=0, microsecond=0))),
    st.integers(1, 3).map(lambda times: Spread(times=times, start=time(9), end=time(20), apart=60)),
    st.just(Once(at=datetime(2026, 5, 1, 9, 0))),  # noqa: DTZ001 - local
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))
SHORT_WORDS = st.text(st.characters(codec="latin-1", exclude_characters="\x00"), min_size=1, max_size=30)
COLOURS = st.sampled_from(list(Colour))
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40)
IDS = st.sampled_from(["tears-are-human", "no-apology", "gone-long-ago"])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
SETTINGS = st.builds(
    exports.Settings,
    language=st.sampled_from([None, "en", "es"]),
    practice=st.none() | WORDS,
    zone=st.sampled_from([None, "Europe/Berlin", "Australia/Sydney", "Etc/GMT-3"]),
    home_zone=st.sampled_from([None, "Europe/London"]),
    travels_until=st.none() | st.just(NOW + timedelta(days=9)),
    is_asked=st.booleans(),
    country=st.sampled_from([None, "DE"]),
    quiet_start=st.just(time(22)),
    quiet_end=st.just(time(7)),
    is_silent=st.booleans(),
    shows_pictures=st.booleans(),
    left_out=st.lists(st.sampled_from(["men", "therapy", "numb"]), unique=True).map(tuple),
    clock=st.sampled_from([None, 12, 24]),
    paused_until=st.none() | st.just(NOW + timedelta(days=3)),
    stopped_at=st.none() | MOMENTS,
    seed=st.integers(0, 2**31 - 1),
    rotation_cycle=st.integers(0, 9),
    rotation_cursor=st.integers(-1, 2**30),
)


def unique(parts: st.SearchStrategy[Any], name: str) -> st.SearchStrategy[Any]:
    rows = st.lists(parts, max_size=3, unique_by=lambda part: getattr(part, name))
    return rows.map(lambda found: tuple(sorted(found, key=lambda part: getattr(part, name))))


MADE_UP = st.builds(
    Export,
    exported_at=st.just(NOW),
    settings=SETTINGS,
    reminders=st.lists(
        st.builds(
            exports.Reminder,
            rule=RULES.map(write_rule),
            is_paused=st.booleans(),
            is_paired=st.booleans(),
            skip_until=st.none() | MOMENTS,
            created_at=MOMENTS,
            themes=st.sampled_from([None, "not-alone", "at-your-own-pace,gone"]),
            themes_cycle=st.integers(0, 9),
            themes_cursor=st.integers(-1, 2**30),
            text=st.none() | WORDS,
        ),
        max_size=4,
    ).map(tuple),
    notes=st.lists(st.builds(exports.Note, text=WORDS, kept_at=MOMENTS, gone_at=MOMENTS), max_size=3).map(tuple),
    look_back=unique(
        st.builds(exports.LookEntry, day=DAYS, word=SHORT_WORDS)
        | st.builds(exports.LookEntry, day=DAYS, colour=COLOURS),
        "day",
    ),
    look_asking=st.lists(st.builds(exports.LookAsking, rule=RULES.map(write_rule)), max_size=1).map(tuple),
    own_sentences=st.lists(st.builds(exports.OwnSentence, text=WORDS, added_at=MOMENTS), max_size=3).map(tuple),
    mix=st.lists(
        st.builds(
            exports.Mix,
            share=st.sampled_from([share.value for share in Share]),
            only_kept=st.booleans(),
            cycle=st.integers(0, 9),
            cursor=st.integers(-1, 2**30),
            others=st.integers(0, 4),
        ),
        max_size=1,
    ).map(tuple),
    appointments=st.lists(
        st.builds(
            exports.AppointmentPlan,
            plan=st.builds(
                Appointments,
                appointments=st.just((Appointment(rule=Daily(at=time(17, 30), weekdays=(1,)), zone="Europe/Berlin"),)),
                ends_on=st.sampled_from([None, date(2026, 12, 1)]),
            ).map(lambda plan: plan.model_dump(mode="json")),
            updated_at=MOMENTS,
        ),
        max_size=1,
    ).map(tuple),
    safety_plan=st.lists(
        st.builds(
            exports.SafetyPlan,
            parts=st.dictionaries(st.sampled_from(PARTS), WORDS, min_size=1),
            updated_at=MOMENTS,
        ),
        max_size=1,
    ).map(tuple),
    favourites=unique(st.builds(exports.Favourite, affirmation_id=IDS, added_at=MOMENTS), "affirmation_id"),
    hidden=unique(st.builds(exports.HiddenAffirmation, affirmation_id=IDS, hidden_at=MOMENTS), "affirmation_id"),
    visits=unique(
        st.builds(
            exports.Visit,
            flow=st.sampled_from(["grounding", "after-tears"]),
            count=st.integers(0, 50),
            chosen=st.none() | st.just("feet"),
        ),
        "flow",
    ),
)
numbers = count()


@given(made_up=MADE_UP)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_another_server_with_another_key_exports_the_same(made_up: Export, tmp_path: Path) -> None:
    """Through the file: brought in here, exported, brought in there, exported again."""
    here, there = (Database(copy_migrated(tmp_path / f"{next(numbers)}.db")) for _ in range(2))
    try:
        await bring(here, made_up, HERE)
        first = await export_of(here, HERE)
        assert first
        assert brought(first) == brought(made_up)
        await bring(there, read_export(first.to_json().encode()), THERE)
        assert brought(await export_of(there, THERE)) == brought(first)
    finally:
        await here.close()
        await there.close()


@pytest.fixture
async def kept(database: Database) -> Export:
    """What Ana's chat exports: two reminders, a plan, a favourite."""
    chat_id = await chat_with(database, MORNING, Spread(times=2, start=time(9), end=time(20), apart=60), now=NOW)
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        await safety_plans.save_part(session, chat, Cipher(HERE), "people", "Mara, 0123 456", NOW)
        await favourites.keep(session, chat, "tears-are-human", NOW)
    export = await export_of(database)
    assert export
    return export


async def test_what_was_encrypted_is_in_clear_in_the_file(kept: Export) -> None:
    assert kept.safety_plan[0].parts == {"people": "Mara, 0123 456"}
    assert "Mara, 0123 456" in kept.to_json()


async def test_what_no_key_opens_is_counted_and_all_else_is_there(database: Database, kept: Export) -> None:
    for key in (THERE, None):
        export = await export_of(database, key)
        assert export
        assert (export.safety_plan, export.unreadable) == ((), {"safety_plan": 1})
        assert export.reminders == kept.reminders


async def test_of_somebody_who_is_not_known_there_is_nothing(database: Database, kept: Export) -> None:
    assert await export_of(database, person_id=TelegramId(43)) is None


async def test_nothing_of_anybody_else_is_in_it(database: Database, kept: Export) -> None:
    other = await chat_with(database, MORNING, now=NOW, telegram_id=43)
    async with database.write() as session:
        chat = await session.get_one(Chat, other)
        await safety_plans.save_part(session, chat, Cipher(HERE), "people", "Tom", NOW)
    assert await export_of(database) == kept


async def test_brought_in_twice_it_is_there_once(database: Database, kept: Export) -> None:
    for _ in range(2):
        await bring(database, kept, HERE)
        assert brought(await export_of(database)) == brought(kept)


async def test_it_replaces_what_is_there_and_reminders_get_their_next_times_anew(
    database: Database, kept: Export
) -> None:
    other = await chat_with(database, Daily(at=time(20)), now=NOW, telegram_id=43, zone="Australia/Sydney")
    await bring(database, kept, HERE, TelegramId(43))
    async with database.read() as session:
        rows = (await session.scalars(select(Reminder).where(Reminder.chat_id == other).order_by(Reminder.id))).all()
    assert [row.rule for row in rows] == [part.rule for part in kept.reminders]
    assert rows[0].due_at == berlin(3, "08:30")
    assert all(row.due_at and row.due_at > NOW for row in rows)


async def test_what_was_queued_before_does_not_come(database: Database, kept: Export) -> None:
    async with database.write() as session:
        chat = (await session.scalars(select(Chat))).one()
        times = {"occurrence_at": NOW, "send_after": NOW, "send_before": NOW + timedelta(hours=1)}
        session.add(QueuedMessage(chat_id=chat.id, kind="back", **times))
    await bring(database, kept, HERE)
    async with database.read() as session:
        assert (await session.scalars(select(QueuedMessage))).all() == []


async def test_without_a_key_what_is_encrypted_stays_behind_and_all_else_comes(
    database: Database, kept: Export
) -> None:
    assert imports.left_behind(kept, None) == ("safety_plan",)
    assert imports.left_behind(kept, Cipher(THERE)) == ()
    await bring(database, kept, None, TelegramId(43))
    async with database.read() as session:
        assert len((await session.scalars(select(SafetyPlan))).all()) == 1  # Ana's own
    assert imports.count(kept) == {"reminders": 2, "safety_plan": 1, "favourites": 1}


async def test_a_plan_that_could_not_be_read_there_does_not_take_the_place_of_the_one_here(
    database: Database, kept: Export
) -> None:
    unread = kept.model_copy(update={"safety_plan": (), "unreadable": {"safety_plan": 1}})
    await bring(database, unread, HERE)
    assert brought(await export_of(database)) == brought(kept)


# Files that are not taken


def changed(**values: object) -> bytes:
    plain = Export(exported_at=NOW, settings=None).model_dump(mode="json")
    return json.dumps(plain | values).encode()


ROW = {"rule": write_rule(MORNING), "is_paused": False, "created_at": NOW.isoformat()}


@pytest.mark.parametrize(
    ("content", "wrong", "where"),
    [
        (b"x" * (exports.MOST_BYTES + 1), Wrong.TOO_BIG, ""),
        (b"\x89PNG", Wrong.NOT_JSON, ""),
        (b"", Wrong.NOT_JSON, ""),
        (b"[" * 100_000, Wrong.NOT_JSON, ""),
        (b"[]", Wrong.NOT_OURS, ""),
        (b'{"version": 1}', Wrong.NOT_OURS, ""),
        (b'{"format": "gentle-tears"}', Wrong.VERSION, ""),
        (changed(version=2), Wrong.VERSION, ""),
        (changed(version=True), Wrong.VERSION, ""),
        (changed(secret="Mara"), Wrong.VALUE, "secret"),
        (changed(reminders=[ROW, ROW | {"rule": "Mara"}]), Wrong.VALUE, "reminders, 2, rule"),
        (changed(reminders=[ROW] * 11), Wrong.VALUE, "reminders"),
        (
            changed(reminders=[ROW | {"created_at": "0001-01-01T00:00:00+14:00"}]),
            Wrong.VALUE,
            "reminders, 1, created_at",
        ),
        (changed(reminders=[ROW | {"created_at": "2026-01-01T00:00:00"}]), Wrong.VALUE, "reminders, 1, created_at"),
        (changed(favourites=[{"affirmation_id": "a", "added_at": NOW.isoformat()}] * 2), Wrong.VALUE, "favourites"),
        (
            changed(safety_plan=[{"parts": {"people": "Mara\x00"}, "updated_at": NOW.isoformat()}]),
            Wrong.VALUE,
            "safety_plan, 1, parts, people",
        ),
        (
            changed(safety_plan=[{"parts": {"people": "\ud83d"}, "updated_at": NOW.isoformat()}]),
            Wrong.VALUE,
            "safety_plan, 1, parts, people",
        ),
        (
            changed(safety_plan=[{"parts": {"people": "x" * 2_001}, "updated_at": NOW.isoformat()}]),
            Wrong.VALUE,
            "safety_plan, 1, parts",
        ),
    ],
)
def test_a_wrong_file_is_refused_and_the_error_says_where_and_quotes_nothing(
    content: bytes, wrong: Wrong, where: str
) -> None:
    with pytest.raises(ExportError) as error:
        read_export(content)
    assert (error.value.wrong, error.value.where) == (wrong, where)
    assert "Mara" not in str(error.value)
    assert error.value.__cause__ is None


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(
        lambda value: json.dumps({"format": "gentle-tears", "version": 1, "reminders": value}).encode()
    )
)
def test_no_file_at_all_makes_anything_but_an_export_error(content: bytes) -> None:
    with pytest.raises(ExportError):
        read_export(content)


async def test_without_a_key_reminders_come_without_their_own_words(database: Database) -> None:
    plain = {"rule": write_rule(MORNING), "is_paused": False, "created_at": NOW}
    reminders = (exports.Reminder(**plain), exports.Reminder(**plain, text="drink some water"))
    export = Export(exported_at=NOW, settings=None, reminders=reminders)
    await chat_with(database, now=NOW)
    async with database.write() as session:
        chat = await session.get_one(Chat, 1)
        await imports.bring_in(session, chat, export, None, NOW)
    assert imports.left_behind(export, None) == ("reminders",)
    found = await export_of(database, None)
    assert found
    assert [part.text for part in found.reminders] == [None, None]


async def test_an_exercise_begun_in_ones_chat_and_in_groups_is_in_the_file_once(database: Database) -> None:
    chats = [await chat_with(database, now=NOW, telegram_id=number) for number in (ANA, -1, -2)]
    async with database.write() as session:
        for chat, chosen in zip(chats, (None, "b", None), strict=True):
            session.add(Visit(chat_id=chat, person_id=ANA, flow="grounding", count=2, chosen=chosen))
    export = await export_of(database)
    assert export
    assert [(visit.flow, visit.count, visit.chosen) for visit in export.visits] == [("grounding", 6, "b")]
