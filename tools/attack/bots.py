"""The real bot in processes of its own, and reminders that are all due at once. For `trouble`."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bot.database.engine import Database
from bot.database.models import Chat, Reminder
from bot.domain.schedule import Daily, write_rule
from bot.settings import PROJECT
from tools.attack.far_end import TOKEN

FIRST_CHAT = 1_000
KEPT = ("PATH", "HOME", "LANG")
STOPS_WITHIN = 15.0  # seconds that a stop may take, before it is killed


class Bots:
    """The processes of the bot on one database; their output is one log."""

    def __init__(self, folder: Path, database_url: str, port: int) -> None:
        self.folder, self.database_url, self._port = folder, database_url, port
        self.log = folder / "log.txt"
        self.running: list[Process] = []

    async def start(self, **more: str) -> Process:
        """Starts one more; `more` are settings of its own."""
        inherited = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment = {
            **inherited,
            "PYTHONPATH": str(PROJECT),
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"http://127.0.0.1:{self._port}",
            "DATABASE_URL": self.database_url,
            "LISTEN": "127.0.0.1:0",
            **more,
        }
        with self.log.open("a", encoding="utf-8") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self.folder,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    async def end(self, process: Process, number: int = signal.SIGKILL) -> int:
        """Sends the signal, waits, and returns the exit code."""
        if process.returncode is None:
            process.send_signal(number)
            try:
                await asyncio.wait_for(process.wait(), STOPS_WITHIN)
            except TimeoutError:
                process.kill()
                await process.wait()
        self.running.remove(process)
        return process.returncode or 0

    async def end_all(self) -> None:
        for process in list(self.running):
            await self.end(process, signal.SIGCONT)
        for process in list(self.running):
            await self.end(process)

    def tracebacks(self) -> int:
        """Returns how many errors stand in the log with their traceback."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("Traceback (most recent call last)")


async def seed(database_url: str, count: int) -> None:
    """Makes a database with so many chats that all have one reminder due now."""
    now = datetime.now(UTC)
    due_at, rule = now - timedelta(seconds=1), write_rule(Daily(at=now.time().replace(second=0, microsecond=0)))
    database = Database(database_url)
    await database.migrate()
    chats = [
        {"id": number, "telegram_id": FIRST_CHAT + number, "zone": "UTC", "seed": number}
        | {"created_at": now - timedelta(days=1), "last_seen_at": now}
        for number in range(1, count + 1)
    ]
    reminders = [
        {"chat_id": number, "rule": rule, "due_at": due_at, "created_at": now - timedelta(days=1)}
        for number in range(1, count + 1)
    ]
    async with database.write() as session:
        await session.execute(insert(Chat), chats)
        await session.execute(insert(Reminder), reminders)
    await database.close()
