"""What is wrong with the database is said in one line by every command, with the exit code for a service manager."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from localtelegram.people.demo import TOKEN
from localtelegram.people.person import add_person
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import forked, heard
from tests.commands.test_run import call, ended
from tests.databases import copy_migrated
from tests.wire import served, until


def make_newer(file: Path) -> None:
    copy_migrated(file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9042'")
        database.commit()


@pytest.mark.parametrize("command", [("run",), ("invite", "--list"), ("rotate-keys",)])
@pytest.mark.parametrize("kind", ["newer", "letter", "no folder"])
async def test_a_database_that_a_person_has_to_mend_ends_every_command_with_2(
    tmp_path: Path, command: tuple[str, ...], kind: str
) -> None:
    file = tmp_path / ("no/such/x.db" if kind == "no folder" else "x.db")
    if kind == "newer":
        make_newer(file)
    elif kind == "letter":
        file.write_text("a letter" * 1000)
    more = {"BOT_TOKEN": TOKEN, "DATABASE_URL": f"sqlite:///{file}", "SECRET_KEY": f"{'a' * 43}="}
    code, output = await call(tmp_path, *command, **more)
    assert (code, output.count("\n")) == (2, 1), output
    assert output.startswith("DATABASE_URL: ")
    _, output = await call(tmp_path, "doctor", **more)
    (line,) = [line for line in output.splitlines() if line.startswith("database")]
    assert "wrong" in line


async def test_a_server_that_is_out_of_reach_ends_run_with_1(tmp_path: Path) -> None:
    address = "postgresql://bot:winter-night@127.0.0.1:9/b?sslmode=disable&application_name=tears"
    code, output = await call(tmp_path, "run", BOT_TOKEN=TOKEN, DATABASE_URL=address)
    assert (code, output.count("\n")) == (1, 1), output
    assert "winter-night" not in output


async def test_preview_takes_no_notice_of_the_database_that_is_set(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("a letter")
    database = f"sqlite:///{tmp_path}/x.db"
    async with forked(tmp_path, "preview", "--no-open", "--port", "0", DATABASE_URL=database) as process:
        await heard(process, "Ctrl-C")


async def test_a_file_that_is_deleted_under_the_bot_is_written_anew_and_one_that_is_emptied_ends_it(
    tmp_path: Path, telegram: LocalTelegram
) -> None:
    ana, file = add_person(telegram, "Ana"), tmp_path / "main.db"
    async with (
        served(telegram) as address,
        forked(tmp_path, "run", BOT_TOKEN=TOKEN, BOT_API_URL=address) as process,
    ):
        await heard(process, "ready")
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)
        file.unlink()
        await heard(process, "was deleted under the bot; all that it held was written anew")
        await ana.says("/help")
        await until(lambda: len(ana.hears()) == 2)
        with closing(sqlite3.connect(file)) as database:
            assert database.execute("SELECT telegram_id FROM chats").fetchall() == [(ana.chat.id,)]
        file.write_bytes(b"")
        code, output = await asyncio.wait_for(ended(process), 60)
    assert code == 2
    assert "was replaced or emptied under the bot" in output.splitlines()[-1]
    assert "Traceback" not in output.splitlines()[-1]
