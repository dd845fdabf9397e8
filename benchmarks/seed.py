"""Fills the bot's own database with private chats that all have one reminder due at the same moment."""

import asyncio
from datetime import timedelta

from sqlalchemy import insert
from tzdata import IANA_VERSION

from benchmarks.drain import Drain
from bot.database.engine import Database
from bot.database.models import Chat, Memory, Reminder
from bot.domain.schedule import Daily, write_rule
from bot.usecases.zone_data import ZONE_DATA


def database_url(drain: Drain) -> str:
    return f"sqlite+aiosqlite:///{drain.folder / 'bot.db'}"


def seed_reminders(drain: Drain) -> None:
    asyncio.run(_seed(drain))


async def _seed(drain: Drain) -> None:
    due_at = drain.due_datetime
    created_at = due_at - timedelta(days=1)
    rule = write_rule(Daily(at=due_at.time().replace(second=0, microsecond=0)))
    database = Database(database_url(drain))
    await database.migrate()
    async with database.write() as session:
        await session.execute(
            insert(Chat),
            [
                {
                    "id": number,
                    "telegram_id": chat_id,
                    "zone": "UTC",
                    "seed": number,
                    "created_at": created_at,
                }
                for number, chat_id in enumerate(drain.chat_ids, start=1)
            ],
        )
        await session.execute(
            insert(Reminder),
            [
                {"chat_id": number, "rule": rule, "due_at": due_at, "created_at": created_at}
                for number in range(1, drain.count + 1)
            ],
        )
        # As in a database that has been in use: nothing is to be computed anew for new zone data.
        session.add(Memory(name=ZONE_DATA, value=IANA_VERSION))
    await database.close()
