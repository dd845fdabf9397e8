"""PostgreSQL finds rows by an index, also where it has planned a statement while the tables were small."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.database.engine import Database
from bot.database.prepared import ManyRows, Prepared
from bot.usecases.claims import WAITING
from bot.usecases.marks import MARKING_SENT
from bot.usecases.reminders.choices import MOVING_CHATS
from bot.usecases.reminders.due import PUTTING_ON, TAKING_DUE
from bot.usecases.reminders.occurrences import INSERTED
from tests.databases import copy_template

OF_A_RUSH: dict[str, Prepared | ManyRows] = {
    "take what is due": TAKING_DUE,
    "put reminders on": PUTTING_ON,
    "move orders on": MOVING_CHATS,
    "see whether others wait": WAITING,
    "see what is inserted": INSERTED,
    "mark what is sent": MARKING_SENT,
}


@pytest.fixture
async def empty(postgres: str) -> AsyncIterator[Database]:
    """A database whose tables PostgreSQL knows to be empty: to read all of them would be quickest."""
    database = Database(await copy_template(postgres))
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    yield database
    await database.close()


@pytest.mark.parametrize("name", OF_A_RUSH)
async def test_a_statement_that_is_planned_for_empty_tables_stays_quick_when_they_grow(
    empty: Database, name: str
) -> None:
    sql, count = sql_of(OF_A_RUSH[name], empty)
    async with empty.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        # What PostgreSQL keeps after a statement has been run a few times: one plan, whatever is in the tables.
        await driver.execute("SET plan_cache_mode = force_generic_plan")
        await driver.execute(f"PREPARE hot AS {sql}")
        given = f"({', '.join(['NULL'] * count)})" if count else ""
        plan = "\n".join(row[0] for row in await driver.fetch(f"EXPLAIN (COSTS OFF) EXECUTE hot{given}"))
    assert "Index" in plan
    assert "Seq Scan" not in plan, plan


async def test_postgresql_compiles_no_statement(empty: Database) -> None:
    async with empty.engine.connect() as connection:
        assert await connection.scalar(text("SHOW jit")) == "off"


def sql_of(statement: Prepared | ManyRows, database: Database) -> tuple[str, int]:
    """Returns its SQL as the driver takes it, and how many parameters it has."""
    if isinstance(statement, Prepared):
        compiled = statement.compile(database)
        return compiled.sql, len(compiled.values)
    lists = statement._compiled_for(database.engine.dialect, None)
    return lists.sql, len(lists.columns)
