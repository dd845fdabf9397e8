"""Statements that are compiled once, and run past SQLAlchemy's work for each row. For a hot loop, and each tap.

They are called where SQLAlchemy runs plain functions: `Database.write_at_once` and `read_at_once`, or `await
connection.run_sync(STATEMENT.run, database, ...)`, which also spares what each statement of an AsyncSession costs
beside the database. What an update writes in a session's transaction goes through `effects.within`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Insert,
    Integer,
    Select,
    Update,
    any_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler

from bot.database.columns import Base, UtcDateTime
from bot.database.effects import mark_write
from bot.database.engine import Database

MOST_KEPT = 4096  # moments as the driver takes them, or returns them: in a rush most rows have the same

Values = tuple[Any, ...]  # Any: a column's own type
Convert = Callable[[Any], Any]  # Any: the same
Statement = Select[*Values] | Insert | Update | Delete


class ManyRows:
    """A statement that inserts or updates many rows. SQLite runs it for each row, PostgreSQL once, for lists of values.

    Made by `inserting` and `updating`.
    """

    def __init__(self, columns: Sequence[InstrumentedAttribute[Any]], statement: Callable[[bool], Insert | Update]):
        self._columns = columns
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[tuple[int, Convert]]]] = {}  # by dialect

    def run(self, connection: Connection, database: Database, rows: Sequence[Sequence[Any]]) -> int:
        """Writes the rows; returns how many. Without rows nothing is run. Any: the columns' own types."""
        if not rows:
            return 0
        dialect = connection.dialect
        if (compiled := self._compiled.get(dialect.name)) is None:
            compiled = self._compiled[dialect.name] = self._compile(dialect)
        sql, wanted = compiled
        columns = list(zip(*rows, strict=True))
        values = [map(as_driver, columns[place]) for place, as_driver in wanted]
        mark_write(connection)
        if database.is_sqlite:
            return connection.exec_driver_sql(sql, list(zip(*values, strict=True))).rowcount
        return connection.exec_driver_sql(sql, tuple(map(list, values))).rowcount

    def _compile(self, dialect: Dialect) -> tuple[str, list[tuple[int, Convert]]]:
        compiled = self._statement(dialect.name == "sqlite").compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - always, for a statement; for the type checker
        of_name = {_given(column): place for place, column in enumerate(self._columns)}
        places = [of_name[name] for name in compiled.positiontup or []]
        return compiled.string, [(place, _as_driver(self._columns[place].type, dialect)) for place in places]


def inserting(*columns: InstrumentedAttribute[Any]) -> ManyRows:  # Any: the columns' own types
    """Returns what inserts rows with these columns; one that is there already (a unique key) does not change.

    They must include all that have a default in the model: SQLAlchemy would add those by itself.
    """
    table, names = columns[0].class_, [column.key for column in columns]

    def statement(is_sqlite: bool) -> Insert:
        if is_sqlite:
            return sqlite.insert(table).values(dict(zip(names, _single(columns), strict=True))).on_conflict_do_nothing()
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 3 MB that SQLite does not need

        return postgresql.insert(table).from_select(names, select(*_lists(columns))).on_conflict_do_nothing()

    return ManyRows(columns, statement)


def updating(key: InstrumentedAttribute[int], *columns: InstrumentedAttribute[Any]) -> ManyRows:
    """Returns what updates these columns of the rows with this key: the first value of each row, and in one row only.

    Any: the columns' own types.
    """

    def statement(is_sqlite: bool) -> Update:
        first, *others = (_single if is_sqlite else _lists)((key, *columns))
        new = {column.key: value for column, value in zip(columns, others, strict=True)}
        return update(key.class_).where(key == first).values(new)

    return ManyRows((key, *columns), statement)


def _given(column: InstrumentedAttribute[Any]) -> str:
    return f"given_{column.key}"  # SQLAlchemy keeps the columns' own names for itself


def _single(columns: Sequence[InstrumentedAttribute[Any]]) -> Sequence[ColumnElement[Any]]:
    return [bindparam(_given(column), type_=column.type) for column in columns]


def _lists(columns: Sequence[InstrumentedAttribute[Any]]) -> Sequence[ColumnElement[Any]]:
    """Returns the columns of a table that is given as lists, one for each column."""
    lists = [bindparam(_given(column), type_=ARRAY(column.type)) for column in columns]
    given = func.unnest(*lists).table_valued(*(column.key for column in columns)).render_derived(name="given")
    return list(given.c)


