"""`doctor` as a person calls it: each line of its table, when all is well and when something is not.

The live figures are in test_doctor_live.py, the forecast of a rush in test_doctor_rush.py.
"""

import os
import re
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import column, table, update

from bot.commands.doctor_database import MOST_SHOWN
from bot.database.engine import Database
from bot.database.models import Failure
from bot.database.values import FailedWork
from localtelegram.loopback import listen
from localtelegram.people.demo import TOKEN
from localtelegram.state.webhook import Webhook
from localtelegram.telegram import LocalTelegram
from tests.commands.test_run import call, practices
from tests.databases import copy_migrated
from tests.scenes import berlin
from tests.wire import served

WEBHOOK = "https://example.org/telegram"


def line(output: str, what: str) -> str:
    """Returns the line about this, without what it begins with: "ok", "note" or "wrong", and the text."""
    found = re.search(rf"^{what} +(.+)$", output, re.MULTILINE)
    assert found, output
    return " ".join(found[1].split())


async def test_doctor_makes_no_database(tmp_path: Path) -> None:
    _, output = await call(tmp_path, "doctor")
    assert f"{tmp_path / 'main.db'} is not there yet: `run` makes it" in output
    assert os.listdir(tmp_path) == []


async def test_doctor_leaves_tables_of_an_earlier_version_as_they_are(tmp_path: Path) -> None:
    database = Database(copy_migrated(tmp_path / "main.db"))
    version = table("alembic_version", column("version_num"))
    async with database.write() as session:
        await session.execute(update(version).values(version_num="0019"))
    _, output = await call(tmp_path, "doctor")
    found = line(output, "database")
    assert found.startswith("note ")
    assert "at revision 0019" in found
    assert re.search(r"first make a copy with `.+ backup`$", found)
    assert await database.revision() == "0019"
    await database.close()


async def test_doctor_makes_no_tables(tmp_path: Path) -> None:
    (tmp_path / "main.db").touch()
    _, output = await call(tmp_path, "doctor")
    assert "is empty: `run` makes its tables" in line(output, "database")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'main.db'}")
    assert await database.revision() is None
    await database.close()


async def test_doctor_finds_nothing_wrong_with_what_works(tmp_path: Path, telegram: LocalTelegram) -> None:
    copy_migrated(tmp_path / "main.db")
    async with served(telegram) as address:
        code, output = await call(tmp_path, "doctor", BOT_TOKEN=TOKEN, BOT_API_URL=address)
    assert code == 0, output
    found = {line.split("  ")[0]: line for line in output.splitlines()}
    assert set(found) == {
        "settings",
        "pace",
        "rush",
        "zone data",
        "secret key",
        "words",
        "database",
        "set aside",
        "refusals",
        "encrypted",
        "token",
        "webhook",
        "inline",
        "groups",
        "clock",
    }
    assert "this is @gentle_tears_bot" in found["token"]


async def test_doctor_warns_of_a_bot_that_reads_along_in_groups(tmp_path: Path, telegram: LocalTelegram) -> None:
    next(iter(telegram.network.bots.values())).reads_all_group_messages = True
    async with served(telegram) as address:
        code, output = await call(tmp_path, "doctor", BOT_TOKEN=TOKEN, BOT_API_URL=address)
    assert code == 1
    assert "/setprivacy" in output


async def test_doctor_names_the_practices(tmp_path: Path) -> None:
    _, output = await call(tmp_path, "doctor", PRACTICES_DIR=practices(tmp_path))
    assert re.search(r"^words +ok .*, and the words of rosa-meyer$", output, re.MULTILINE)


async def test_doctor_says_what_to_do_about_what_is_wrong(tmp_path: Path) -> None:
    code, output = await call(tmp_path, "doctor", DATABASE_URL=f"sqlite:///{tmp_path}/no/such/x.db")
    assert code == 1
    assert "there is no folder" in output
    assert "BOT_TOKEN is not set" in output


async def test_doctor_says_when_the_newest_copy_is_old_or_the_folder_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "daily"
    _, output = await call(tmp_path, "doctor", BACKUP_DIR=str(folder))
    assert re.search(r"^backups +wrong +BACKUP_DIR: .*daily cannot be read", output, re.MULTILINE)
    folder.mkdir()
    _, output = await call(tmp_path, "doctor", BACKUP_DIR=str(folder))
    assert re.search(r"^backups +note +none yet", output, re.MULTILINE)
    (folder / "gentle-tears-20260302T080000Z.db").touch()
    _, output = await call(tmp_path, "doctor", BACKUP_DIR=str(folder))
    assert re.search(r"^backups +wrong .*older than a day", output, re.MULTILINE)


