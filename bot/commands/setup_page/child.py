"""The bot or the preview, run as a process of its own. For `setup_page`."""

import asyncio
import os
import re
import sys
from collections import deque

import typer

from bot.paths import PACKAGE

MOST_LINES = 12  # of what it has said
STOP_SECONDS = 10.0  # in which it has to end
READY = re.compile(r"\bINFO ready\b")  # in the log, as text


class Child:
    """One command of this program. What it says is said here, too."""

    def __init__(self, *words: str) -> None:
        self._words = words
        self._process: asyncio.subprocess.Process | None = None
        self._said: deque[str] = deque(maxlen=MOST_LINES)
        self._more = asyncio.Event()  # a line has come, or the end
        self._reading: asyncio.Task[None] | None = None
        self.is_ready = False

    @property
    def runs(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def text(self) -> str:
        """The last lines that it has said."""
        return "\n".join(self._said)

    async def start(self) -> None:
        """Starts it in this folder."""
        call = (sys.executable, "-u", "-m", "bot", *self._words)
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        paths = (str(PACKAGE.parent), *filter(None, (os.environ.get("PYTHONPATH"),)))
        self._process = await asyncio.create_subprocess_exec(
            *call,
            stdin=nothing,
            stdout=pipe,
            stderr=asyncio.subprocess.STDOUT,
            # The same program, from whichever folder; its lines are for people, whatever .env says, and read here.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "LOG_FORMAT": "text"},
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout  # noqa: S101 - it is a pipe
        while line := await process.stdout.readline():
            said = line.decode(errors="replace").rstrip()
            self._said.append(said)
            self.is_ready = self.is_ready or READY.search(said) is not None
            typer.echo(said)
            self._more.set()
        await process.wait()
        self._more.set()

    async def hear(self, text: str) -> str | None:
        """Returns the first line that has this text; None when it has ended without."""
        while True:
            self._more.clear()
            if found := next((line for line in self._said if text in line), None):
                return found
            if not self.runs:
                return None
            await self._more.wait()

    async def stop(self) -> None:
        """Ends it in order, and waits until it has ended."""
        if self._process and self.runs:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            except TimeoutError:
                self._process.kill()
        if self._reading:
            await self._reading
