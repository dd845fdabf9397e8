"""What is wrong with a database is said in one line with what to do, no password, and the exit code that fits."""

import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
import pytest
from sqlalchemy import make_url, text

from bot.database.addresses import read_address
from bot.database.engine import Database, DatabaseError
from bot.database.troubles import REFUSED, TRY_AGAIN, explain, is_away
from bot.settings import SettingsError, read_settings
from tests.databases import copy_migrated
from tools.postgres_server import find_pg_ctl

URL = make_url("sqlite+aiosqlite:///tears.db")


def failing(statement: str, *before: str) -> sqlite3.Error:
    with closing(sqlite3.connect(":memory:")) as connection:
        for line in before:
            connection.execute(line)
        try:
            connection.execute(statement)
        except sqlite3.Error as error:
            return error
    raise AssertionError


READ_ONLY = ("CREATE TABLE x (y)", "PRAGMA query_only=ON")
FULL = ("CREATE TABLE x (y)", "PRAGMA max_page_count=2")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (failing("INSERT INTO x VALUES (1)", *READ_ONLY), REFUSED, r"readonly database\); let this program write to"),
        (
            failing("INSERT INTO x VALUES (randomblob(90000))", *FULL),
            TRY_AGAIN,
            r"disk is full\); make room on the disk",
        ),
        (PermissionError(13, "Permission denied"), REFUSED, r"Permission denied\); let this program read and write"),
        (OSError(28, "No space left on device"), TRY_AGAIN, r"No space left on device\); make room"),
        (OSError(5, "Input/output error"), TRY_AGAIN, "check the path, and that"),
        (asyncpg.CannotConnectNowError("the database system is starting up"), TRY_AGAIN, "wait until it has started"),
    ],
)
def test_every_trouble_has_its_cure(error: Exception, code: int, line: str) -> None:
    said, found = explain(URL, error)
    assert found == code
    assert said.count("\n") == 0
    with pytest.raises(DatabaseError, match=line):
        raise DatabaseError(said)


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (ConnectionRefusedError(111, "Connect call failed"), TRY_AGAIN, "check host and port"),
        (TimeoutError(), TRY_AGAIN, "(no answer in time); check host and port"),
        (ConnectionError('PostgreSQL server at "host:5432" rejected SSL upgrade'), REFUSED, "let the server speak TLS"),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), TRY_AGAIN, "and this machine's clock"),
    ],
)
def test_every_trouble_with_a_server_has_its_cure(error: Exception, code: int, line: str) -> None:
    said, found = explain(make_url("postgresql+asyncpg://bot:winter-night@host/b"), error)
    assert (found, "winter-night" in said) == (code, False)
    assert line in said


async def looked_at(database: Database) -> None:
    async with database.opened(), database.read() as session:
        await session.execute(text("SELECT * FROM chats"))
        await session.execute(text("PRAGMA quick_check"))
        await session.execute(text("SELECT * FROM reminders"))


@pytest.mark.parametrize("kind", ["letter", "folder", "overwritten"])
async def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "x.db"
    match kind:
        case "letter":
            file.write_text("a letter" * 1000)
        case "folder":
            file.mkdir()
        case _:
            copy_migrated(file)
            file.write_bytes(file.read_bytes()[:5000] + b"x" * 90_000)
    with pytest.raises(DatabaseError, match=r"bring a copy back|name a file, not a folder") as raised:
        await looked_at(Database(f"sqlite+aiosqlite:///{file}"))
    assert raised.value.code == REFUSED


async def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9042'"))
    with pytest.raises(DatabaseError, match=r"by a newer version of this bot \(revision 9042, known here: ") as raised:
        await database.migrate()
    assert raised.value.code == REFUSED


async def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/no/such/x.db")
    with pytest.raises(DatabaseError, match="there is no folder") as raised:
        await database.migrate()
    assert raised.value.code == REFUSED


