"""A PostgreSQL server at a port, with names that may little, for `starts`."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from bot.database.engine import Database
from tools.postgres_server import postgres_server

MAKE = (
    "CREATE ROLE guest LOGIN PASSWORD 'another'",
    "CREATE ROLE reader LOGIN",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
)
MAKE_NEWER = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
    "INSERT INTO alembic_version VALUES ('9042')",
)


@asynccontextmanager
async def server(folder: Path, pg_ctl: str) -> AsyncIterator[str]:
    """Yields host and port; a database `newer` was written by a newer version there."""
    with postgres_server(folder, pg_ctl) as address:
        await _execute(address.format(name="postgres"), *MAKE)
        await _execute(address.format(name="postgres"), "CREATE DATABASE newer", is_alone=True)
        await _execute(address.format(name="newer"), *MAKE_NEWER)
        rules = folder / "data" / "pg_hba.conf"
        rules.write_text("local all guest scram-sha-256\n" + rules.read_text(encoding="utf-8"), encoding="utf-8")
        user = "postgres" if os.geteuid() == 0 else None
        reload = [pg_ctl, "reload", "-D", str(folder / "data")]
        subprocess.run(reload, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)  # noqa: ASYNC221, S603 - nobody waits, and the words are these
        carrying: set[asyncio.Task[None]] = set()

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            far_reader, far_writer = await asyncio.open_unix_connection(str(folder / ".s.PGSQL.5432"))
            for source, target in ((reader, far_writer), (far_reader, writer)):
                task = asyncio.create_task(_pass_on(source, target))
                carrying.add(task)
                task.add_done_callback(carrying.discard)

        listening = await asyncio.start_server(carry, "127.0.0.1", 0)
        host, port = listening.sockets[0].getsockname()
        try:
            yield f"{host}:{port}"
        finally:
            listening.close()
            for task in list(carrying):
                task.cancel()
            await asyncio.gather(*carrying, return_exceptions=True)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while some := await source.read(65536):
            target.write(some)
            await target.drain()
    finally:
        target.close()


async def _execute(address: str, *statements: str, is_alone: bool = False) -> None:
    """Executes them; `is_alone`: outside of a transaction."""
    database = Database(address)
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT") if is_alone else database.engine
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await database.close()
