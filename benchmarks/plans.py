"""How a database finds the rows of the statements that the bot runs, as it says itself. For `million` and tests."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.database.engine import Database

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN (COSTS OFF) "}
EXPLAINED = ("SELECT", "UPDATE", "DELETE", "WITH")
ORDERS = ("TEMP B-TREE", "Sort Key")  # how SQLite and PostgreSQL say that rows are read first and sorted then
# How SQLite calls the rows that a statement is given (`database.prepared`), and the one row of no table.
GIVEN = ("CONSTANT ROWS", "given", "CONSTANT ROW")

Statements = dict[str, Sequence[Any]]  # Any: values as the driver takes them; by the text of the statement


@contextmanager
def listening(database: Database) -> Iterator[Statements]:
    """Yields what is run meanwhile: each statement once, with the values of the first time."""
    statements: Statements = {}

    def note(_: Any, __: Any, text: str, values: Any, ___: Any, is_many: bool) -> None:  # Any: SQLAlchemy's own
        if text.startswith(EXPLAINED):
            statements.setdefault(text, values[0] if is_many else values)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def plans_of(database: Database, statements: Statements, *, is_small: bool = False) -> dict[str, list[str]]:
    """Returns the lines of each statement's plan.

    `is_small`: as it would be for large tables; PostgreSQL sorts a few rows sooner than it follows an index.
    """
    explain = EXPLAIN[database.url.get_backend_name()]
    plans: dict[str, list[str]] = {}
    async with database.engine.connect() as connection:
        if is_small and not database.is_sqlite:
            await connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        for text, values in statements.items():
            rows = await connection.exec_driver_sql(explain + text, tuple(values))
            plans[text] = [str(row[-1]).rstrip() for row in rows]
    return plans


def scanned(plan: Sequence[str]) -> list[str]:
    """Returns the lines that read a whole table, not by an index, nor the rows that a statement is given."""
    read = [line for line in plan if "Seq Scan" in line or (line.startswith("SCAN") and "INDEX" not in line)]
    return [line for line in read if not line.endswith(GIVEN)]


def sorted_after(plan: Sequence[str]) -> list[str]:
    """Returns the lines that sort what was found, not the rows that a statement is given (`database.prepared`)."""
    return [line for line in plan if any(order in line for order in ORDERS) and not line.endswith(" given.id")]
