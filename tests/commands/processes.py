"""Runs `python -m bot` as a person does, and the same in a process that is forked from one where all is loaded.

A forked process is one of its own: its folder, environment, output, signals and exit code are. Only importing the
program, which takes most of the time of a short command, and parsing the words were done before.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Protocol

import pytest

from bot.settings import PROJECT
from localtelegram.people.demo import TOKEN
from localtelegram.telegram import LocalTelegram
from tests.patience import PATIENCE
from tests.wire import served

FORKS = multiprocessing.get_context("forkserver")


class Process(Protocol):
    """What both kinds of processes have."""

    stdout: asyncio.StreamReader | None

    @property
    def returncode(self) -> int | None: ...
    def send_signal(self, signal: int) -> None: ...
    async def communicate(self) -> tuple[bytes, bytes]: ...


class Fork:
    """A forked process, with the methods of asyncio's."""

    def __init__(self, process: ForkServerProcess, stdout: asyncio.StreamReader) -> None:
        self._process = process
        self.stdout: asyncio.StreamReader | None = stdout

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, signal: int) -> None:
        assert self._process.pid
        os.kill(self._process.pid, signal)

    async def communicate(self) -> tuple[bytes, bytes]:
        assert self.stdout
        output = await self.stdout.read()
        await asyncio.to_thread(self._process.join, PATIENCE)
        return output, b""


def environment(tmp_path: Path, more: Mapping[str, str]) -> dict[str, str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    database = f"sqlite:///{tmp_path / 'main.db'}"
    return keep | {"PYTHONPATH": str(PROJECT), "DATABASE_URL": database, "LISTEN": "127.0.0.1:0"} | dict(more)


@asynccontextmanager
async def started(tmp_path: Path, *arguments: str, program: str = "", **more: str) -> AsyncIterator[Process]:
    """Runs `python -m bot`, or a program in its place, in an empty folder, so that no .env is read."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(("-c", program) if program else ("-m", "bot")),
        *arguments,
        cwd=tmp_path,
        env=environment(tmp_path, more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def running(tmp_path: Path, telegram: LocalTelegram, program: str) -> AsyncIterator[Process]:
    """Runs the bot on the local Telegram; it is ready."""
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address}
        async with started(tmp_path, "run", program=program, **more) as process:
            await heard(process, "ready")
            yield process


async def heard(process: Process, text: str) -> str:
    """Returns all lines up to the first one that contains this text."""
    assert process.stdout
    lines: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while not lines or text not in lines[-1]:
            line = (await process.stdout.readline()).decode()
            assert line, f"it ended without saying {text!r}: {lines}"
            lines.append(line)
    return "".join(lines)


def start_server() -> None:
    """Starts the process that is forked, unless it runs. It ends with this one."""
    FORKS.set_forkserver_preload(["tests.commands.loaded"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(PROJECT))
        forkserver.ensure_running()


@asynccontextmanager
async def forked(tmp_path: Path, *arguments: str, **more: str) -> AsyncIterator[Process]:
    """Runs the same in a fork."""
    start_server()
    reader, writer = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=run_command, args=(writer, tmp_path, environment(tmp_path, more), arguments))
    process.start()
    writer.close()
    stdout = asyncio.StreamReader()
    with os.fdopen(os.dup(reader.fileno()), "rb") as pipe:
        reader.close()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stdout), pipe
        )
        try:
            yield Fork(process, stdout)
        finally:
            if process.exitcode is None:
                process.kill()
            await asyncio.to_thread(process.join, PATIENCE)
            transport.close()


def run_command(output: Connection, folder: Path, environment: dict[str, str], arguments: tuple[str, ...]) -> None:
    """What the fork does."""
    os.dup2(output.fileno(), sys.stdout.fileno())
    os.dup2(output.fileno(), sys.stderr.fileno())
    output.close()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from bot.__main__ import cli  # noqa: PLC0415 - loaded before the fork

    cli(list(arguments), prog_name="python -m bot")
