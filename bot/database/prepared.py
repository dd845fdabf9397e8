"""Statements that are compiled once, and run past SQLAlchemy's work for each row. For a hot loop, and each tap.

They are called where SQLAlchemy runs plain functions: `Database.write_at_once` and `read_at_once`, or `await
connection.run_sync(STATEMENT.run, database, ...)`, which also spares what each statement of an AsyncSession costs
beside the database. What an update writes in a session's transaction goes through `effects.within`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    Column,
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
    cast,
    func,
    select,
    update,
    values,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler

from bot.database.columns import Base, UtcDateTime
from bot.database.effects import mark_write
from bot.database.engine import Database

# In one statement of SQLite's, which saves a third of their time, and turns of the interpreter's lock.
ROWS_AT_ONCE = 50
MOST_KEPT = 4096  # moments as the driver takes them, or returns them: in a rush most rows have the same

Values = tuple[Any, ...]  # Any: a column's own type
Convert = Callable[[Any], Any]  # Any: the same
Statement = Select[*Values] | Insert | Update | Delete


class ManyRows:
    """A statement that inserts or updates many rows: 50 of them on SQLite, all on PostgreSQL, as lists of values.

    Made by `inserting` and `updating`. `statement` makes it for so many rows of SQLite's, or with None for lists.
    """

    def __init__(self, columns: Sequence[InstrumentedAttribute[Any]], statement: "_Statement"):
        self._columns = columns
        self._statement = statement
        self._compiled: dict[tuple[str, int | None], _ForRows] = {}  # by dialect and number of rows
        _ALL.append(self)

    def run(self, connection: Connection, database: Database, rows: Sequence[Sequence[Any]]) -> int:
        """Writes the rows; returns how many. Without rows nothing is run. Any: the columns' own types."""
        if not rows:
            return 0
        mark_write(connection)
        if not database.is_sqlite:
            sql, columns = self._given(connection, rows, None)
            return connection.exec_driver_sql(sql, tuple(map(list, columns))).rowcount
        whole = len(rows) - len(rows) % ROWS_AT_ONCE
        return self._run_by(connection, rows[:whole], ROWS_AT_ONCE) + self._run_by(connection, rows[whole:], 1)

    def _run_by(self, connection: Connection, rows: Sequence[Sequence[Any]], count: int) -> int:
        """Runs it for each `count` rows, of which there are a multiple."""
        if not rows:
            return 0
        sql, columns = self._given(connection, rows, count)
        given = list(zip(*columns, strict=True))
        if count > 1:
            given = [tuple(chain.from_iterable(given[at : at + count])) for at in range(0, len(given), count)]
        return connection.exec_driver_sql(sql, given).rowcount

    def _given(
        self, connection: Connection, rows: Sequence[Sequence[Any]], count: int | None
    ) -> tuple[str, list[Iterator[Any]]]:
        """Returns the statement, and the columns' values in its order, as the driver takes them."""
        compiled = self._compiled_for(connection.dialect, count)
        columns = list(zip(*rows, strict=True))
        return compiled.sql, [map(as_driver, columns[place]) for place, as_driver in compiled.columns]

    def compile(self, database: Database) -> None:
        """Compiles it ahead of its first rows."""
        for count in (ROWS_AT_ONCE, 1) if database.is_sqlite else (None,):
            self._compiled_for(database.engine.dialect, count)

    def _compiled_for(self, dialect: Dialect, count: int | None) -> "_ForRows":
        if (compiled := self._compiled.get((dialect.name, count))) is None:
            compiled = self._compiled[dialect.name, count] = self._compile(dialect, count)
        return compiled

    def _compile(self, dialect: Dialect, count: int | None) -> "_ForRows":
        compiled = self._statement(count).compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - always, for a statement; for the type checker
        of_name = {_given(column): place for place, column in enumerate(self._columns)}
        names = compiled.positiontup or []
        places = [of_name[name] for name in names[: len(self._columns)]]  # each row's are in the same order
        return _ForRows(compiled.string, [(place, _as_driver(self._columns[place].type, dialect)) for place in places])


