"""The hot loop among a million chats: what its statements do, and how long. `python -m benchmarks.million`."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Table, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.plans import listening, plans_of, scanned, sorted_after
from benchmarks.seed import copy_rows
from bot.database.columns import Base
from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import MessageKind, MessageState
from bot.delivery.outcomes import Sent
from bot.domain.rotation import Choice
from bot.domain.schedule import Daily, write_rule
from bot.usecases.claims import claim, sweep, waits
from bot.usecases.marks import mark
from bot.usecases.next_events import next_event_at
from bot.usecases.reminders.due import queue_due

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
CHOICE = Choice(tuple(f"text-{number}" for number in range(200)))
ROUNDS = 20
LINE = 150  # characters of a statement that are printed

SOURCE = "CASE WHEN number <= {count} / 2 THEN 1 ELSE 2 END"  # which row a number is copied from
NUMBERED = {
    "chats": ("id", "telegram_id", "seed"),
    "reminders": ("id", "chat_id"),
    "queued_messages": ("id", "chat_id"),
}


def main(
    count: Annotated[int, typer.Option(min=1000, help="Chats, each with a reminder and a message.")] = 1_000_000,
    url: Annotated[str, typer.Option(help="An empty PostgreSQL database; without it, SQLite in a folder.")] = "",
) -> None:
    """Half of the reminders are due at one moment and half of the messages wait; prints plans and milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(url or f"sqlite+aiosqlite:///{Path(folder) / 'bot.db'}", count))


async def _measure(url: str, count: int) -> None:
    database = Database(url)
    await database.migrate()
    print(f"{database.url.get_backend_name()}: {count:,} chats")
    await _seed(database, count)
    took: dict[str, list[float]] = {}
    with listening(database) as statements:
        for _ in range(ROUNDS):
            await _round(database, took)
    for name, seconds in took.items():
        print(f"{name}: {sorted(seconds)[len(seconds) // 2] * 1000:.1f} ms (longest {max(seconds) * 1000:.1f})")
    for statement, plan in (await plans_of(database, statements)).items():
        odd = [line for line in scanned(plan) if any(f" on {name}" in line or f" {name}" in line for name in NUMBERED)]
        odd += sorted_after(plan)
        print(f"\n{' '.join(statement.split())[:LINE]}\n  " + "\n  ".join(line[:LINE] for line in plan))
        print(f"  ODD: {odd}" if odd else "  by indexes, nothing sorted")
    await database.close()


async def _round(database: Database, took: dict[str, list[float]]) -> None:
    async def timed(name: str, work: Callable[[], Awaitable[Any]]) -> Any:  # Any: what the work returns
        began = time.perf_counter()
        result = await work()
        took.setdefault(name, []).append(time.perf_counter() - began)
        return result

    async def looking() -> None:
        async with database.engine.connect() as connection:
            await connection.run_sync(waits, database, NOW)

    await timed("queue 250 that are due", lambda: queue_due(database, lambda *_: CHOICE, NOW))
    claimed = await timed("claim 400", lambda: claim(database, NOW, 400))
    await timed("mark 400", lambda: mark(database, [(message, Sent()) for message in claimed], NOW))
    await timed("see whether any wait", looking)
    await timed("find what is next", lambda: next_event_at(database))
    await timed("sweep", lambda: sweep(database, NOW))


async def _seed(database: Database, count: int) -> None:
    early, late = NOW - timedelta(days=1), NOW + timedelta(hours=9)
    rule = write_rule(Daily(at=NOW.time()))
    message = {"kind": MessageKind.AFFIRMATION, "affirmation_id": "text-1", "occurrence_at": NOW, "send_after": NOW}
    message |= {"send_before": NOW + timedelta(hours=6)}
    tables: tuple[tuple[type[Base], list[dict[str, Any]]], ...] = (  # Any: values of different columns
        (Chat, [{"id": n, "telegram_id": n, "zone": "UTC", "seed": n, "created_at": early} for n in (1, 2)]),
        (
            Reminder,
            [
                {"id": n, "chat_id": n, "rule": rule, "due_at": at, "created_at": early}
                for n, at in ((1, NOW), (2, late))
            ],
        ),
        (
            QueuedMessage,
            [
                message | {"id": n, "chat_id": n, "state": state}
                for n, state in ((1, MessageState.QUEUED), (2, MessageState.SENT))
            ],
        ),
    )
    async with database.engine.connect() as connection:
        for model, rows in tables:
            table = model.__table__
            assert isinstance(table, Table)
            await connection.execute(insert(model), rows)
            differ = dict.fromkeys(NUMBERED[table.name], "number")
            await copy_rows(database, connection, model, count, differ, first=3, source=SOURCE.format(count=count))
            print(f"with {table.name}: {await _size(connection, is_sqlite=database.is_sqlite) / count:,.0f} bytes each")
        await connection.commit()
        if not database.is_sqlite:  # as its autovacuum does; SQLite keeps no figures unless it is told to
            await connection.execute(text("ANALYZE"))
            await connection.commit()


async def _size(connection: AsyncConnection, *, is_sqlite: bool) -> int:
    query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    if not is_sqlite:
        query = "SELECT pg_database_size(current_database())"
    return int((await connection.execute(text(query))).scalar_one())


if __name__ == "__main__":
    typer.run(main)
