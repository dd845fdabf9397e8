"""Three processes of the bot on one PostgreSQL, and what befalls one of them. For `processes`."""

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.settings import PROJECT
from tools.attack.balanced import PATH, SECRET, Telegram, Wire, free_port
from tools.attack.bots import Bots

PLACES = 3
STARTS_WITHIN = 60.0


class Cluster:
    """The three processes, each at its place, with its own port and wire. `program`: the folder they run from."""

    HALT = 6.0  # seconds that a process is halted or cut off

    def __init__(
        self, bots: Bots, telegram: Telegram, wires: list[Wire], address: str, rate: int, program: Path = PROJECT
    ) -> None:
        self._rate = rate
        self.telegram, self.wires, self._bots = telegram, wires, bots
        self.ports = [free_port() for _ in range(PLACES)]
        self.at: dict[int, Process] = {}
        self.programs = [program] * PLACES
        self._address = address

    async def start(self, place: int) -> None:
        """Starts the process of a place."""
        self.at[place] = await self._bots.start(
            PYTHONPATH=str(self.programs[place]),
            LISTEN=f"127.0.0.1:{self.ports[place]}",
            WEBHOOK_URL=f"https://example.org{PATH}",
            WEBHOOK_SECRET=SECRET,
            BOT_API_URL=f"http://127.0.0.1:{self.telegram.ports[place]}",
            DATABASE_URL=self._address.format(folder=self.wires[place].folder),
            MESSAGES_PER_SECOND=str(self._rate),
            PAID_BROADCAST="true",
        )

    def sender(self) -> int:
        """Returns the place that sent the last reminder."""
        return max(range(PLACES), key=lambda place: max(self.telegram.sent_at[place], default=0.0))

    async def kill(self, place: int) -> None:
        await self._bots.end(self.at[place], signal.SIGKILL)
        await asyncio.sleep(self.HALT)
        await self.start(place)

    async def halt(self, place: int) -> None:
        self.at[place].send_signal(signal.SIGSTOP)
        await asyncio.sleep(self.HALT)
        self.at[place].send_signal(signal.SIGCONT)

    async def cut(self, place: int) -> None:
        """From PostgreSQL, not from Telegram."""
        self.wires[place].is_whole.clear()
        await asyncio.sleep(self.HALT)
        self.wires[place].is_whole.set()

    async def stop(self, place: int) -> None:
        """As in a rolling restart."""
        await self._bots.end(self.at[place], signal.SIGTERM)
        await self.start(place)

    async def update(self, place: int) -> None:
        """To this version of the program, as in a rolling update."""
        self.programs[place] = PROJECT
        await self.stop(place)


Trouble = Callable[[Cluster, int], Awaitable[None]]
ALL: tuple[Trouble, ...] = (Cluster.kill, Cluster.halt, Cluster.cut, Cluster.stop)


async def listens(port: int) -> None:
    """Waits until somebody does at this port."""
    async with asyncio.timeout(STARTS_WITHIN):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
