"""The program on a Python that has what Windows has: no fcntl, no uvloop, a loop that takes no signals.

Windows itself is not here: this shows that nothing else is asked for, not how its drives and windows behave.
"""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from localtelegram.people.demo import TOKEN
from localtelegram.people.person import add_person
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import heard, started
from tests.patience import PATIENCE
from tests.wire import served, until

# What is not ours is imported before: it asks for the platform as well, and has code for Windows of its own.
PROGRAM = """
import asyncio, fcntl, sys, types
import aiohttp.web, aiosqlite, apscheduler.schedulers.asyncio, apscheduler.triggers.interval, babel.dates, pydantic
import pydantic_settings, pyreqwest.client, pythonjsonlogger, rich.progress, sqlalchemy.ext.asyncio, telegram.ext, typer
import sqlalchemy.dialects.sqlite.aiosqlite, tzlocal, webbrowser, alembic.command

def takes_none(*_):
    raise NotImplementedError

def locking(number, _mode, _count, flock=fcntl.flock, mode=fcntl.LOCK_EX | fcntl.LOCK_NB):
    flock(number, mode)

asyncio.SelectorEventLoop.add_signal_handler = takes_none
sys.platform = "win32"
sys.modules |= {name: None for name in ("fcntl", "uvloop", "resource", "pwd", "grp", "termios")}
sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
from bot.__main__ import cli
cli()
"""


async def test_the_bot_runs_answers_and_stops(tmp_path: Path, telegram: LocalTelegram) -> None:
    ana = add_person(telegram, "Ana")
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address}
        async with started(tmp_path, "run", program=PROGRAM, **more) as process:
            await heard(process, "ready")
            await ana.says("/support")
            await until(lambda: len(ana.hears()) == 1)
            async with started(tmp_path, "run", program=PROGRAM, **more) as second:
                await heard(second, "another bot is running on this database")
            process.send_signal(signal.SIGINT)
            output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert output.decode().rstrip().endswith("INFO stopped")
    assert process.returncode == 0


@pytest.mark.parametrize("command", [["check"], ["words", "--new"], ["settings", "--new"]])
async def test_commands_do_what_they_do_elsewhere(tmp_path: Path, command: list[str]) -> None:
    async with started(tmp_path, *command, program=PROGRAM) as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, output.decode()


async def test_the_preview_opens_and_ends(tmp_path: Path) -> None:
    async with started(tmp_path, "preview", "--no-open", "--port", "0", program=PROGRAM) as process:
        await heard(process, "The page is here: http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    assert sys.platform != "win32"  # only theirs was
