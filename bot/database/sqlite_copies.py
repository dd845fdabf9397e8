"""Copies of a SQLite database: made while the bot runs, checked, and put in its place. For `usecases.copies`.

`cp` would miss what stands in the write-ahead log, or catch a page that is half written; SQLite's own backup does not
(https://sqlite.org/backup.html).
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bot.database.copy_files import CopyError, check_revision, new_file
from bot.database.private_files import make_private

PAGES_AT_ONCE = 2_000  # copied between two calls of `tell`: 8 MB
TABLES = frozenset({"alembic_version", "chats", "reminders", "queued_messages"})  # in every version
LOGS = ("-wal", "-shm")
Tell = Callable[[int, int], None]  # pages that are copied, and all pages; what it raises ends the copy


def save(source: Path, target: Path, tell: Tell, *, replaces: bool = False) -> str:
    """Copies a database that is in use, checks the copy, and returns its revision. Blocks. Raises CopyError."""
    if not source.exists():
        raise CopyError(f"there is no database {source}")
    with new_file(target, replaces=replaces) as part:
        try:
            _copy(source, part, tell)
        except sqlite3.Error as error:
            raise CopyError(
                f"{source} cannot be copied to {target} ({error}); check the folder, and its space"
            ) from None
        return examine(part)


def examine(file: Path) -> str:
    """Returns the revision of a copy. Raises CopyError unless it is a whole database of this bot, and no newer one."""
    if not file.is_file():
        raise CopyError(f"there is no file {file}")
    try:
        with _reading(file) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            is_known = names >= TABLES
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if is_known else None
    except sqlite3.Error as error:
        raise CopyError(f"{file} cannot be read as a database ({error}); take another copy") from None
    if verdict != "ok":
        raise CopyError(f"{file} is damaged ({verdict}); take another copy")
    return check_revision(file, row[0] if row else None)


def put_in_place(new: Path, database: Path, kept: Path) -> bool:
    """Puts a database that nobody has open in the place of another, which is kept. Returns whether there was one.

    At every moment one of the two is there. A log that stays beside the old one must not be read with the new one.
    """
    if database.exists():
        with suppress(CopyError):  # damaged: it is kept as it is
            make_one_file(database)
    for end in LOGS:
        log = database.with_name(database.name + end)
        if log.exists():  # the old one cannot be opened: what is left of it stays together
            log.rename(kept.with_name(kept.name + end))
    was_there = database.exists()
    if was_there:
        make_private(database)
        os.link(database, kept)
    os.replace(new, database)
    return was_there


def make_one_file(database: Path) -> None:
    """Takes the write-ahead log into the file. Raises CopyError if somebody else has it open."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise CopyError(f"{database} is used by another program, or damaged ({error})") from None


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    """Opens a file of which nothing changes; without a log beside it, nothing is written there either."""
    how = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True)) as connection:
        yield connection


def _copy(source: Path, part: Path, tell: Tell) -> None:
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as reader, closing(sqlite3.connect(part)) as writer:
        # One snapshot for the whole copy: without it each write of the bot would make the copy begin anew.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reader.backup(writer, pages=PAGES_AT_ONCE, progress=lambda _, left, total: tell(total - left, total), sleep=0)
        writer.execute("PRAGMA journal_mode=DELETE")  # one file, that needs no other beside it
