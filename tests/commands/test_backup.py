"""`backup` and `restore` as a person calls them."""

import re
from pathlib import Path

import aiohttp

from localtelegram.people.demo import TOKEN
from localtelegram.people.person import add_person
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import forked, heard
from tests.commands.test_run import call
from tests.wire import free_port, served, until


async def test_a_copy_of_a_running_bot_is_restored_when_it_has_stopped(tmp_path: Path, telegram: LocalTelegram) -> None:
    ana = add_person(telegram, "Ana")
    more = {"BACKUP_DIR": str(tmp_path / "daily")}
    async with (
        served(telegram) as address,
        forked(tmp_path, "run", BOT_TOKEN=TOKEN, BOT_API_URL=address, **more) as process,
    ):
        await heard(process, "ready")
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)
        code, output = await call(tmp_path, "backup", "copy.db")
        assert (code, output.count("\n")) == (0, 1), output
        assert re.match(r"copy\.db holds the whole database at revision \d{4}, and was read once more", output)
        code, output = await call(tmp_path, "backup", "copy.db")
        assert (code, output) == (1, "copy.db is there already; choose another name, or add --replace\n")
        code, output = await call(tmp_path, "restore", "copy.db")
        assert (code, output) == (1, "DATABASE_URL: a bot is running on this database; stop it first\n")
        await until(lambda: any((tmp_path / "daily").glob("*.db")))
    code, output = await call(tmp_path, "restore", "copy.db")
    assert code == 0, output
    assert re.match(r"The database that was there is kept as .*/main\.db\.before-\d{8}T\d{6}Z\.\nDone\. 0 ", output)
    _, output = await call(tmp_path, "doctor", **more)
    assert re.search(r"^backups +ok +1 in .*daily \(\d+\.\d MB\), the newest of ", output, re.MULTILINE), output


async def test_a_bot_that_has_not_reached_telegram_yet_is_alive_and_has_its_database(tmp_path: Path) -> None:
    await call(tmp_path, "doctor")  # makes the database
    port = free_port()
    away = {"BOT_TOKEN": TOKEN, "BOT_API_URL": "http://127.0.0.1:9", "LISTEN": f"127.0.0.1:{port}"}
    async with forked(tmp_path, "run", **away) as process:
        await heard(process, "cannot be reached")
        code, output = await call(tmp_path, "backup", "copy.db")
        assert code == 0, output
        code, output = await call(tmp_path, "restore", "copy.db")
        assert (code, output) == (1, "DATABASE_URL: a bot is running on this database; stop it first\n")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                assert answer.status == 200
            async with session.get(f"http://127.0.0.1:{port}/ready") as answer:
                assert answer.status == 503


async def test_what_cannot_be_copied_is_said_in_one_line(tmp_path: Path) -> None:
    code, output = await call(tmp_path, "backup", "copy.db")
    assert (code, output) == (1, f"there is no database {tmp_path}/main.db\n")
    code, output = await call(tmp_path, "restore", "copy.db")
    assert (code, output) == (1, "there is no file copy.db\n")
