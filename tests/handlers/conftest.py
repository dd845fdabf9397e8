"""Groups and channels that Ana has set up; she also has a private chat with the bot."""

import pytest

from bot.app import App
from bot.content.groups import GroupTexts
from bot.content.load import Catalogue
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
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