@contextmanager
def passwords_asked(server: str) -> Iterator[str]:
    """Lets the server ask for passwords meanwhile; yields its folder."""
    folder = Path(server.partition("host=")[2])
    rules, pg_ctl = folder / "data" / "pg_hba.conf", find_pg_ctl()
    assert pg_ctl
    before = rules.read_text()
    reload = [pg_ctl, "reload", "-D", str(folder / "data")]
    user = "postgres" if folder.owner() == "postgres" else None
    try:
        rules.write_text("local all all scram-sha-256\n")
        subprocess.run(reload, user=user, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        yield str(folder)
    finally:
        rules.write_text(before)
        subprocess.run(reload, user=user, check=True, cwd=folder, stdout=subprocess.DEVNULL)


async def test_a_wrong_password_is_refused_and_not_shown(postgres: str) -> None:
    with passwords_asked(postgres) as folder:
        for _ in range(100):  # the server reads its rules soon after it was told
            database = Database(f"postgresql+asyncpg://bot:winter-night@/migrated?host={folder}")
            try:
                await database.migrate()
            except DatabaseError as error:
                said = error
                break
            finally:
                await database.close()
    assert said.code == REFUSED
    assert "password authentication failed" in str(said)
    assert "check name and password; in a password write @ as %40" in str(said)
    assert "winter-night" not in str(said)


async def test_a_database_that_is_not_there_is_refused(postgres: str) -> None:
    database = Database(postgres.format(name="nowhere"))
    with pytest.raises(DatabaseError, match=r"does not exist\); make that database, or name another") as raised:
        await database.migrate()
    assert raised.value.code == REFUSED
    await database.close()


@pytest.mark.parametrize("name", ["migrated", "postgres"])  # `postgres` has no tables yet
async def test_a_server_that_only_reads_is_refused_at_the_start(postgres: str, name: str) -> None:
    database = Database(f"{postgres.format(name=name)}&options=-c%20default_transaction_read_only%3Don")
    with pytest.raises(
        DatabaseError, match=r"in a read-only transaction\); it only reads: name a server that"
    ) as raised:
        await database.migrate()
    assert raised.value.code == TRY_AGAIN
    await database.close()


def test_a_file_in_the_home_folder_is_found_by_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "client.crt").touch()
    address = read_settings(_env_file=None, database_url="postgresql://host/b?sslcert=~/client.crt").database_url
    assert read_address(address)[1]["dsn"] == f"postgresql:///?{urlencode({'sslcert': f'{tmp_path}/client.crt'})}"


async def ended_by_the_server(postgres: str, database: Database) -> None:
    async with database.read() as session:
        own = await session.scalar(text("SELECT pg_backend_pid()"))
        other = await asyncpg.connect(postgres.format(name="migrated").replace("+asyncpg", ""))
        await other.execute("SELECT pg_terminate_backend($1)", own)
        await other.close()
        await session.execute(text("SELECT 1"))


async def test_a_server_that_ends_its_connections_is_away_and_no_fault_of_a_row(postgres: str) -> None:
    database = Database(postgres.format(name="migrated"))
    with pytest.raises(Exception, match=r"connection|another operation") as raised:
        await ended_by_the_server(postgres, database)
    assert is_away(raised.value)
    await database.close()


OPTIONS = "sslmode=prefer&application_name=tears&connect_timeout=7&options=-c%20statement_timeout%3D4321"


async def test_what_libpq_knows_is_translated(postgres: str) -> None:
    address = read_settings(_env_file=None, database_url=f"{postgres.format(name='migrated')}&{OPTIONS}").database_url
    database = Database(address)
    async with database.read() as session:
        assert await session.scalar(text("SHOW application_name")) == "tears"
        assert await session.scalar(text("SHOW statement_timeout")) == "4321ms"
    assert read_address(address)[1]["timeout"] == 7.0
    await database.close()


