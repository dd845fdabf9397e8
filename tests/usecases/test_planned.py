"""What is planned for the next day, moment by moment."""

from datetime import date, time

from bot.database.engine import Database
from bot.domain.schedule import Daily
from bot.usecases.planned import list_planned
from tests.scenes import MORNING, berlin, chat_with

NOW = berlin(3, "08:40")


async def test_reminders_are_counted_by_moment_and_the_late_as_due_now(database: Database) -> None:
    await chat_with(database, MORNING, Daily(at=time(9)), now=berlin(2), telegram_id=1)
    await chat_with(database, Daily(at=time(9)), now=berlin(2), telegram_id=2)
    await chat_with(database, Daily(at=time(9), every_days=5, first=date(2026, 3, 7)), now=berlin(2), telegram_id=3)
    async with database.read() as session:
        planned = await list_planned(session, NOW)
    assert planned == [(NOW, 1), (berlin(3, "09:00"), 2)]
