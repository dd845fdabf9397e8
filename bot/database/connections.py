"""What is set on each connection when it is opened, and when a transaction begins. Called by `engine`."""

import asyncio
import logging
import sqlite3
from typing import Any

from sqlalchemy import Connection, ExceptionContext

from bot.database.sqlite_driver import QuickConnection

log = logging.getLogger(__name__)

IDLE_TIMEOUT = 2_000  # milliseconds between two statements of a transaction, after which PostgreSQL ends it
POSTGRES_SETTINGS = {
    # A process that hangs, or is cut off, in a transaction would keep what it has locked from all others.
    "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT),
    # PostgreSQL keeps the plan of a statement that is run often (plan_cache_mode), and while a table has few rows it
    # would read all of them: a rush into an empty queue read the whole queue for each mark, and took twice as long for
    # 100,000. What has no index is still read as it is, and is not worth compiling for that.
    "enable_seqscan": "off",
    "jit": "off",
}
BUSY_TIMEOUT = 10_000  # milliseconds that SQLite waits for another process
CACHE_KILOBYTES = 500  # of a SQLite connection, a quarter of its default: the system keeps the file in memory anyway
LOG_TRIES, LOG_TRY_AGAIN = 5, 0.05  # seconds between two tries to cut SQLite's write-ahead log


def set_up_postgres(connection: Any, record: object) -> None:  # Any: SQLAlchemy's form of the driver's connection
    """Ends a transaction in which nothing happens, and has rows found by an index."""
    sets = "; ".join(f"SET {name} = {value}" for name, value in POSTGRES_SETTINGS.items())
    connection.run_async(lambda driver: driver.execute(sets))


def set_up_transaction(connection: Connection) -> None:
    """Sets the same when a transaction begins, for it alone: behind a pool that knows no more than transactions."""
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        sets = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in POSTGRES_SETTINGS.items())
        connection.exec_driver_sql(f"SELECT {sets}")


def use_schema(schema: str, connection: Connection) -> None:
    """Looks for tables in this schema alone. When a transaction begins."""
    # For this transaction alone: others share the connection, and a pool in between knows no more than transactions.
    connection.exec_driver_sql(f"SET LOCAL search_path TO {schema}")


def set_up_sqlite(connection: Any, record: object) -> None:  # Any: the driver's own connection
    """Sets what SQLite is to do on this connection."""
    connection.isolation_level = None  # transactions begin in begin_sqlite
    try:
        _set_pragmas(connection)
    except Exception:
        connection.close()  # it is not in the pool yet, so nobody else would close it
        raise


def _set_pragmas(connection: Any) -> None:
    cursor = connection.cursor()
    # secure_delete: what is deleted is overwritten with zeros, in pages that stay free as well.
    # WAL: readers do not wait for the writer. NORMAL: whole after a crash of the program; fsync at checkpoints.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT}",
        f"cache_size=-{CACHE_KILOBYTES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def cut_log(driver: Any) -> bool:  # Any: the driver's own connection
    """Moves the write-ahead log into the file and cuts it, waiting for nobody; returns whether it could."""
    await driver.execute("PRAGMA busy_timeout=0")  # waiting in its thread would keep others from the file
    try:
        return await _try_to_cut(driver)
    finally:
        await driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")


async def _try_to_cut(driver: Any) -> bool:  # Any: the driver's own connection
    for _ in range(LOG_TRIES):
        try:
            cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (is_busy, *_) = await cursor.fetchone()
            await cursor.close()
        except sqlite3.Error:  # what was erased is committed all the same
            log.exception("the write-ahead log cannot be cut")
            return False
        if not is_busy:
            return True
        await asyncio.sleep(LOG_TRY_AGAIN)
    return False


def give_up_read_only(context: ExceptionContext) -> None:
    """A connection that was opened while the file could only be read stays so when the file can be written again."""
    if getattr(context.original_exception, "sqlite_errorname", "").startswith("SQLITE_READONLY"):
        context.is_disconnect = True  # so that it is closed, and another is opened


def begin_sqlite(connection: Connection) -> None:
    """Begins a transaction, as the driver would not, with the first statement in it."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, QuickConnection)  # noqa: S101 - always, as `engine` connects; for the type checker
    if kind := connection.get_execution_options().get("sqlite_begin", "DEFERRED"):
        driver.begin(f"BEGIN {kind}")
