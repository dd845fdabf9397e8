"""python -m bot run, for several bots in one program: those of BOTS_DIR, and the one of `.env` if it has a token.

Each is an `App` with a database, a pace, words and figures of its own; they share this process, its connections to
Telegram and its HTTP server, and on PostgreSQL the database's connections and the sending lead. One that cannot run
leaves the others alone.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from bot.app import App, Shared
from bot.commands.configuration import OneBot
from bot.commands.run import (
    WEBHOOK_CONNECTIONS,
    RunError,
    open_listener,
    refuse_second,
    say_why,
    stop_in_order,
    take_updates,
)
from bot.commands.signals import stop_on_signals
from bot.database.engine import Database
from bot.database.lead import SharedLead, is_taken
from bot.database.troubles import REFUSED
from bot.delivery.transport import HttpRequest
from bot.entrypoints.http_connections import MOST_CONNECTIONS
from bot.entrypoints.http_server import AiohttpServer, receiver
from bot.entrypoints.listening import HttpServer, Listener
from bot.entrypoints.several_bots import Served, ServedBots, routes
from bot.logs import BOT
from bot.settings import Settings

if sys.platform != "win32":
    import resource

log = logging.getLogger(__name__)

CONNECTIONS = 256  # to Telegram, of all bots
DATABASE_CONNECTIONS = 30  # of all bots, on PostgreSQL
SHORTEST_WAIT, LONGEST_WAIT = 5.0, 300.0  # seconds until a bot is tried again that could not run


async def run_several(settings: Settings, bots: Mapping[str, OneBot]) -> int:
    """Runs them until SIGINT or SIGTERM, or until only a person can mend each of them; returns the exit code."""
    allow_more_files()
    several = _Several(settings, bots)
    stop_on_signals(several.stopping)
    return await several.run()


def allow_more_files() -> None:
    """Lets this program open as many files as the system allows: each bot's database and connections take some.

    At first a program may often open 1,024 only, for the sake of old ones.
    """
    if sys.platform != "win32":
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(OSError, ValueError):  # where the system itself allows less
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Several:
    def __init__(self, settings: Settings, bots: Mapping[str, OneBot]) -> None:
        self.stopping = asyncio.Event()
        self._settings = settings
        self._bots = bots
        self._request = HttpRequest(connections=CONNECTIONS, proxy=settings.proxy_address, bots=len(bots))
        connections = Database(settings.database_url, most=DATABASE_CONNECTIONS)
        self._connections = None if connections.is_sqlite else connections
        self._lead = SharedLead(connections) if self._connections else None
        self._opening = asyncio.Lock()  # Alembic upgrades one database at a time
        self._served = ServedBots(missing=dict.fromkeys(bots, "it starts"))
        self._apps: dict[str, App] = {}

    async def run(self) -> int:
        """Returns the exit code."""
        listener = None
        stopped = asyncio.create_task(self._pass_on_stop())
        try:
            if self._connections:  # the lead is a row there, also where none of the bots is
                await self._connections.migrate()
            listener = await open_listener(self._settings, self._make_server)
            codes = await asyncio.gather(*(self._keep_running(name) for name in self._bots))
        finally:
            stopped.cancel()
            await self._close(listener)
        return REFUSED if all(code == REFUSED for code in codes) else 0

    async def _close(self, listener: Listener | None) -> None:
        if listener:
            await listener.close()
        if self._lead:
            await self._lead.give_up()
        await self._request.shutdown()
        if self._connections:
            await self._connections.close()

    async def _pass_on_stop(self) -> None:
        await self.stopping.wait()
        for app in self._apps.values():
            app.stopping.set()

    def _make_server(self) -> HttpServer:
        most = MOST_CONNECTIONS + WEBHOOK_CONNECTIONS * len(self._bots)  # so that one bot leaves room for the others
        return AiohttpServer(routes(self._served, self._settings.webhook_url), most)

    async def _keep_running(self, name: str) -> int:
        """Runs one bot again and again until all are stopped, or only a person can mend it."""
        BOT.set(name)
        wait, code = SHORTEST_WAIT, 0
        while not self.stopping.is_set():
            began_at = time.monotonic()
            code = await self._run(name)
            if self.stopping.is_set() or code == REFUSED:
                break
            if time.monotonic() - began_at > LONGEST_WAIT:
                wait = SHORTEST_WAIT
            log.warning("the bot does not run; it is started again", extra={"seconds": wait})
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), wait)
            wait = min(wait * 2, LONGEST_WAIT)
        return code

    async def _run(self, name: str) -> int:
        """Runs one bot until it is stopped or cannot go on; returns the exit code that it alone would have."""
        one = self._bots[name]
        try:
            app = App(one.settings, one.library, share=Shared(self._request, self._connections, self._lead))
        except Exception as error:  # told below; the others go on
            return say_why(error)
        self._apps[name] = app
        if self.stopping.is_set():
            app.stopping.set()
        ended_by: Exception | None = None
        try:
            await self._start(name, app)
            await take_updates(app)
        except Exception as error:  # told below; the others go on
            ended_by = error
        finally:
            self._served.running.pop(name, None)
            self._served.missing[name] = "it does not run; see the log"
            await stop_in_order(app)
        return say_why(app.fatal or ended_by)

    async def _start(self, name: str, app: App) -> None:
        async with self._opening:
            await app.open_database()
        if self._lead is None:  # on SQLite: before Telegram is reached, which may be away for long
            await refuse_second(app)
        await app.reach_telegram()
        if app.stopping.is_set():
            return
        if self._lead and await is_taken(app.database):
            raise RunError("DATABASE_URL: another program runs this bot alone; stop that first")
        app.start_clock()
        secret = app.settings.webhook_secret_token
        receive = receiver(secret, app.application.bot, app.update_queue, lambda: app.application.running)
        self._served.running[name] = Served(app.vitals, receive)
        self._served.missing.pop(name, None)
        log.info("ready")
