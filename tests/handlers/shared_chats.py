"""Steps that many tests of groups and channels need."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.app import App
from bot.database.models import Chat, QueuedMessage
from bot.database.values import MessageState
from bot.domain.ids import TelegramId
from bot.usecases.chats import list_chats_of
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group
from localtelegram.people.person import Person

TITLE = "Tuesday circle"
A_DAY = timedelta(days=1)


async def in_a_topic(person: Person, group: Group, topic: str = "Gentle reminders") -> int:
    """Opens a topic with a daily reminder at 13:00 in London, an hour from now; returns the topic's id."""
    opened = await group.open_topic(topic)
    await set_up(person, group, opened.id)
    return opened.id


async def set_up(person: Person, group: Group, topic: int | None = None) -> None:
    await person.says("/start@gentle_tears_bot", group, topic)
    await person.says("13:00", group, topic, reply_to=person.last_stored(group))
    for label in ("Every day", "London, 12:00", "These themes", "As words"):
        if any(label in row for row in person.labels(group)):
            await person.taps(label, group)


async def rows_of(app: App, telegram_id: int) -> list[Chat]:
    async with app.database.read() as session:
        return list(await list_chats_of(session, TelegramId(telegram_id)))


async def later(app: App, clock: MovableClock, by: timedelta) -> None:
    clock.move(by)
    for _ in range(2):  # the second time for notices that the first one caused
        await catch_up(app, clock)


async def catch_up(app: App, clock: MovableClock) -> None:
    """Does what is due while the clock moves on, because the rate limit makes some messages wait."""
    task = asyncio.create_task(app.scheduler.catch_up())
    while not task.done():
        clock.move(timedelta(milliseconds=100))
        await asyncio.sleep(0.005)
    await task


def count_heard(person: Person, text: str, title: str = TITLE) -> int:
    return person.hears().count(text.format(title=title))


async def sent(app: App) -> int:
    async with app.database.read() as session:
        query = select(QueuedMessage).where(
            QueuedMessage.state == MessageState.SENT, QueuedMessage.reminder_id.is_not(None)
        )
        return len((await session.scalars(query)).all())
