"""Fills the bot's own database with private chats that all have one reminder due at the same moment."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection
from tzdata import IANA_VERSION

from benchmarks.drain import FIRST_CHAT_ID, Drain
from bot.database.columns import Base
from bot.database.engine import Database
from bot.database.models import Chat, Memory, Reminder
from bot.domain.schedule import Daily, write_rule
from bot.settings.database_url import with_driver
from bot.usecases.zone_data import ZONE_DATA

# Rows that are there are copied; columns that differ are named, each with its expression of `number`.
COPY = """WITH RECURSIVE numbers(number) AS
(SELECT {first} UNION ALL SELECT number + 1 FROM numbers WHERE number < {count})
INSERT INTO {table} ({columns}) SELECT {values} FROM numbers JOIN {table} ON {table}.id = {source}"""
CHAT = {"id": "number", "telegram_id": f"number + {FIRST_CHAT_ID - 1}", "seed": "number"}
REMINDER = {"id": "number", "chat_id": "number"}


def seed_reminders(drain: Drain, url: str) -> None:
    """Makes the tables of the database at this address and fills them."""
    asyncio.run(_seed(drain, url))


async def copy_rows(
    database: Database,
    connection: AsyncConnection,
    model: type[Base],
    count: int,
    differ: Mapping[str, str],
    **how: Any,
) -> None:
    """Copies a table's row 1 to all numbers up to `count`. `how`: another `first` number, or another `source`.

    Any: numbers or SQL.
    """
    table = model.__table__
    assert isinstance(table, Table)
    names = [column.name for column in table.columns]
    values = ", ".join(differ.get(name, f"{table.name}.{name}") for name in names)
    into = {"table": table.name, "columns": ", ".join(names), "values": values, "count": count}
    await connection.execute(text(COPY.format(**into, **{"first": 2, "source": 1, **how})))
    if not database.is_sqlite:
        await connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {count})"))


async def _seed(drain: Drain, url: str) -> None:
    database = Database(with_driver(url))
    await database.migrate()
    # As in a database that has been in use: nothing is to be computed anew for new zone data.
    async with database.write() as session:
        session.add(Memory(name=ZONE_DATA, value=IANA_VERSION))
    if drain.count:
        async with database.engine.connect() as connection:
            await _fill(database, connection, drain)
            await connection.commit()
        if not database.is_sqlite:
            await _tidy_up(database)
    await database.close()


async def _tidy_up(database: Database) -> None:
    """Does now what autovacuum would do in the middle of the measurement."""
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
        await connection.execute(text("CHECKPOINT"))


async def _fill(database: Database, connection: AsyncConnection, drain: Drain) -> None:
    due_at = drain.due_datetime
    created_at = due_at - timedelta(days=1)
    rule = write_rule(Daily(at=due_at.time().replace(second=0, microsecond=0)))
    chat = {"id": 1, "telegram_id": FIRST_CHAT_ID, "zone": "UTC", "seed": 1, "created_at": created_at}
    chat["last_seen_at"] = created_at  # as of everyone, from the first start on
    reminder = {"id": 1, "chat_id": 1, "rule": rule, "due_at": due_at, "created_at": created_at}
    await connection.execute(insert(Chat), [chat])
    await connection.execute(insert(Reminder), [reminder])
    if drain.count > 1:
        await copy_rows(database, connection, Chat, drain.count, CHAT)
        await copy_rows(database, connection, Reminder, drain.count, REMINDER)
