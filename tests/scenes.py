"""Chats, reminders and moments for the database tests."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from bot.content.load import Catalogue
from bot.content.support import PlanTexts
from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import MessageState
from bot.domain.ids import TelegramId
from bot.domain.rotation import Choice
from bot.domain.schedule import Daily, Once, Spread
from bot.usecases.chats import get_or_create_chat, set_quiet_hours, set_zone
from bot.usecases.reminders.due import queue_due
from bot.usecases.reminders.edit import add_reminder
from bot.usecases.reminders.returns import queue_returns
from localtelegram.people.person import Person

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = Daily(at=time(8, 30))
CHOICE = Choice(tuple(f"text-{number}" for number in range(20)))


def berlin(day: int, at: str = "12:00", *, month: int = 3, year: int = 2026) -> datetime:
    """Returns a moment by the local time in Berlin; in March 2026 unless told otherwise."""
    return datetime.combine(date(year, month, day), time.fromisoformat(at), BERLIN).astimezone(UTC)


async def chat_with(
    database: Database,
    *rules: Daily | Spread | Once,
    now: datetime,
    telegram_id: int = 42,
    quiet: tuple[time, time] | None = (time(22), time(7)),
    zone: str = "Europe/Berlin",
) -> int:
    """Makes a chat with these reminders, set up at `now`; returns its row id."""
    async with database.write() as session:
        chat = await get_or_create_chat(session, TelegramId(telegram_id), "private", now)
        await set_zone(session, chat, zone, now)
        await set_quiet_hours(session, chat, quiet, now)
        for rule in rules:
            await add_reminder(session, chat, rule, now)
        return chat.id


def choose(practice: str | None, language: str | None, left_out: str, themes: str = "") -> Choice:
    """Returns the same affirmations for every chat."""
    return CHOICE


async def subscribe(person: Person) -> None:
    """Sets up the person's first reminder: once a day at 08:30, in London."""
    await person.starts()
    for label in ("Once a day", "08:30", "London, 12:00"):
        await person.taps(label)


async def write_plan(person: Person, texts: PlanTexts, text: str, part: str = "people") -> None:
    """Writes one part of the person's safety plan."""
    await person.says("/plan")
    await person.taps(texts.parts[part].button)
    await person.says(text)


async def chats_with_a_message(database: Database, count: int, now: datetime) -> Database:
    """Makes chats 1 to `count` in the database, each with one message that is queued at `now`."""
    for number in range(1, count + 1):
        await chat_with(database, MORNING, now=now - timedelta(days=1), telegram_id=number)
    await queue_all(database, now)
    return database


async def leave_few(database: Database, telegram_id: int, catalogue: Catalogue, *themes: str) -> set[str]:
    """Leaves out all other themes in this chat; returns the texts that may still come, so that a test needs few."""
    out = catalogue.rules.themes.keys() - set(themes)
    async with database.write() as session:
        await session.execute(
            update(Chat).where(Chat.telegram_id == telegram_id).values(left_out=",".join(sorted(out)))
        )
    return {affirmation.text for affirmation in catalogue.affirmations if out.isdisjoint(affirmation.themes)}


async def queue_all(database: Database, now: datetime) -> None:
    while await queue_returns(database, now):
        pass
    while (await queue_due(database, choose, now)).handled:
        pass


async def live_through(database: Database, start: datetime, end: datetime) -> None:
    """Queues what is due, from start to end: at each moment at which something is, and at least every two hours."""
    now = start
    while now < end:
        await queue_all(database, now)
        async with database.read() as session:
            due_at = await session.scalar(select(func.min(Reminder.due_at)).where(Reminder.due_at > now))
        now = min(due_at or end, now + timedelta(hours=2))
    await queue_all(database, end)


async def queued(database: Database, *states: MessageState) -> list[QueuedMessage]:
    async with database.read() as session:
        query = select(QueuedMessage).order_by(QueuedMessage.occurrence_at, QueuedMessage.id)
        rows = (await session.scalars(query)).all()
    return [row for row in rows if not states or row.state in states]
