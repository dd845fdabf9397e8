"""A local Telegram with one bot and one person, with a clock that only tests move."""

from datetime import UTC, datetime

import pytest

from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask

TOKEN = "123456:a-token-of-the-tests"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON, real=lambda: NOON)


@pytest.fixture
def telegram(clock: MovableClock) -> LocalTelegram:
    return LocalTelegram(clock=clock)


@pytest.fixture
def bot(telegram: LocalTelegram) -> BotAccount:
    return telegram.add_bot(TOKEN, first_name="Echo", username="echo_bot")


@pytest.fixture
def ada(telegram: LocalTelegram, bot: BotAccount) -> Person:
    return add_person(telegram, "Ada", username="ada_l")


@pytest.fixture
def ask(telegram: LocalTelegram, bot: BotAccount) -> Ask:
    """Returns a function that calls a Bot API method and returns the whole body of the answer."""

    async def call(method: str, /, **params: object) -> Json:
        return (await telegram.call(bot.token, method, params)).body

    return call


@pytest.fixture
def png() -> bytes:
    """A picture of two by two pixels."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73"
        "0000001049444154789c63f8cfc0c0f09f0108000bfa02fe7d4ac7df0000000049454e44ae426082"
    )
