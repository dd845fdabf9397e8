"""The real bot in processes of its own, and reminders that are all due at once. For `trouble` and `flood`."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bot.database.engine import Database
from bot.database.models import Chat, Reminder
from bot.domain.schedule import Daily, write_rule
from bot.settings import PROJECT
from tools.attack.far_end import TOKEN, FarEnd

FIRST_CHAT = 1_000
KEPT = ("PATH", "HOME", "LANG")
STOPS_WITHIN = 15.0  # seconds that a stop may take, before it is killed
HOOK = "https://example.org/hook"  # what the far end is told; it delivers on this machine


class Bots:
    """The processes of the bot on one database; their output is one log. `more`: for their environment.

    Without `far_end` the settings of each `start` say where Telegram is.
    """

    def __init__(
        self, folder: Path, database_url: str, far_end: FarEnd | None, more: dict[str, str] | None = None
    ) -> None:
        self.folder, self.database_url, self._far_end = folder, database_url, far_end
        self.log = folder / "log.txt"
        self.running: list[Process] = []
        inherited = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._environment = inherited | {
            "PYTHONPATH": str(PROJECT),
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"http://127.0.0.1:{far_end.port if far_end else 0}",
            "DATABASE_URL": database_url,
            "LISTEN": "127.0.0.1:0",
            **(more or {}),
        }
        if far_end and far_end.updates.by_webhook:
            far_end.updates.bot_port = _free_port()
            self._environment |= {"WEBHOOK_URL": HOOK, "LISTEN": f"127.0.0.1:{far_end.updates.bot_port}"}

    def set_clock(self, hours: float) -> None:
        """Moves the clock of the processes by so many hours from the machine's (`trouble.clock_of`)."""
        (self.folder / "clock").write_text(f"{hours * 3600:+.0f}", encoding="ascii")

    async def start(self, **more: str) -> Process:
        """Starts one more `run`; `more` are settings of its own."""
        process = await self._spawn("run", **more)
        self.running.append(process)
        if self._far_end:
            self._far_end.updates.expect()
        return process

    async def call(self, *words: str) -> int:
        """Runs another command to its end, and returns its exit code."""
        return await (await self._spawn(*words)).wait()

    async def _spawn(self, *words: str, **more: str) -> Process:
        with self.log.open("a", encoding="utf-8") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *words),
                cwd=self.folder,
                env=self._environment | more,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def end(self, process: Process, number: int = signal.SIGKILL) -> int:
        """Sends the signal, waits, and returns the exit code."""
        if len(self.running) == 1 and self._far_end:
            self._far_end.updates.lose()
        if process.returncode is None:
            process.send_signal(number)
            try:
                await asyncio.wait_for(process.wait(), STOPS_WITHIN)
            except TimeoutError:
                process.kill()
                await process.wait()
        self.running.remove(process)
        return process.returncode or 0

    async def ended(self, seconds: float) -> int | None:
        """Waits for the first one to end by itself, so many seconds at most. Returns its exit code; None: it runs."""
        process = self.running[0]
        try:
            await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            return None
        if self._far_end:
            self._far_end.updates.lose()
        self.running.remove(process)
        return process.returncode

    async def end_all(self) -> None:
        for process in list(self.running):
            if process.returncode is None:
                process.send_signal(signal.SIGCONT)
            await self.end(process)

    def tracebacks(self) -> int:
        """Returns how many errors stand in the log with their traceback."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("Traceback (most recent call last)")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def seed(database_url: str, count: int, *, first: int = FIRST_CHAT) -> None:
    """Makes a database with so many chats that all have one reminder due now, numbered from `first` + 1 in Telegram."""
    now = datetime.now(UTC)
    due_at = now.replace(second=0, microsecond=0)
    rule = write_rule(Daily(at=due_at.time()))
    database = Database(database_url)
    await database.migrate()
    chats = [
        {"id": number, "telegram_id": first + number, "zone": "UTC", "seed": number}
        | {"created_at": now - timedelta(days=1), "last_seen_at": now}
        for number in range(1, count + 1)
    ]
    reminders = [
        {"chat_id": number, "rule": rule, "due_at": due_at, "created_at": now - timedelta(days=1)}
        for number in range(1, count + 1)
    ]
    async with database.write() as session:
        if count:
            await session.execute(insert(Chat), chats)
            await session.execute(insert(Reminder), reminders)
    await database.close()
