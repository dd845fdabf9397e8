"""python -m bot preview: runs the bot with a local Telegram and its page, all in one process."""

import asyncio
import base64
import errno
import os
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from telegram import Update
from telegram.error import Forbidden

from bot.app import App
from bot.commands.configuration import fail, load_library, load_settings, log_oddities, roots_now
from bot.commands.signals import stop_on_signals
from bot.commands.watch_texts import Watch
from bot.content.library import Library
from bot.database.engine import DatabaseError
from bot.domain.cards.drawing import draw as draw_card
from bot.handlers.bot_profile import register
from bot.logs import set_up_logs
from bot.screens.affirmations import card_of
from bot.screens.diagrams import draw
from bot.settings import Settings
from bot.usecases.chats import zones_of_chats
from bot.usecases.next_events import find_next_event
from localtelegram import http
from localtelegram.clock import MovableClock
from localtelegram.page.server import Page
from localtelegram.page.time_travel import NextDue
from localtelegram.people.demo import new_token, populate
from localtelegram.request import LocalRequest
from localtelegram.telegram import LocalTelegram

HOST = "127.0.0.1"
PORTS_TO_TRY = 20
HIGHEST_PORT = 65_535
FASTER_THAN_PEOPLE = 1_000_000  # answers in a row: who plays everyone taps faster than one person does
# Nothing outlives a preview, so each has its own key.
KEY: SecretStr | None = SecretStr(base64.urlsafe_b64encode(os.urandom(32)).decode())


class PreviewError(Exception):
    """The preview cannot start; the text says why and what to do."""


class PreviewedBot:
    """The bot that runs in the preview, as the page controls it. `you` is whose chat it shows things in."""

    def __init__(self, app: App, you: int) -> None:
        self._app = app
        self._you = you

    async def next_due(self) -> NextDue | None:
        event = await find_next_event(self._app.database)
        return NextDue(event.at, int(event.telegram_id), str(event.thing)) if event else None

    async def zones(self) -> dict[str, str]:
        async with self._app.database.read() as session:
            return {f"{place.telegram_id}/{place.thread_id}": place.zone for place in await zones_of_chats(session)}

    async def catch_up(self) -> None:
        await self._app.scheduler.catch_up()

    def flows(self) -> dict[str, str]:
        return {name: flow.title for name, flow in self._app.library.of(None).flows.items()}

    def alts(self) -> list[dict[str, str]]:
        library = self._app.library
        return [
            {"file": step.picture, "says": text, "alt": step.alt, "language": language}
            for language in library.languages
            for flow in library.of(language).flows.values()
            for step in flow.steps.values()
            for text in step.say
            if step.picture and step.alt
        ]

    async def show_message(self, language: str, name: str) -> None:
        affirmation = self._app.library.of(language).by_id[name]
        card = await asyncio.to_thread(draw_card, card_of(affirmation))
        try:
            await self._app.application.bot.send_photo(self._you, card, caption=affirmation.text)
        except Forbidden:
            raise ValueError("Press START in the chat of You first: the message comes there.") from None

    def picture(self, flow: str) -> str:
        catalogue = self._app.library.of(None)
        words = catalogue.interface
        return draw(catalogue.flows[flow], words.diagram, minute=words.flows.minute, out=words.flows.out)


def main(*, port: int, with_bot: bool, open_browser: bool, on_ready: Callable[[], None]) -> None:
    """Runs the preview, and calls `on_ready` when its page is there. Ends with exit code 1 when no port is free."""
    settings = load_settings()
    set_up_logs(settings.log_format)
    library = load_library(settings)
    log_oddities(library)
    try:
        asyncio.run(run(settings, library, port=port, with_bot=with_bot, open_browser=open_browser, on_ready=on_ready))
    except (PreviewError, DatabaseError) as error:
        fail(str(error), code=1)


