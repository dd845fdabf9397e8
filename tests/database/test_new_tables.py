"""A new database is made from the models: the same, in every respect, as one that has run all migrations."""

import asyncio
import re
import sys
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection, inspect, text

from bot.database.engine import NEWEST_REVISION, Database, DatabaseError
from bot.database.migrations.upgrade import upgrade
from bot.settings import PROJECT
from tests.patience import PATIENCE

T = TypeVar("T")
Facts = dict[str, list[tuple[object, ...]]]

# What PostgreSQL knows of a schema. Columns are compared by name: a migration can only add one at the end.
CATALOGUE = {
    "columns": """
        SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text,
               a.attcollation::regcollation::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND a.attnum > 0 AND NOT a.attisdropped
          AND c.relnamespace = current_schema()::regnamespace""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, convalidated
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace""",
    "indexes": """
        SELECT tablename, indexname, indexdef, i.indisvalid
        FROM pg_indexes JOIN pg_index i ON i.indexrelid = format('%I.%I', schemaname, indexname)::regclass
        WHERE schemaname = current_schema()""",
    "sequences": """
        SELECT sequencename, data_type::text, start_value, increment_by, min_value, max_value, cycle,
               d.refobjid::regclass::text, d.deptype::text
        FROM pg_sequences LEFT JOIN pg_depend d
          ON d.objid = format('%I.%I', schemaname, sequencename)::regclass AND d.refclassid = 'pg_class'::regclass
        WHERE schemaname = current_schema()""",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace""",
    "functions and types": """
        SELECT proname, NULL FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        UNION ALL SELECT typname, typtype::text FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace AND typtype <> 'c' AND typelem = 0""",
}


def describe(connection: Connection) -> Facts:
    """Returns all that the database knows of its tables, and the rows in them."""
    if connection.dialect.name == "sqlite":
        facts = {"objects": describe_file(connection)}
        names = [str(row[1]) for row in facts["objects"] if row[0] == "table"]
    else:
        facts = {what: read(connection, query) for what, query in CATALOGUE.items()}
        names = sorted({str(row[0]) for row in facts["columns"]})
        names = [name for name in names if not name.endswith("_seq")]
    facts |= {f"rows of {name}": read(connection, f'SELECT * FROM "{name}"') for name in names}  # noqa: S608 - its own
    return facts


def read(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in connection.execute(text(query))), key=repr)


def describe_file(connection: Connection) -> list[tuple[object, ...]]:
    """Returns each object of a SQLite file, with its SQL; of a table its columns and constraints, in any order."""
    objects = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    return sorted((kind, name, table, *parts_of(kind, sql)) for kind, name, table, sql in objects)


def parts_of(kind: str, sql: str | None) -> tuple[str, ...]:
    plain = " ".join((sql or "").replace('"', "").split())
    if kind != "table":
        return (plain,)
    _, columns, options = re.fullmatch(r"(.*?) ?\((.*)\)(.*)", plain).groups()  # type: ignore[union-attr]  # it is one
    return (*sorted(part.strip() for part in re.split(r",(?![^(]*\))", columns)), options)


def drop_all(connection: Connection) -> None:
    """Leaves nothing in the database."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        return
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    for name in inspect(connection).get_table_names():
        connection.execute(text(f"DROP TABLE {name}"))


@pytest.fixture
async def empty(database: Database) -> Database:
    await run(database, drop_all)
    return database


async def run(database: Database, work: Callable[[Connection], T]) -> T:
    async with database.engine.begin() as connection:
        return await connection.run_sync(work)


async def test_a_new_database_is_the_same_as_one_that_has_run_all_migrations(database: Database) -> None:
    made = await run(database, describe)
    await run(database, drop_all)
    await run(database, upgrade)
    migrated = await run(database, describe)
    assert made.keys() == migrated.keys()
    for what, found in made.items():
        assert found == migrated[what], what
    assert made["rows of alembic_version"] == [(NEWEST_REVISION,)]
    assert sum(map(len, made.values())) > 40  # so many things are compared at least


async def test_of_several_that_start_at_once_one_makes_the_tables(empty: Database) -> None:
    others = [Database(empty.url.render_as_string(hide_password=False)) for _ in range(3)]
    await asyncio.gather(*(database.migrate() for database in others))
    assert [await database.revision() for database in others] == [NEWEST_REVISION] * 3
    await asyncio.gather(*(database.close() for database in others))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_each_schema_of_a_database_gets_the_same_tables(database: Database) -> None:
    address = database.url.render_as_string(hide_password=False)
    of_bots = [Database(f"{address}&schema=bot_{name}", connections=database) for name in ("ana", "ben", "ana")]
    await asyncio.gather(*(one.migrate() for one in of_bots))
    ana, ben = [str(await run(one, describe)) for one in of_bots[:2]]
    assert ana.replace("bot_ana", "public") == ben.replace("bot_ben", "public") == str(await run(database, describe))


# Ends as a process that is killed, after all tables are made and before that is committed.
KILLED = """
import asyncio, os, sys
from sqlalchemy import event
from bot.database.engine import Database

def end(connection, cursor, statement, *_):
    if statement.startswith("INSERT INTO alembic_version"):
        os._exit(9)

database = Database(sys.argv[1])
event.listen(database.engine.sync_engine, "after_cursor_execute", end)
asyncio.run(database.migrate())
"""


async def test_who_is_killed_while_it_makes_the_tables_leaves_none(empty: Database) -> None:
    address = empty.url.render_as_string(hide_password=False)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, address, cwd=PROJECT)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 9
    assert await run(empty, lambda connection: inspect(connection).get_table_names()) == []
    await empty.migrate()
    assert await empty.revision() == NEWEST_REVISION


async def test_a_table_of_another_program_is_an_error_and_stays(empty: Database) -> None:
    await run(empty, lambda connection: connection.execute(text("CREATE TABLE reminders (what TEXT)")))
    with pytest.raises(DatabaseError, match="already exists"):
        await empty.migrate()
    assert await run(empty, lambda connection: inspect(connection).get_table_names()) == ["reminders"]


async def test_a_database_of_an_older_version_runs_the_migrations(empty: Database) -> None:
    await run(empty, lambda connection: upgrade(connection, "0021"))
    await empty.migrate()
    assert await empty.revision() == NEWEST_REVISION
