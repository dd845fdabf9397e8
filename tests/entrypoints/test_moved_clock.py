"""The real program under libfaketime: on nights with a clock change, a reminder comes once, on its minute."""

import asyncio
import signal
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.database.engine import Database
from bot.domain.schedule import Daily
from localtelegram.people.demo import TOKEN
from localtelegram.people.person import add_person
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import heard, started
from tests.needed import missing
from tests.patience import PATIENCE
from tests.scenes import chat_with
from tests.wire import served, until

NIGHTS = {
    # Europe/Berlin, 02:00 becomes 03:00: 02:30 does not exist, and takes the offset before the gap.
    "forward": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    # 03:00 becomes 02:00: 02:30 comes twice, and the first one counts.
    "back": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
}


@pytest.fixture(scope="session")
def faketime() -> str:
    """Returns the path of libfaketime, which gives a program another time."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        missing("faketime")
    return str(found[0])


@pytest.mark.parametrize("night", NIGHTS)
async def test_half_past_two_comes_once_on_the_night_of_the_change(
    night: str, faketime: str, telegram: LocalTelegram, tmp_path: Path
) -> None:
    due_at, ana, ben = NIGHTS[night], add_person(telegram, "Ana"), add_person(telegram, "Ben")
    for person in (ana, ben):
        await person.says("hello")  # so that the bot may write to them
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'main.db'}")
    await database.migrate()
    yesterday = due_at - timedelta(hours=20)
    await chat_with(database, Daily(at=time(2, 30)), now=yesterday, telegram_id=ana.id, quiet=None)
    # Ben's clock has no change: his comes an hour after hers, when hers would come a second time.
    at_the_second = Daily(at=(due_at + timedelta(hours=1)).time())
    await chat_with(database, at_the_second, now=yesterday, telegram_id=ben.id, quiet=None, zone="UTC")
    await database.close()
    clock = {
        "TZ": "UTC",
        "LD_PRELOAD": faketime,
        "FAKETIME": f"@{due_at - timedelta(seconds=6):%Y-%m-%d %H:%M:%S}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }
    async with served(telegram) as address:
        async with started(tmp_path, "run", BOT_TOKEN=TOKEN, BOT_API_URL=address, **clock) as process:
            await heard(process, "ready")
            await until(lambda: len(ana.hears()) == 2)  # the answer to "hello", and the reminder
            process.send_signal(signal.SIGTERM)
            log, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert f"{due_at:%Y-%m-%d %H:%M}" in log.decode()  # the line "reminders queued", by the program's own clock
        hour_later = clock | {"FAKETIME": f"@{due_at + timedelta(minutes=59, seconds=58):%Y-%m-%d %H:%M:%S}"}
        async with started(tmp_path, "run", BOT_TOKEN=TOKEN, BOT_API_URL=address, **hour_later) as process:
            await heard(process, "ready")
            await until(lambda: len(ben.hears()) == 2)
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), PATIENCE)
        assert len(ana.hears()) == 2
