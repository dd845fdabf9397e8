"""Zone data: those of the program count, and when they change, what is still to come is computed anew."""

import asyncio
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import tzdata
from sqlalchemy import select, update

from bot.database.engine import Database
from bot.database.models import AppointmentPlan, Chat, LookAsking, Memory, Reminder
from bot.domain.appointments import Appointment, Appointments
from bot.domain.schedule import Daily, Once, write_rule
from bot.settings import PROJECT
from bot.usecases import travel
from bot.usecases.appointments import edit
from bot.usecases.reminders.edit import reschedule
from bot.usecases.zone_data import compute_anew
from tests.scenes import chat_with

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ZONE = "America/Mexico_City"
NOON = Daily(at=time(12))


def lay_over(folder: Path) -> Path:
    """Makes zone data in which Mexico City keeps Berlin's clocks, as wrong as old ones can be."""
    source = Path(tzdata.__file__).parent / "zoneinfo"
    (folder / "America").mkdir(parents=True)
    (folder / ZONE).write_bytes((source / "Europe" / "Berlin").read_bytes())
    return folder


@pytest.fixture
def old_data(tmp_path: Path) -> Iterator[None]:
    """Other zone data count until `use_new_data` is called."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(lay_over(tmp_path / "old")), *before])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


def use_new_data() -> None:
    zoneinfo.reset_tzpath(zoneinfo.TZPATH[1:])
    zoneinfo.ZoneInfo.clear_cache()


async def test_the_zone_data_of_the_machine_do_not_count(tmp_path: Path) -> None:
    """Also those that PYTHONTZPATH names."""
    program = (
        f"import bot, datetime, zoneinfo; print(datetime.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo('{ZONE}')))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        env={"PYTHONTZPATH": str(lay_over(tmp_path / "old")), "PYTHONPATH": str(PROJECT)},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert output.decode().strip() == "2026-07-01 00:00:00-06:00"


async def moments(database: Database) -> list[datetime | None]:
    async with database.read() as session:
        found = [*await session.scalars(select(Reminder.due_at).order_by(Reminder.id))]
        found += await session.scalars(select(LookAsking.next_at))
        found += await session.scalars(select(AppointmentPlan.next_at))
        found += await session.scalars(select(Chat.travels_until).order_by(Chat.id))
    return found


async def test_what_is_to_come_is_computed_anew_once(database: Database, old_data: None) -> None:
    once = Once(at=datetime(2026, 7, 20, 9))  # noqa: DTZ001 - local
    chat_id = await chat_with(database, NOON, once, now=NOW, zone=ZONE, quiet=None)
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        session.add(LookAsking(chat_id=chat_id, rule=write_rule(Daily(at=time(20)))))
        await session.flush()
        await reschedule(session, chat, NOW)
    traveller = await chat_with(database, now=NOW, zone=ZONE, telegram_id=2)
    async with database.write() as session:
        chat = await session.get_one(Chat, traveller)
        await travel.begin(session, chat, "Asia/Tokyo", date(2026, 3, 9), NOW)
    assert await moments(database) == [
        datetime(2026, 3, 3, 11, tzinfo=UTC),
        datetime(2026, 7, 20, 7, tzinfo=UTC),
        datetime(2026, 3, 2, 19, tzinfo=UTC),
        None,
        datetime(2026, 3, 8, 23, tzinfo=UTC),
    ]
    use_new_data()

    assert await compute_anew(database, "2026f", lambda: NOW) == 2

    anew = [
        datetime(2026, 3, 2, 18, tzinfo=UTC),
        datetime(2026, 7, 20, 15, tzinfo=UTC),
        datetime(2026, 3, 3, 2, tzinfo=UTC),
        None,
        datetime(2026, 3, 9, 6, tzinfo=UTC),
    ]
    assert await moments(database) == anew
    assert await compute_anew(database, "2026f", lambda: NOW) == 0
    async with database.write() as session:
        await session.execute(update(Memory).values(value="before"))
    assert await compute_anew(database, "2026f", lambda: NOW) == 2  # as after a kill in the middle
    assert await moments(database) == anew


async def test_what_is_due_stays_due_and_what_comes_once_is_not_lost(database: Database, old_data: None) -> None:
    once = Once(at=datetime(2026, 3, 2, 14))  # noqa: DTZ001 - local: 13:00 in UTC by the old data, 20:00 by the new ones
    await chat_with(database, NOON, once, now=NOW - timedelta(hours=3), zone=ZONE, quiet=None)
    use_new_data()
    late = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
    await compute_anew(database, "2026f", lambda: late)
    assert await moments(database) == [
        datetime(2026, 3, 2, 11, tzinfo=UTC),  # due for half an hour: it is sent, and then goes on
        datetime(2026, 3, 2, 20, tzinfo=UTC),
        None,
    ]


async def test_sessions_stay_at_their_hour(database: Database, old_data: None) -> None:
    chat_id = await chat_with(database, now=NOW, zone=ZONE, quiet=None)
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        weekly = Appointment(rule=Daily(at=time(15)), zone=ZONE)
        await edit.change(session, chat, lambda _: Appointments(appointments=(weekly,)), NOW)
    async with database.read() as session:
        before = await session.scalar(select(AppointmentPlan.next_at))
    use_new_data()
    await compute_anew(database, "2026f", lambda: NOW)
    async with database.read() as session:
        after = await session.scalar(select(AppointmentPlan.next_at))
    assert before is not None
    assert after is not None
    assert after != before
