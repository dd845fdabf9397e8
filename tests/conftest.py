"""Fixtures for all tests: the real texts, a database of each kind, and the whole program with a local Telegram."""

import asyncio
import gc
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App
from bot.commands.preview import start
from bot.content.documents import parsed_once
from bot.content.library import Folders, Library
from bot.content.load import Catalogue
from bot.database import connections
from bot.database.engine import Database
from bot.settings import MESSAGES, read_settings
from localtelegram.clock import MovableClock
from localtelegram.people.demo import TOKEN
from localtelegram.people.person import Person, add_person
from localtelegram.request import LocalRequest
from localtelegram.telegram import LocalTelegram
from tests.databases import build, copy_migrated, copy_template, make_template
from tests.needed import missing
from tests.patience import PATIENCE
from tools.postgres_server import find_pg_ctl, postgres_server

# Tests measure no times (benchmarks/ does), because machines are shared.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

# Tests make much that is garbage at once, and little that needs the collector: looking takes a tenth of their time.
gc.set_threshold(50_000, 20, 50)

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def parsed_words() -> Iterator[None]:
    """Many tests load all words, or copies with one change: what did not change is parsed once."""
    with parsed_once(MESSAGES.rglob("*.yaml")):
        yield


@pytest.fixture(scope="session", autouse=True)
def patient_transactions() -> Iterator[None]:
    """On a busy machine more than IDLE_TIMEOUT may pass between two statements, and nothing is wrong with them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "IDLE_TIMEOUT", PATIENCE * 1000)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_call_in_a_transaction() -> Iterator[None]:
    """Complains of a call to Telegram while the caller's transaction is open: it would hold up all who write."""
    write, do_request, writing = Database.write, LocalRequest.do_request, set[asyncio.Task[Any] | None]()

    @asynccontextmanager
    async def noted(database: Database) -> AsyncIterator[AsyncSession]:
        async with write(database) as session:
            writing.add(asyncio.current_task())
            try:
                yield session
            finally:
                writing.discard(asyncio.current_task())

    async def watched(request: LocalRequest, url: str, *given: Any, **named: Any) -> tuple[int, bytes]:  # Any: PTB's
        if asyncio.current_task() in writing:
            request.local.complaints.append(f"{url.rpartition('/')[2]} is called while a transaction is open")
        return await do_request(request, url, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", noted)
        patch.setattr(LocalRequest, "do_request", watched)
        yield


@pytest.fixture(scope="session")
def library(parsed_words: None) -> Library:
    return Folders((MESSAGES,), "en").load()


@pytest.fixture(scope="session")
def catalogue(library: Library) -> Catalogue:
    """The English texts."""
    return library.of("en")


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still until a test moves it."""
    return MovableClock(MONDAY_NOON, real=lambda: MONDAY_NOON)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Starts a server with a migrated database to copy; yields its URL, with {name} for the database."""
    pg_ctl = find_pg_ctl()
    if pg_ctl is None:
        missing("PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, postgres_server(Path(folder), pg_ctl) as url:
        make_template(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database at the newest revision; every test that uses it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        url = copy_migrated(tmp_path / "test.db")
    else:
        url = await copy_template(request.getfixturevalue("postgres"))
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
async def telegram(clock: MovableClock) -> AsyncIterator[LocalTelegram]:
    """A local Telegram with one bot. The test fails if the bot breaks a rule of the Bot API."""
    telegram = LocalTelegram(clock=clock)
    telegram.add_bot(TOKEN, first_name="Gentle tears", username="gentle_tears_bot")
    yield telegram
    await telegram.stop()
    assert telegram.complaints == []


@pytest.fixture
async def app(telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path) -> AsyncIterator[App]:
    """The whole program, on SQLite; it does what is due when a test calls `app.scheduler.catch_up()`."""
    app = build(read_settings(_env_file=None), library, telegram, clock, tmp_path)
    await start(app, telegram)
    yield app
    await app.stop()


@pytest.fixture
def ana(telegram: LocalTelegram, app: App) -> Person:
    """A person whose app is in English."""
    return add_person(telegram, "Ana", language_code="en")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: those that test the page and other processes mostly wait."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--walks", type=int, default=12, help="how many walks through the flows are made at random")
    parser.addoption("--disclosures", type=int, default=1, help="how many disclosures are typed at a step of a flow")
