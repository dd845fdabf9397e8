"""A stop while `run` is starting ends it with 0, and says nothing that is not so."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from localtelegram.people.demo import TOKEN
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import forked, started
from tests.patience import PATIENCE
from tests.wire import served, until

# `python -m bot`, which is sent a signal while it calls one of its own functions.
SIGNALLED = """
import os
from bot.__main__ import cli
import {room}
def name(*arguments):
    os.kill(os.getpid(), {number})
    print("it went on")
{room}.{function} = name
cli()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    ("room", "function"), [("bot.commands.memory", "use_small_pages"), ("bot.commands.configuration", "load_bots")]
)
async def test_a_stop_while_it_loads_ends_it_at_once(
    tmp_path: Path, room: str, function: str, number: signal.Signals
) -> None:
    program = SIGNALLED.format(room=room, function=function, number=int(number))
    async with started(tmp_path, "run", program=program, BOT_TOKEN=TOKEN) as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (process.returncode, output.decode()) == (0, "")
    assert os.listdir(tmp_path) == []


async def test_a_stop_while_telegram_does_not_answer_waits_for_no_answer(
    tmp_path: Path, telegram: LocalTelegram
) -> None:
    slow = telegram.faults.delay(3600, method="getMe", times=1)
    async with (
        served(telegram) as address,
        forked(tmp_path, "run", BOT_TOKEN=TOKEN, BOT_API_URL=address) as process,
    ):
        await until(lambda: slow.times == 0)
        process.send_signal(signal.SIGTERM)
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    assert output.decode().split(" ", 2)[2] == "INFO stopped\n"