async def run(
    settings: Settings,
    library: Library,
    *,
    port: int,
    with_bot: bool,
    open_browser: bool,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Runs until Ctrl-C. Nothing is stored: the next preview begins anew."""
    clock = MovableClock()
    telegram = LocalTelegram(clock=clock)
    telegram.has_local_webhooks = True
    world = await populate(telegram, token=new_token())
    settings = settings.model_copy(update={"operators": (world.you.id, world.robin.id)})
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    with tempfile.TemporaryDirectory(prefix="gentle-tears-") as folder:
        app = build(settings, library, telegram, clock, Path(folder)) if with_bot else None
        if app:
            await start(app, telegram)
            app.start_clock()
        page = Page(telegram, world, clock, PreviewedBot(app, world.you.id) if app else None)
        watching = asyncio.create_task(_watch(settings, app, page)) if app else None
        runner, address = await _serve(page.application(http.routes(telegram)), port)
        on_ready()
        _announce(address, world.bot.token, with_bot=with_bot)
        if open_browser:
            # A browser may take its time to start; the page does not wait for it.
            await asyncio.to_thread(webbrowser.open, address)
        await stopping.wait()
        if watching:
            watching.cancel()
        page.close()
        await runner.cleanup()
        if app:
            await app.stop()
        await telegram.stop()


async def _watch(settings: Settings, app: App, page: Page) -> None:
    """Reloads changed texts, which show at the next tap, and shows their errors on the page."""

    async def renewed() -> None:
        await register(app.application.bot, app.library, app.settings.operators)

    practices = settings.practices_dir
    await Watch(lambda: roots_now(settings), app.library, renewed, page.tell_words, practices=practices).run()


AS_MANY_AS_COME = 100_000.0  # messages a second; its clock may stand still


def build(settings: Settings, library: Library, telegram: LocalTelegram, clock: MovableClock, folder: Path) -> App:
    """Builds the App on the local Telegram, with the token known there, its own database and a clock to move."""
    (token,) = telegram.network.bots
    own = settings.model_copy(
        update={
            "bot_token": SecretStr(token),
            "bot_token_file": None,
            "bot_api_url": f"http://{HOST}",
            "database_url": f"sqlite+aiosqlite:///{folder / 'preview.db'}",
            "webhook_url": None,
            "secret_key": KEY,
        }
    )
    return App(
        own,
        library,
        clock=clock,
        request=LocalRequest(telegram),
        seconds=_going_forward(clock),
        allowed=AS_MANY_AS_COME,
        at_once=FASTER_THAN_PEOPLE,
    )


def _going_forward(clock: MovableClock) -> Callable[[], float]:
    """Returns a monotonic clock for rate limits: it follows jumps forward, and ignores jumps back."""
    last, total = clock(), 0.0

    def read() -> float:
        nonlocal last, total
        now = clock()
        total += max(0.0, (now - last).total_seconds())
        last = now
        return total

    return read


async def start(app: App, telegram: LocalTelegram) -> None:
    """Starts the bot, and delivers the updates of the local Telegram to it."""

    async def deliver(update: dict[str, Any]) -> None:  # Any: JSON as Telegram sends it
        await app.update_queue.take(Update.de_json(update, app.application.bot))

    await app.start()
    telegram.deliver = deliver


async def _serve(application: web.Application, port: int) -> tuple[web.AppRunner, str]:
    """Serves the page on the first free port from `port` on; returns the runner and the page's address."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    for candidate in range(port, min(port + PORTS_TO_TRY, HIGHEST_PORT + 1)) if port else (0,):
        site = web.TCPSite(runner, HOST, candidate)
        try:
            await site.start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        return runner, f"http://{HOST}:{runner.addresses[0][1]}/"
    await runner.cleanup()
    raise PreviewError(f"the ports {port} to {port + PORTS_TO_TRY - 1} are all taken; choose one with --port")


def _announce(address: str, token: str, *, with_bot: bool) -> None:
    print(f"The page is here: {address}", flush=True)  # noqa: T201 - the command's own output
    if with_bot:
        print("Ctrl-C ends it. Nothing leaves this machine, and nothing is kept.", flush=True)  # noqa: T201 - the command's own output
    else:
        lines = (f"BOT_API_URL={address.rstrip('/')}", f"BOT_TOKEN={token}")
        print("Run a bot against it with:", *lines, sep="\n  ", flush=True)  # noqa: T201 - the command's own output
