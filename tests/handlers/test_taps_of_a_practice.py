"""Posts in a chat that uses a practice's texts keep the practice's own button labels when the count changes."""

from datetime import timedelta

import pytest

from bot.app import App
from bot.content.library import Folders, Library
from bot.domain.ids import TelegramId
from bot.settings import MESSAGES
from bot.usecases.chats import get_or_create_chat
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
from tests.content.test_library import write

ROSA = {
    "rosa-meyer/en/interface.yaml": """
invitation: {practice: Rosa Meyer's practice}
posts: {me_too: "So do I", me_too_count: "So do I · {count}"}
""",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Folders((MESSAGES,), "en", write(tmp_path_factory.mktemp("practices"), ROSA)).load()


async def test_the_count_keeps_the_practices_label(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock
) -> None:
    group = make_group(telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    async with app.database.write() as session:
        (await get_or_create_chat(session, TelegramId(group.id), "supergroup", clock())).practice = "rosa-meyer"
    clock.move(timedelta(seconds=5))
    await ana.says("/affirm@gentle_tears_bot", group)
    await ana.taps("So do I", group)
    await app.scheduler.catch_up()
    assert ana.labels(group)[0] == ["So do I · 1"]
