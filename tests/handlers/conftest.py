"""Groups and channels that Ana has set up; she also has a private chat with the bot. And a bot without SECRET_KEY."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.commands.preview import start
from bot.content.groups import GroupTexts
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.settings import read_settings
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
from tests.databases import build
from tests.handlers.shared_chats import TITLE, set_up


@pytest.fixture
def texts(catalogue: Catalogue) -> GroupTexts:
    return catalogue.interface.together


@pytest.fixture
async def circle(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    """A group that the bot was added to, and nothing else."""
    group = make_group(telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    return group


@pytest.fixture
async def forum(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    await ana.starts()
    group = make_group(telegram, TITLE, owner=ana, is_forum=True)
    await group.add(ana.bot, by=ana)
    return group


@pytest.fixture
async def group(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    await ana.starts()
    group = make_group(telegram, TITLE, owner=ana)
    await group.add(ana.bot, by=ana)
    await set_up(ana, group)
    return group


@pytest.fixture
async def channel(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    await ana.starts()
    channel = make_group(telegram, "Quiet mornings", owner=ana, kind="channel")
    await ana.says("/share")
    await ana.shares_chat(channel)
    await ana.says("13:00")
    for label in ("Every day", "London, 12:00", "These themes", "As words"):
        await ana.taps(label)
    return channel


@pytest.fixture
async def keyless(
    telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[App]:
    """The whole program without a key: nothing can be kept that would have to be encrypted."""
    monkeypatch.setattr("bot.commands.preview.KEY", None)
    app = build(read_settings(_env_file=None), library, telegram, clock, tmp_path)
    await start(app, telegram)
    yield app
    await app.stop()