class Prepared:
    """A SELECT, or one that writes, whose parameters are bound by name. `statement` makes it for a database.

    A list of values is one parameter (`one_of`): it is compiled with `in_` anew for each length.
    """

    def __init__(self, statement: Callable[[Database], Statement]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}  # by dialect

    def run(self, connection: Connection, database: Database, **parameters: Any) -> int:
        """Runs a statement that writes; returns how many rows it wrote. Any: the columns' own types."""
        mark_write(connection)
        return self._execute(connection, database, parameters)[0].rowcount

    def rows(self, connection: Connection, database: Database, **parameters: Any) -> list[Values]:
        """Returns all rows, as plain tuples. Any: the columns' own types."""
        result, compiled = self._execute(connection, database, parameters)
        columns = list(zip(*result.all(), strict=True))
        for place, as_python in compiled.results if columns else ():
            columns[place] = tuple(map(as_python, columns[place]))
        return list(zip(*columns, strict=True))

    def _execute(
        self, connection: Connection, database: Database, parameters: Mapping[str, Any]
    ) -> "tuple[CursorResult[Any], _Compiled]":
        dialect = connection.dialect
        if (compiled := self._compiled.get(dialect.name)) is None:
            compiled = self._compiled[dialect.name] = _compile(self._statement(database), dialect)
        given = {**compiled.fixed, **parameters}
        values = tuple([as_driver(given[name]) for name, as_driver in compiled.values])
        return connection.exec_driver_sql(compiled.sql, values), compiled


class _Compiled(NamedTuple):
    """`values` holds the name of each placeholder's value, and how the driver wants it. `fixed` are such values.

    `results` holds the places of those columns in a row which the driver does not return as their own type.
    """

    sql: str
    values: list[tuple[str, Convert]]
    fixed: Mapping[str, Any]  # Any: a column's own type
    results: list[tuple[int, Convert]]


def _compile(statement: Statement, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - always, for a statement; for the type checker
    values = [(name, _as_driver(compiled.binds[name].type, dialect)) for name in compiled.positiontup or []]
    returned = statement.selected_columns if isinstance(statement, Select) else ()
    converted = [(place, _as_python(column.type, dialect)) for place, column in enumerate(returned)]
    results = [(place, convert) for place, convert in converted if convert]
    return _Compiled(compiled.string, values, compiled.params, results)


def _as_driver(kind: Any, dialect: Dialect) -> Convert:  # Any: as SQLAlchemy types it
    return _kept(kind, kind.dialect_impl(dialect).bind_processor(dialect)) or _as_it_is


def _as_python(kind: Any, dialect: Dialect) -> Convert | None:  # Any: as SQLAlchemy types it
    return _kept(kind, kind.dialect_impl(dialect).result_processor(dialect, None))


def _kept(kind: Any, convert: Convert | None) -> Convert | None:  # Any: as SQLAlchemy types it
    is_slow = convert is not None and isinstance(kind, UtcDateTime)
    return lru_cache(maxsize=MOST_KEPT)(convert) if convert and is_slow else convert


def _as_it_is(value: Any) -> Any:  # Any: a column's own type
    return value


def one_of(database: Database, column: InstrumentedAttribute[int], name: str) -> ColumnElement[bool]:
    """Returns the condition that a column is one of the numbers in a list, which is one parameter with this name."""
    # SQLite has json_each since 3.38, and before where Debian or python.org built it.
    if not database.is_sqlite:
        return column == any_(bindparam(name, type_=ARRAY(Integer)))
    return column.in_(select(func.json_each(bindparam(name, type_=JSON)).table_valued("value").c.value))


def next_ids(connection: Connection, database: Database, table: type[Base], count: int) -> list[int]:
    """Returns `count` ids that no row has, for rows to be inserted in this transaction.

    On SQLite they follow the highest one: nobody else writes meanwhile. On PostgreSQL they are taken from the sequence.
    """
    found = [number for (number,) in _ids_of(table).rows(connection, database, count=count)]
    if not database.is_sqlite:
        return found
    highest = found[0] or 0
    return list(range(highest + 1, highest + 1 + count))


@lru_cache
def _ids_of(table: type[Base]) -> Prepared:
    sequence = func.nextval(func.pg_get_serial_sequence(table.__tablename__, "id"))
    numbers = func.generate_series(1, bindparam("count", type_=Integer))
    return Prepared(
        lambda database: (
            select(func.max(table.__table__.c.id)) if database.is_sqlite else select(sequence).select_from(numbers)
        )
    )
