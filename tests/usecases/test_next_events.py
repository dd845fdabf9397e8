"""What is due next: its moment, what it is, and in which chat."""

from datetime import timedelta

from bot.database.engine import Database
from bot.database.models import Chat, Reminder
from bot.domain.ids import TelegramId
from bot.usecases.next_events import Event, Thing, find_next_event, next_event_at
from tests.scenes import MORNING, berlin, chat_with

NOW = berlin(2)


async def test_nothing_is_due_where_nothing_is_set(database: Database) -> None:
    assert await find_next_event(database) is None
    assert await next_event_at(database) is None


async def test_the_first_of_all_is_named_with_its_chat(database: Database) -> None:
    await chat_with(database, MORNING, now=NOW, telegram_id=7)
    chat_id = await chat_with(database, now=NOW, telegram_id=8)
    assert await find_next_event(database) == Event(berlin(3, "08:30"), Thing.REMINDER, TelegramId(7))

    sooner = NOW + timedelta(hours=1)
    async with database.write() as session:
        (await session.get_one(Chat, chat_id)).paused_until = sooner
    assert await find_next_event(database) == Event(sooner, Thing.PAUSE, TelegramId(8))
    assert await next_event_at(database) == sooner
    async with database.write() as session:
        (await session.get_one(Chat, chat_id)).paused_until = None
        (await session.get_one(Reminder, 1)).due_at = None
    assert await find_next_event(database) is None
