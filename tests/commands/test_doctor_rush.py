"""`doctor` on the rushes of the next day: they fit, or it says how late the last comes and what helps."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.commands.doctor_rush import look
from bot.database.engine import Database
from bot.database.models import Chat, Reminder
from bot.settings import read_settings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "paid", "state", "words"),
    [
        (0, False, "ok", ["no reminders"]),
        (100, False, "ok", ["100 reminders", "at 13:00 UTC", "waits 50 seconds"]),
        (300, False, "note", ["waits 2 minutes", "around 8", "PAID_BROADCAST", "several bots"]),
        (2000, False, "wrong", ["waits 17 minutes", "around 8", "PAID_BROADCAST", "then 2 seconds at most"]),
        (2000, True, "wrong", ["waits 17 minutes", "around 8", "several bots"]),
    ],
)
async def test_what_does_not_fit_is_said_with_what_helps(
    database: Database, count: int, paid: bool, state: str, words: list[str]
) -> None:
    settings = read_settings(_env_file=None, messages_per_second=2, paid_broadcast=paid)
    await plan(database, count)

    found, text = await look(database, settings, NOW)

    assert found == state
    assert all(word in text for word in words), text
    assert ("PAID_BROADCAST" in text) == (not paid and state != "ok")


async def plan(database: Database, count: int) -> None:
    row = {"rule": "x", "due_at": NOW + timedelta(hours=1), "created_at": NOW, "chat_id": 1}
    async with database.write() as session:
        await session.execute(insert(Chat), [{"id": 1, "telegram_id": 1, "seed": 1, "created_at": NOW}])
        if count:
            await session.execute(insert(Reminder), [row] * count)
