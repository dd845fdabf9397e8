"""`doctor --live` beside a running bot, beside one without a web server, and beside none."""

import asyncio
import os
import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import column, insert, table, update

from bot.commands.doctor_live import REASONS
from bot.database.engine import Database
from bot.database.models import Chat, Failure, Reminder
from bot.database.values import OffReason
from localtelegram.loopback import listen
from localtelegram.people.demo import TOKEN
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import forked, heard
from tests.databases import copy_migrated
from tests.patience import PATIENCE
from tests.wire import free_port, served


async def look(tmp_path: Path, **more: str) -> tuple[int, dict[str, str]]:
    """Returns the exit code, and what is said by its heading."""
    async with forked(tmp_path, "doctor", "--live", **more) as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode is not None
    said: dict[str, str] = {}
    heading = ""
    for line in output.decode().splitlines():
        found = re.match(r"(\S+(?: \S+)*) {2,}(ok|note|wrong) +(.*)", line)
        heading = found[1] if found else heading
        said[heading] = f"{found[2]}: {found[3]}" if found else f"{said.get(heading, '')}\n{line.strip()}"
    return process.returncode, said


async def fill(url: str, *, late: timedelta) -> None:
    """Somebody with a reminder that is late, three who get nothing, and two rows that were set aside."""
    database, now = Database(url), datetime.now(UTC)
    async with database.write() as session:
        reasons = (None, OffReason.STOPPED, OffReason.STOPPED, OffReason.GONE)
        for number, reason in enumerate(reasons, 1):
            row = {"id": number, "telegram_id": 7_000_000 + number, "seed": 1, "created_at": now}
            await session.execute(insert(Chat), [row | {"off_reason": reason}])
        await session.execute(insert(Reminder), [{"chat_id": 1, "rule": "x", "due_at": now - late, "created_at": now}])
        failure = {"work": "flow", "error": "x", "tries": 3, "is_set_aside": True, "failed_at": now}
        await session.execute(insert(Failure), [failure | {"row_id": 1}, failure | {"row_id": 2}])
    await database.close()


async def test_beside_a_running_bot(tmp_path: Path, telegram: LocalTelegram) -> None:
    copy_migrated(tmp_path / "main.db")
    listen = f"127.0.0.1:{free_port()}"
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address, "LISTEN": listen}
        async with forked(tmp_path, "run", **more) as process:
            await heard(process, "ready")
            async with asyncio.timeout(PATIENCE):
                found = await look(tmp_path, LISTEN=listen)
                while found[0]:  # its first look may not be over
                    found = await look(tmp_path, LISTEN=listen)
            # Nobody answers on another address: what is left is the database, and that somebody has the lead.
            code, blind = await look(tmp_path, LISTEN="127.0.0.1:9")
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), PATIENCE)
    _, said = found
    names = "program ready lead telegram replies queue late lateness rush set_aside resting"
    assert set(said) == {name.replace("_", " ") for name in names.split()}
    assert said["ready"] == "ok: it has all that it needs"
    assert re.fullmatch(r"ok: this process sends what is due; it looked \d+ seconds ago", said["lead"])
    assert said["late"] == "ok: nothing is late"
    assert code == 0
    assert "does not answer" in blind["program"]
    assert blind["lead"].startswith("ok: a process has the lead")


async def test_beside_no_bot_it_says_what_waits_and_who_rests(tmp_path: Path) -> None:
    await fill(copy_migrated(tmp_path / "main.db"), late=timedelta(hours=2))
    code, said = await look(tmp_path)
    assert code == 1
    assert said["lead"].startswith("wrong: no process sends what is due")
    assert said["queue"].endswith("1 reminders are not queued yet")
    assert re.match(r"wrong: the oldest that is due has waited 72\d\d seconds", said["late"])
    assert said["set aside"].startswith("wrong: 2 flow: ")
    assert said["resting"] == "ok: 3 chats get nothing:\n2 stopped it\n1 are deleted, or cannot be found"
    assert "7000001" not in str(said)


async def test_nothing_is_made_or_changed(tmp_path: Path) -> None:
    code, said = await look(tmp_path)
    assert code == 1
    assert said["database"].startswith("wrong: there is no file ")
    assert os.listdir(tmp_path) == []


async def test_a_database_of_another_version_is_left_as_it_is(tmp_path: Path) -> None:
    database = Database(copy_migrated(tmp_path / "main.db"))
    async with database.write() as session:
        await session.execute(update(table("alembic_version", column("version_num"))).values(version_num="0001"))
    await database.close()
    code, said = await look(tmp_path)
    assert (code, said["database"].partition(",")[0]) == (1, "wrong: at revision 0001")


@pytest.mark.parametrize("body", ["hello", "[]", "{}", '{"missing": 1}'])
async def test_another_program_on_that_address_is_told_from_the_bot(tmp_path: Path, body: str) -> None:
    copy_migrated(tmp_path / "main.db")

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type="text/plain" if body == "hello" else "application/json")

    application = web.Application()
    application.router.add_get("/ready", answer)
    runner, port = await listen(application)
    _, said = await look(tmp_path, LISTEN=f"127.0.0.1:{port}")
    await runner.cleanup()
    assert "is not this bot" in said["program"]


async def test_what_the_bot_misses_is_said(tmp_path: Path, telegram: LocalTelegram) -> None:
    copy_migrated(tmp_path / "main.db")

    async def ready(_: web.Request) -> web.Response:
        body = {
            "missing": ["database: gives no answer", "telegram: does not accept BOT_TOKEN"],
            "lead": "another process",
        }
        return web.json_response(body, status=503)

    async def metrics(_: web.Request) -> web.Response:
        lines = (
            'bot_build_info{version="0.0.1"} 1.0',
            'bot_telegram_calls_total{result="lost"} 99.0',
            'bot_reply_seconds_bucket{le="2.0"} 1.0',
            'bot_reply_seconds_bucket{le="+Inf"} 9.0',
        )
        return web.Response(text="\n".join(lines))

    application = web.Application()
    application.add_routes([web.get("/ready", ready), web.get("/metrics", metrics)])
    runner, port = await listen(application)
    code, said = await look(tmp_path, LISTEN=f"127.0.0.1:{port}")
    await runner.cleanup()
    assert code == 1
    assert said["ready"] == "wrong: database: gives no answer\ntelegram: does not accept BOT_TOKEN"
    assert said["lead"].startswith("ok: another process")
    assert "in another version" in said["program"]
    assert said["telegram"].startswith("note: ")
    assert said["replies"] == "note: 0 updates are being handled; 8 of 9 took more than 2.0 seconds"


def test_every_reason_has_its_words() -> None:
    assert set(OffReason) <= set(REASONS)