class _ForRows(NamedTuple):
    """A statement, and in the order of a row's placeholders: the place of its column, and how the driver wants it."""

    sql: str
    columns: list[tuple[int, Convert]]


_Statement = Callable[[int | None], Insert | Update]


def inserting(*columns: InstrumentedAttribute[Any]) -> ManyRows:  # Any: the columns' own types
    """Returns what inserts rows with these columns; one that is there already (a unique key) does not change.

    They must include all that have a default in the model: SQLAlchemy would add those by itself.
    """
    table, names = columns[0].class_, [column.key for column in columns]

    def statement(count: int | None) -> Insert:
        if count is not None:
            rows = [dict(zip(names, row, strict=True)) for row in _rows(columns, count)]
            return sqlite.insert(table).values(rows).on_conflict_do_nothing()
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 3 MB that SQLite does not need

        return postgresql.insert(table).from_select(names, select(*_lists(columns))).on_conflict_do_nothing()

    return ManyRows(columns, statement)


def updating(key: InstrumentedAttribute[int], *columns: InstrumentedAttribute[Any]) -> ManyRows:
    """Returns what updates these columns of the rows with this key: the first value of each row, and in one row only.

    Any: the columns' own types.
    """

    def statement(count: int | None) -> Update:
        first, *others = _lists((key, *columns)) if count is None else _table((key, *columns), count)
        new = {column.key: value for column, value in zip(columns, others, strict=True)}
        return update(key.class_).where(key == first).values(new)

    return ManyRows((key, *columns), statement)


def _given(column: InstrumentedAttribute[Any]) -> str:
    return f"given_{column.key}"  # SQLAlchemy keeps the columns' own names for itself


def _rows(columns: Sequence[InstrumentedAttribute[Any]], count: int) -> list[tuple[BindParameter[Any], ...]]:
    """Returns the parameters of so many rows. Those of the first have the columns' names."""
    ends = ["", *(f"_{row}" for row in range(1, count))]
    return [tuple([bindparam(_given(column) + end, type_=column.type) for column in columns]) for end in ends]


def _table(columns: Sequence[InstrumentedAttribute[Any]], count: int) -> Sequence[ColumnElement[Any]]:
    """Returns the columns of a table that is given as so many rows."""
    if count == 1:
        return _rows(columns, count)[0]
    given = values(*(Column(column.key, column.type) for column in columns)).data(_rows(columns, count))
    # SQLite names the columns of VALUES nowhere else; inside, so that the driver sees an UPDATE, and counts its rows.
    return list(select(given.cte("rows_given", nesting=True)).subquery("given").c)


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
        _ALL.append(self)

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
        compiled = self.compile(database)
        given = {**compiled.fixed, **parameters}
        values = tuple([as_driver(given[name]) for name, as_driver in compiled.values])
        return connection.exec_driver_sql(compiled.sql, values), compiled

    def compile(self, database: Database) -> "_Compiled":
        """Compiles it for this database, unless it is compiled already."""
        dialect = database.engine.dialect
        if (compiled := self._compiled.get(dialect.name)) is None:
            compiled = self._compiled[dialect.name] = _compile(self._statement(database), dialect)
        return compiled


_ALL: list[ManyRows | Prepared] = []


def compile_all(database: Database) -> None:
    """Compiles them all: in a quiet moment, so that the first rush does not wait for it, nor the first tap."""
    for statement in _ALL:
        statement.compile(database)


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
    return Prepared(
        lambda database: select(func.max(table.__table__.c.id)) if database.is_sqlite else _from_sequence(table)
    )


def _from_sequence(table: type[Base]) -> Select[tuple[int]]:
    from sqlalchemy.dialects.postgresql import REGCLASS  # noqa: PLC0415 - 3 MB that SQLite does not need

    # In a query of its own: found once, and not for each id.
    found = select(cast(func.pg_get_serial_sequence(table.__tablename__, "id"), REGCLASS)).scalar_subquery()
    return select(func.nextval(found)).select_from(func.generate_series(1, bindparam("count", type_=Integer)))