async def test_doctor_says_when_others_may_read_the_token(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("LANGUAGE=en\n")
    file.chmod(0o644)
    _, output = await call(tmp_path, "doctor")
    assert "other users of this machine may read .env: chmod 600 .env" in output
    file.chmod(0o600)
    _, output = await call(tmp_path, "doctor")
    assert "other users" not in output


async def test_doctor_notes_a_pace_that_telegram_does_not_allow(tmp_path: Path) -> None:
    for paid, expected in (("false", "note 100 messages a second: Telegram allows about 30"), ("true", "ok 100")):
        _, output = await call(tmp_path, "doctor", MESSAGES_PER_SECOND="100", PAID_BROADCAST=paid)
        assert line(output, "pace").startswith(expected)


async def test_doctor_lists_what_was_set_aside_the_newest_first_and_ten_at_most(tmp_path: Path) -> None:
    database = Database(copy_migrated(tmp_path / "main.db"))
    async with database.write() as session:
        session.add_all(
            Failure(
                work=FailedWork.REMINDER,
                row_id=number,
                tries=3,
                error="KeyError",
                failed_at=berlin(number),
                is_set_aside=True,
            )
            for number in range(1, MOST_SHOWN + 3)
        )
    await database.close()
    code, output = await call(tmp_path, "doctor")
    assert code == 1
    assert line(output, "set aside").startswith("wrong 12 failed again and again")
    listed = [row.strip() for row in output.splitlines() if row.strip().startswith(("reminder ", "and "))]
    assert listed[0] == "reminder 12: KeyError, last on 12 March at 11:00 UTC"
    assert listed[MOST_SHOWN:] == ["and 2 more"]


@pytest.mark.parametrize(
    ("url", "error", "settings", "expected"),
    [
        ("", "", {}, "ok not used: the bot polls"),
        (WEBHOOK, "", {}, f"ok not used: the bot polls (and takes {WEBHOOK} away when it starts)"),
        ("", "", {"WEBHOOK_URL": WEBHOOK}, f"note not set yet: `python -m bot run` sets it to {WEBHOOK}"),
        (WEBHOOK, "", {"WEBHOOK_URL": WEBHOOK}, f"ok {WEBHOOK}, 0 updates waiting"),
        (
            WEBHOOK,
            "Connection refused",
            {"WEBHOOK_URL": WEBHOOK},
            f"wrong Telegram could not deliver to {WEBHOOK}: Connection refused. Check WEBHOOK_URL and LISTEN",
        ),
    ],
)
async def test_doctor_says_what_telegram_says_of_the_webhook(
    tmp_path: Path, telegram: LocalTelegram, url: str, error: str, settings: dict[str, str], expected: str
) -> None:
    if url:
        (bot,) = telegram.network.bots.values()
        at = berlin(2) if error else None
        bot.webhook = Webhook(url, "", berlin(2), max_connections=40, last_error_at=at, last_error=error)
    async with served(telegram) as address:
        _, output = await call(tmp_path, "doctor", BOT_TOKEN=TOKEN, BOT_API_URL=address, **settings)
    assert line(output, "webhook") == expected


async def test_doctor_says_when_the_chat_for_cards_cannot_be_used(tmp_path: Path, telegram: LocalTelegram) -> None:
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address, "CARDS_CHAT": "-100123"}
        code, output = await call(tmp_path, "doctor", **more)
    assert code == 1
    assert line(output, "cards chat").startswith("wrong CARDS_CHAT -100123 cannot be used (Chat not found)")


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 02 Mar 2020 08:30:00 GMT", r"wrong \+\d+ seconds off: switch on the machine's time synchronisation"),
        ("Fri, 02 Mar 2120 08:30:00 GMT", r"wrong -\d+ seconds off"),
    ],
)
async def test_doctor_compares_the_clock_with_telegrams_also_where_the_token_is_unknown(
    tmp_path: Path, date: str, expected: str
) -> None:
    async def refuse(_: web.Request) -> web.Response:
        text = '{"ok": false, "error_code": 401, "description": "Unauthorized"}'
        return web.Response(status=401, text=text, content_type="application/json", headers={"Date": date})

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", refuse)
    runner, port = await listen(application)
    try:
        code, output = await call(tmp_path, "doctor", BOT_TOKEN=TOKEN, BOT_API_URL=f"http://127.0.0.1:{port}")
    finally:
        await runner.cleanup()
    assert code == 1
    assert line(output, "token").startswith("wrong Telegram does not know it")
    assert re.match(expected, line(output, "clock"))
