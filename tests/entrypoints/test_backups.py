"""Copies by themselves: one a day, the newest few stay, and a failure stops nothing."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.database.engine import Database, DatabaseError
from bot.database.file_watch import FileWatch
from bot.entrypoints.backups import Backups, list_copies
from localtelegram.clock import MovableClock
from tests.scenes import chat_with
from tests.wire import until


def not_ended(error: DatabaseError) -> None:
    raise AssertionError(error)


def backups(database: Database, folder: Path, clock: MovableClock, *, leads: bool = True) -> Backups:
    return Backups(database, folder, 3, clock=clock, leads=lambda: leads, end=not_ended)


async def test_one_a_day_is_made_and_the_newest_stay(database: Database, tmp_path: Path, clock: MovableClock) -> None:
    folder = tmp_path / "copies" / "of the bot"
    copying = backups(database, folder, clock)
    for _ in range(6):
        await copying.look()
        await copying.look()
        clock.move(timedelta(days=1))
    for name in ("mine.db", "gentle-tears-20261399T000000Z.db"):  # of a thirteenth month
        (folder / name).write_text("is not touched")
    made = [at for at, _ in list_copies(folder)]
    assert made == [clock() - timedelta(days=day) for day in (3, 2, 1)]
    assert {oct(file.stat().st_mode & 0o777) for _, file in list_copies(folder)} == {"0o600"}
    assert oct(folder.stat().st_mode & 0o777) == oct(folder.parent.stat().st_mode & 0o777) == "0o700"


async def test_a_copy_of_a_clock_that_ran_ahead_takes_the_place_of_none(
    database: Database, tmp_path: Path, clock: MovableClock
) -> None:
    copying = backups(database, tmp_path, clock)
    for _ in range(3):
        await copying.look()
        clock.move(timedelta(days=1))
    before = [at for at, _ in list_copies(tmp_path)]
    clock.move(timedelta(days=365))
    await copying.look()
    clock.move(-timedelta(days=365))
    ahead = list_copies(tmp_path)[-1][0]
    for _ in range(5):
        await copying.look()
        clock.move(timedelta(minutes=1))
    assert [at for at, _ in list_copies(tmp_path)] == [*before[1:], before[-1] + timedelta(days=1), ahead]


async def test_who_does_not_lead_makes_none(database: Database, tmp_path: Path, clock: MovableClock) -> None:
    await backups(database, tmp_path / "copies", clock, leads=False).look()
    assert not (tmp_path / "copies").exists()


async def test_a_failure_is_said_and_tried_again_after_an_hour(
    database: Database, tmp_path: Path, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "copies"
    folder.write_text("a file")
    copying = backups(database, folder, clock)
    for _ in range(3):
        await copying.look()
    assert caplog.text.count("BACKUP_DIR: no copy of the database could be made") == 1
    folder.unlink()
    await copying.look()
    assert not folder.exists()
    clock.move(timedelta(hours=1))
    await copying.look()
    assert len(list_copies(folder)) == 1


async def test_a_newer_version_beside_this_one_is_said_once(
    database: Database, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    looking = Backups(database, None, 1, clock=clock, leads=lambda: True, end=not_ended)
    await looking.look()
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for _ in range(3):
        await looking.look()
    assert caplog.text.count("a newer version of this bot has changed the database") == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_log_is_moved_into_the_file(database: Database, tmp_path: Path, clock: MovableClock) -> None:
    await chat_with(database, now=clock())
    before = (tmp_path / "test.db").read_bytes()
    await Backups(database, None, 1, clock=clock, leads=lambda: True, end=not_ended).look()
    assert (tmp_path / "test.db").read_bytes() != before


async def test_a_look_at_the_file_that_fails_ends_nothing(
    database: Database, clock: MovableClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: FileWatch) -> bool:
        raise PermissionError(13, "not now")

    monkeypatch.setattr(FileWatch, "look", fail)
    running = asyncio.create_task(Backups(database, None, 1, clock=clock, leads=lambda: True, end=not_ended).run())
    await until(lambda: "looking again in a minute" in caplog.text)
    await asyncio.sleep(0)
    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
