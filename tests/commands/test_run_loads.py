"""What `run` holds in memory: the libraries that few need are loaded when somebody needs them."""

import asyncio
import signal
from pathlib import Path

from localtelegram.people.person import add_person
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import running
from tests.patience import PATIENCE
from tests.wire import until

# `python -m bot`, which says in the end what was loaded.
LISTING = """
import atexit, sys
from bot.__main__ import cli
def tell():
    import typing, sqlalchemy
    print("loaded:", *sys.modules)
    print("overloads:", len(typing.get_overloads(sqlalchemy.select)))
atexit.register(tell)
cli()
"""
NEEDED_BY_FEW = {
    "aiohttp": "a webhook, and whoever asks for /health",
    "alembic": "a database of an older version",
    "asyncpg": "PostgreSQL",
    "bot.content.lint": "`check`",
    "bot.domain.cards.drawing": "pictures",
    "bot.domain.cards.weeks": "/look",
    "cryptography": "a SECRET_KEY",
    "httpx": "PTB's own request, in whose place stands ours",
    "mako": "a new migration",
    "PIL": "pictures",
    "prometheus_client": "/metrics",
    "pythonjsonlogger": "logs as JSON",
    "pygments": "httpx's command line",
    "pyreqwest": "an upload, a proxy",
    "rapidfuzz": "a search, a place that is misspelt",
    "rich": "httpx's command line",
    "segno": "an invitation to print",
    "sqlalchemy.dialects.postgresql": "PostgreSQL",
    "tzfpy": "a location that a question asked for",
}


async def test_run_loads_nothing_that_few_need(tmp_path: Path, telegram: LocalTelegram) -> None:
    ana = add_person(telegram, "Ana")
    async with running(tmp_path, telegram, LISTING) as process:
        await ana.says("I want to dye my hair")
        await until(lambda: len(ana.hears()) == 1)
        await ana.shares_location(40.4, -3.7)
        await until(lambda: len(ana.hears()) == 2)
        process.send_signal(signal.SIGTERM)
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    listing, _, overloads = output.decode().partition("loaded:")[2].partition("overloads:")
    loaded = set(listing.split())
    assert "bot.app" in loaded
    assert {name: need for name, need in NEEDED_BY_FEW.items() if name in loaded} == {}
    assert overloads.strip() == "0"  # what only a type checker asks for is let go
