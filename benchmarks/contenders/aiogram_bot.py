"""aiogram's Bot on the loopback, and what it does when it is refused. For every contender that sends with aiogram."""

import ssl

from aiogram import Bot  # type: ignore[import-not-found]  # only in .venv-bench
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]  # only in .venv-bench
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]  # only in .venv-bench

from benchmarks.drain import TOKEN, Drain


def make_bot(drain: Drain) -> Bot:
    """Returns a Bot with aiogram's own session: aiohttp, 100 connections."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(drain.api_url))
    # aiogram trusts certifi's certificates alone, and has no setting for others; the loopback's is in SSL_CERT_FILE.
    session._connector_init["ssl"] = ssl.create_default_context()
    return Bot(TOKEN, session=session)
