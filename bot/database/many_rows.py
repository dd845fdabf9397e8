"""Statements for many rows: compiled once, and run past SQLAlchemy's work for each row. For use cases in a hot loop."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Insert, Update, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler

from bot.database.columns import Base
from bot.database.engine import Database

MOST_KEPT = 4096  # of a column's values as the driver takes them: in a rush most rows have the same moments

Row = Sequence[Any]  # Any: a column's own type


class ManyRows:
    """An INSERT, or an UPDATE with bound parameters, for many rows. `columns` names the values of a row in order.

    `statement` makes it for a database.
    """

    def __init__(self, statement: Callable[[Database], Insert | Update], columns: Sequence[str]) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}  # by dialect

    async def run(self, database: Database, session: AsyncSession, rows: Sequence[Row]) -> None:
        """Runs the statement once for each row, in the session's transaction. Without rows nothing is run."""
        if not rows:
            return
        dialect = database.engine.dialect
        if (compiled := self._compiled.get(dialect.name)) is None:
            compiled = self._compiled[dialect.name] = _compile(self._statement(database), self._columns, dialect)
        columns = list(zip(*rows, strict=True))
        values = [map(as_driver, columns[place]) for place, as_driver in compiled.values]
        connection = await session.connection()
        await connection.exec_driver_sql(compiled.sql, list(zip(*values, strict=True)))


class _Compiled(NamedTuple):
    """`values` holds for each placeholder which value of a row it takes, and how the driver wants it."""

    sql: str
    values: list[tuple[int, Callable[[Any], Any]]]  # Any: a column's own type


def _compile(statement: Insert | Update, columns: Sequence[str], dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=list(columns) if isinstance(statement, Insert) else [])
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - always, for a statement; for the type checker
    names = compiled.positiontup or []
    values = [(columns.index(name), _processor(compiled.binds[name].type, dialect)) for name in names]
    return _Compiled(compiled.string, values)


def _processor(kind: Any, dialect: Dialect) -> Callable[[Any], Any]:  # Any: as SQLAlchemy types it
    made = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=MOST_KEPT)(made) if made else _as_it_is


def _as_it_is(value: Any) -> Any:  # Any: a column's own type
    return value


async def next_ids(database: Database, session: AsyncSession, table: type[Base], count: int) -> list[int]:
    """Returns `count` ids that no row has, for rows to be inserted in this transaction.

    On SQLite they follow the highest one: nobody else writes meanwhile. On PostgreSQL they are taken from the sequence.
    """
    column = table.__table__.c.id
    if database.is_sqlite:
        highest = await session.scalar(select(func.max(column))) or 0
        return list(range(highest + 1, highest + 1 + count))
    sequence = func.nextval(func.pg_get_serial_sequence(table.__tablename__, "id"))
    return list(await session.scalars(select(sequence).select_from(func.generate_series(1, count))))
