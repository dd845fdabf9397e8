"""A pool between this program and PostgreSQL that hands out connections by the transaction, such as pgbouncer's.

What was prepared in one transaction is missing in the next, unless the pool keeps it. Called by `engine`.
"""

import asyncio

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

TRIES = 3  # somebody else may get the server's process in between
SECONDS = 3.0
WHO = text("SELECT pg_backend_pid()")
CURE = (
    "a pool in between hands out connections by the transaction, and loses prepared statements (pgbouncer's "
    "pool_mode=transaction): name its session mode or the server itself, or add ?prepared_statement_cache_size=0"
)


async def loses_statements(engine: AsyncEngine) -> bool:
    """Whether there is such a pool, and it loses what was prepared. Two connections that are open share no process."""
    async with engine.connect() as first, engine.connect() as second:
        try:
            for _ in range(TRIES):
                if await _share_a_process(first, second):
                    # The second holds the process; the first gets another one, which has to know the statement.
                    await asyncio.wait_for(first.scalar(WHO), SECONDS)
                    return False
                await second.rollback()
        except DBAPIError as error:
            return getattr(error.orig, "sqlstate", None) in ("26000", "42P05")  # it is missing, or there already
        except TimeoutError:  # a pool of one: each waits for the other
            return False
    return False


async def _share_a_process(first: AsyncConnection, second: AsyncConnection) -> bool:
    of_first = await first.scalar(WHO)
    await first.rollback()
    return bool(of_first == await second.scalar(WHO))
