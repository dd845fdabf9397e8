"""python -m bot run: runs the bot on Telegram, by polling or by webhook."""

import asyncio
import gc
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import clear_overloads

import typer
from telegram.error import BadRequest, InvalidToken

from bot.app import App
from bot.commands.configuration import OneBot, fail, load_bots, load_settings, log_oddities, token_of
from bot.commands.signals import stop_on_signals
from bot.content.library import Library
from bot.database.engine import DatabaseError
from bot.database.lead import is_taken_for_all
from bot.database.troubles import REFUSED, TRY_AGAIN
from bot.delivery.outcomes import TokenRefusedError
from bot.delivery.reaching import patiently
from bot.entrypoints.listening import HttpServer, Listener
from bot.entrypoints.polling import poll
from bot.entrypoints.raw_updates import ALLOWED_UPDATES
from bot.logs import set_up_logs
from bot.settings import Settings

if sys.platform == "win32":  # uvloop is not made for Windows: Python's own event loop does the same, more slowly
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop  # libuv's takes a tenth less of the processor's time

log = logging.getLogger(__name__)

# Objects that come before the collector looks for cycles, of which the bot makes few; Python looks after 700.
COLLECTED_AFTER = (5_000, 10, 10)
WEBHOOK_CONNECTIONS = 100  # updates that Telegram hands over at once: it gives no more before one is done


def main() -> None:
    """Ends with the exit code that `run` returns; 2 for wrong settings or texts, 1 where it cannot run as set up."""
    clear_overloads()  # Python keeps what @overload marks, which type checkers alone ask for: 0.4 MB
    settings = load_settings()
    bots = load_bots(settings)
    set_up_logs(settings.log_format, *(token_of(bot.settings) for bot in bots.values()))
    gc.freeze()  # what was loaded by now stays: the collector need not look at it again
    gc.enable()  # the command line has disabled it
    gc.set_threshold(*COLLECTED_AFTER)
    for library in dict.fromkeys(bot.library for bot in bots.values()):
        log_oddities(library)
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            code = runner.run(_run(settings, bots))
    except RunError as error:
        fail(str(error), code=1)
    except DatabaseError as error:
        fail(str(error), code=error.code)
    raise typer.Exit(code)


async def _run(settings: Settings, bots: Mapping[str, OneBot]) -> int:
    if list(bots) == [settings.only_bot or ""]:
        return await run(settings, *(bot.library for bot in bots.values()))
    from bot.commands.run_several import run_several  # noqa: PLC0415 - it holds the HTTP server, which few need

    return await run_several(settings, bots)


async def run(settings: Settings, library: Library) -> int:
    """Runs until SIGINT or SIGTERM; returns the exit code: 0 after a stop, 2 when only a person can mend it, else 1.

    The last line that is logged says why the program has ended.
    """
    began_at = time.perf_counter()
    app = App(settings, library)
    stop_on_signals(app.stopping)
    ended_by: Exception | None = None
    try:
        await _run_until_stopped(app, began_at)
    except (RunError, DatabaseError):
        raise  # the command line says them
    except Exception as error:  # told below, when all is settled
        ended_by = error
    finally:
        await stop_in_order(app)
    return say_why(app.fatal or ended_by)


async def _run_until_stopped(app: App, began_at: float) -> None:
    listener = None
    try:
        await app.open_database()
        # On SQLite ahead of Telegram, which may be away for long; on PostgreSQL the lead ends if it is not renewed.
        if app.database.is_sqlite:
            await refuse_second(app)
        listener = await open_listener(app.settings, partial(_make_server, app))
        await app.reach_telegram()
        if app.stopping.is_set():
            return
        if not app.database.is_sqlite:
            await refuse_second(app)
        app.start_clock()
        log.info("ready", extra={"seconds": round(time.perf_counter() - began_at, 2)})
        await take_updates(app)
    finally:
        if listener:
            await listener.close()


async def stop_in_order(app: App) -> None:
    """Closes everything; what cannot be closed is logged."""
    try:
        await app.stop()
    except Exception:  # what ended the program is what has to be told
        log.exception("not everything could be closed in order")


def say_why(error: Exception | None) -> int:
    """Logs why a bot has ended, and returns the exit code."""
    match error:
        case None:
            log.info("stopped")
            return 0
        case InvalidToken() | TokenRefusedError():
            log.error(
                "Telegram does not accept BOT_TOKEN; get the right one from https://t.me/BotFather (/mybots, API Token)"
            )
            return REFUSED
        case DatabaseError():
            log.error("%s", error)
            return error.code
        case RunError():
            log.error("%s", error)
            return TRY_AGAIN
        case BadRequest():
            log.error("Telegram, or the server at BOT_API_URL, does not take a call that every bot makes (%s)", error)
            return TRY_AGAIN
        case _:
            log.error("stopped by an unexpected error: %s", type(error).__name__, exc_info=error)
            return TRY_AGAIN


class RunError(Exception):
    """The program cannot run here as it is set up; the text says why and what to do."""


async def refuse_second(app: App) -> None:
    """Takes the sending lead. Raises RunError where another process has it, and only one may run."""
    if await is_taken_for_all(app.database):
        raise RunError("DATABASE_URL: a program with several bots runs this one already; stop that first")
    if not await app.scheduler.take_lead() and app.database.is_sqlite:
        raise RunError(
            "DATABASE_URL: another bot is running on this database; stop it first, "
            "or use PostgreSQL and WEBHOOK_URL to run several side by side"
        )


async def open_listener(settings: Settings, make_server: Callable[[], HttpServer]) -> Listener | None:
    """Listens on LISTEN; None where another program does, and the bot polls. Raises RunError where it must listen."""
    listener = Listener(make_server)
    try:
        await listener.open(settings.listen_host, settings.listen_port)
    except OSError as error:
        problem = f"LISTEN: cannot listen on {settings.listen} ({os.strerror(error.errno or 0)}); choose another port"
        if settings.webhook_url:
            raise RunError(problem) from None
        # Polling needs no port: reminders matter more than metrics.
        log.warning("%s, to have /health, /ready and /metrics", problem)
        return None
    if settings.webhook_url:
        await listener.server()  # so that the first update waits for nothing
    return listener


def _make_server(app: App) -> HttpServer:
    from bot.entrypoints.http_server import AiohttpServer, receiver, routes, webhook_routes  # noqa: PLC0415 - 20 MB, see Listener

    settings = app.settings
    webhook = []
    if settings.webhook_url:
        secret = settings.webhook_secret_token
        receive = receiver(secret, app.application.bot, app.update_queue, lambda: app.application.running)
        webhook = webhook_routes(settings.webhook_url, receive)
    return AiohttpServer(routes(app.vitals, webhook))


async def take_updates(app: App) -> None:
    """Takes updates until the bot is stopped. Raises RunError, InvalidToken."""
    bot, settings = app.application.bot, app.settings
    if not settings.webhook_url:
        await patiently(bot.delete_webhook, app.stopping)
        await poll(bot, app.update_queue, app.stopping)
        return
    set_webhook = partial(
        bot.set_webhook,
        settings.webhook_url,
        secret_token=settings.webhook_secret_token,
        allowed_updates=ALLOWED_UPDATES,
        max_connections=WEBHOOK_CONNECTIONS,
    )
    try:
        await patiently(set_webhook, app.stopping)
    except BadRequest as error:
        raise RunError(f"WEBHOOK_URL: Telegram does not take it ({error.message})") from None
    await app.stopping.wait()
