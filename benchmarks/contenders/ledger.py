"""The only table of a plain loop, in SQLite: which chats are due, and which have got their message.

It uses WAL mode and does not flush to the disk at each commit, like this bot's own SQLite.
"""

import sqlite3

import aiosqlite

from benchmarks.drain import TEXT, Drain

MARK_SENT = "UPDATE reminders SET sent_at = ? WHERE chat_id = ?"


def fill_ledger(drain: Drain) -> str:
    """Make the file with a row for each chat, and return its path."""
    path = str(drain.folder / "ledger.db")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE reminders (chat_id INTEGER PRIMARY KEY, text TEXT, due_at REAL, sent_at REAL)")
    rows = ((chat_id, TEXT, drain.due_at) for chat_id in drain.chat_ids)
    connection.executemany("INSERT INTO reminders VALUES (?, ?, ?, NULL)", rows)
    connection.commit()
    connection.close()
    return path


async def open_ledger(path: str) -> aiosqlite.Connection:
    ledger = await aiosqlite.connect(path)
    await ledger.execute("PRAGMA synchronous = NORMAL")
    return ledger


async def read_due(ledger: aiosqlite.Connection, *, now: float) -> list[tuple[int, str]]:
    query = "SELECT chat_id, text FROM reminders WHERE due_at <= ? AND sent_at IS NULL"
    return [(int(chat_id), str(text)) for chat_id, text in await ledger.execute_fetchall(query, (now,))]
