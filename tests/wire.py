"""The real program with the local Telegram over HTTP, as it runs with the real one."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr

from bot.app import App
from bot.content.library import Library
from bot.settings import Settings, read_settings
from localtelegram.clock import MovableClock
from localtelegram.http import routes
from localtelegram.loopback import listen
from localtelegram.people.demo import TOKEN
from localtelegram.telegram import LocalTelegram
from tests.patience import PATIENCE


@asynccontextmanager
async def served(telegram: LocalTelegram) -> AsyncIterator[str]:
    """Serves the Bot API on the loopback and yields its address."""
    application = web.Application()
    application.add_routes(routes(telegram))
    runner, port = await listen(application)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def settings_for(address: str, folder: Path, **more: object) -> Settings:
    return read_settings(
        _env_file=None,
        bot_token=SecretStr(TOKEN),
        bot_api_url=address,
        database_url=f"sqlite:///{folder / 'wire.db'}",
        listen="127.0.0.1:0",
        **more,
    )


def app_for(settings: Settings, library: Library, clock: MovableClock) -> App:
    return App(settings, library, clock=clock, seconds=seconds_with(clock))


def seconds_with(clock: MovableClock) -> Callable[[], float]:
    """Returns a monotonic clock that goes on by what a test moves the other one by: that is no leap, but time."""
    return lambda: time.monotonic() + clock.ahead.total_seconds()


async def until(is_so: Callable[[], bool]) -> None:
    """Waits until it holds; for what comes over a socket."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - the condition depends on another process
            await asyncio.sleep(0.005)


def free_port() -> int:
    """Returns a port that nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
