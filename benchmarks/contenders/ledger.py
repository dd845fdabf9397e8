"""The only table of a plain loop: which chats are due, and which have got their message. SQLite or PostgreSQL.

SQLite is in WAL mode and does not flush to the disk at each commit, like this bot's own.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

import aiosqlite
import asyncpg

from benchmarks.drain import TEXT, Drain

TABLE = "CREATE TABLE reminders (chat_id BIGINT PRIMARY KEY, text TEXT, due_at DOUBLE PRECISION, sent_at REAL)"
INDEX = "CREATE INDEX reminders_due_at ON reminders (due_at) WHERE sent_at IS NULL"


class SqliteLedger:
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def read_due(self, now: float) -> list[tuple[int, str]]:
        query = "SELECT chat_id, text FROM reminders WHERE due_at <= ? AND sent_at IS NULL"
        return [(int(chat_id), str(text)) for chat_id, text in await self._connection.execute_fetchall(query, (now,))]

    async def mark_sent(self, sent: Sequence[tuple[float, int]]) -> None:
        """Each is a Unix time and a chat's id; all of them in one commit."""
        await self._connection.executemany("UPDATE reminders SET sent_at = ? WHERE chat_id = ?", sent)
        await self._connection.commit()


class PostgresLedger:
    def __init__(self, pool: Any) -> None:  # Any: asyncpg carries no types
        self._pool = pool

    async def read_due(self, now: float) -> list[tuple[int, str]]:
        query = "SELECT chat_id, text FROM reminders WHERE due_at <= $1 AND sent_at IS NULL"
        return [(int(chat_id), str(text)) for chat_id, text in await self._pool.fetch(query, now)]

    async def mark_sent(self, sent: Sequence[tuple[float, int]]) -> None:
        """Each is a Unix time and a chat's id; all of them in one commit."""
        await self._pool.executemany("UPDATE reminders SET sent_at = $1 WHERE chat_id = $2", sent)


Ledger = SqliteLedger | PostgresLedger


async def fill_ledger(drain: Drain) -> None:
    """Makes the table, with a row for each chat."""
    rows = ((chat_id, TEXT, drain.due_at, None) for chat_id in drain.chat_ids)
    if drain.store_url:
        connection = await asyncpg.connect(drain.store_url)
        await connection.execute(TABLE)
        await connection.copy_records_to_table("reminders", records=rows)
        await connection.execute(INDEX)
        await connection.execute("ANALYZE reminders")
        await connection.close()
        return
    file = sqlite3.connect(drain.folder / "ledger.db")
    file.execute("PRAGMA journal_mode = WAL")
    file.execute(TABLE)
    file.executemany("INSERT INTO reminders VALUES (?, ?, ?, ?)", rows)
    file.execute(INDEX)
    file.commit()
    file.close()


async def open_ledger(drain: Drain) -> Ledger:
    """Opens the table that `fill_ledger` has made."""
    if drain.store_url:
        return PostgresLedger(await asyncpg.create_pool(drain.store_url))
    connection = await aiosqlite.connect(drain.folder / "ledger.db")
    await connection.execute("PRAGMA synchronous = NORMAL")
    return SqliteLedger(connection)