def test_a_password_behind_the_question_mark_is_not_shown() -> None:
    url, _ = read_address("postgresql+asyncpg://host/b?user=ana&password=winter-night")
    assert url.render_as_string() == "postgresql+asyncpg://ana:***@host/b"
    assert url.password == "winter-night"


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("postgresql://bot:p@ss@host/b", "has more than one @; in a name or password write @ as %40, / as %2F"),
        ("postgresql://bot:ss@ho:st/b", "is not read; write postgresql://name:password@host:5432/base"),
        ("postgresql://bot:ss@host/b/c", "is not read"),
        ("postgresql://host/b?pgbouncer=true&sslmode=require", "has pgbouncer behind the question mark, unknown here"),
        ("postgresql://host/b?sslmode", "is not read behind the question mark"),
        ("postgresql://host/b?sslmode=on", "has a sslmode that is not known; write one of: disable, allow, prefer"),
        ("postgresql://host/b?connect_timeout=soon", "has a connect_timeout that is no whole number"),
        ("postgresql://bot:ss@host:99999/b", "is not read"),
        ("postgresql://host/b?target_session_attrs=standby", "asks for a server that may only read"),
        ("postgresql://host/b?sslmode=verify-ca&sslrootcert=/nowhere", "names a file with sslrootcert= that is not"),
        ("postgresql://bot:ss@host/b?sslcert=/no/c.crt", "names a file with sslcert= that is not here: /no/c.crt;"),
        ("postgresql://bot:ss@host/b?sslkey=~/no.key", "names a file with sslkey= that is not here: ~/no.key; correct"),
        ("postgresql://host/b?sslmode=verify-full&sslcrl=/", "names a file with sslcrl= that is not here: /; correct"),
        ('"postgresql://bot:ss@host/b"', "stands in quotes, which are a part of it here; write it without them"),
        ("'sqlite:///x.db'", "stands in quotes"),
        ("postgresql://host/b?channel_binding=require", "asks for channel_binding=require, which this"),
        ("sqlite://", "names no file; write sqlite:///file.db"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///x.db?mode=ro", "has a question mark; write sqlite:///file.db alone"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_names_the_setting_and_no_password(address: str, line: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(_env_file=None, database_url=address)
    assert str(raised.value).startswith(f"DATABASE_URL {line}")
    assert "ss@" not in str(raised.value)


@pytest.mark.parametrize("address", ["postgres://bot:p%40ss@host:5432/b?sslmode=require", "postgresql:///b?host=/run"])
def test_the_addresses_that_hosters_give_are_taken(address: str) -> None:
    url, arguments = read_address(read_settings(_env_file=None, database_url=address).database_url)
    assert url.get_backend_name() == "postgresql"
    assert arguments["timeout"] == 3.0


@pytest.mark.parametrize(
    ("address", "is_read_as"),
    [
        ("POSTGRES://bot:p%2Fss@host/b", "bot:p%2Fss@host/b"),
        ("postgresql+psycopg2://bot@host/b", "bot@host/b"),
        ("postgresql://bot@[::1]:5433/b", "bot@[::1]:5433/b"),
        ("postgresql://bot@%2Frun%2Fpg:5433/b", "bot@/b?host=%2Frun%2Fpg&port=5433"),
        ("postgresql://bot@/b?host=/run/pg", "bot@/b?host=%2Frun%2Fpg"),
        ("postgresql://bot@one:1,two/b?sslmode=require", "bot@/b?sslmode=require&host=one%3A1&host=two%3A5432"),
        ("postgresql://host/b?gssencmode=disable&keepalives=1&connect_timeout=5", "host/b?connect_timeout=5"),
    ],
)
def test_every_common_form_of_an_address_is_read(address: str, is_read_as: str) -> None:
    taken = read_settings(_env_file=None, database_url=address).database_url
    assert taken == f"postgresql+asyncpg://{is_read_as}"
    Database(taken)


def test_the_authorities_that_this_machine_trusts_verify_the_server() -> None:
    address = "postgresql+asyncpg://host/b?sslmode=verify-full&sslrootcert=system"
    context = read_address(address)[1]["ssl"]
    assert isinstance(context, ssl.SSLContext)
    assert context.check_hostname
