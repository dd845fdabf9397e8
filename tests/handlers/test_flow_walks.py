"""Random walks through the flows, using only what a messenger shows: no dead end, no error.

`--walks 1000` makes more of them than the default.
"""

import logging
import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.database.models import Conversation
from bot.database.values import Subject
from bot.settings import read_settings
from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.conftest import MONDAY_NOON
from tests.databases import build

BEGINNINGS = ("/ground", "/reflect", "/before", "/after")
COMMANDS = (*BEGINNINGS, "/support", "/help", "/settings", "/affirm", "/privacy", "/start", "/learn", "/reminders")
TEXTS = ("I was so angry.", "x", "🫧", "skip", "Berlin", "8:30", "what a day " * 200)
STEPS = 25  # actions in a walk


@pytest.fixture
def clock() -> MovableClock:
    """A clock that runs, because the rate limit makes reminders wait."""
    return MovableClock(MONDAY_NOON)


class Walker:
    """A person who does at random anything that a messenger allows."""

    def __init__(self, person: Person, chance: random.Random, library: Library) -> None:
        self.person = person
        self._chance = chance
        flows = [library.of(language).interface.flows for language in library.languages]
        self.ways_out = [flow.out for flow in flows] + [flow.go_on for flow in flows]

    def buttons(self, *, last: int = 6) -> list[tuple[int, Json]]:
        """Returns the buttons of the last few messages, the newest first, with their message ids."""
        shown = []
        for stored in list(reversed(self.person.chat.in_order()))[:last]:
            rows = stored.seen().get("reply_markup", {}).get("inline_keyboard", [])
            shown += [(stored.id, button) for row in rows for button in row if "callback_data" in button]
        return shown

    async def act(self) -> str:
        buttons = self.buttons()
        match self._chance.choices(["tap", "old", "twice", "say", "command"], [60, 8, 6, 14, 12])[0]:
            case "tap" if buttons:
                newest = [button for button in buttons if button[0] == buttons[0][0]]
                message_id, button = self._chance.choice(newest)
                await self.person.taps_data(message_id, button["callback_data"])
                return f"taps {button['text']}"
            case "old" if buttons:
                message_id, button = self._chance.choice(buttons)
                await self.person.taps_data(message_id, button["callback_data"])
                return f"taps {button['text']} of an older message"
            case "twice" if buttons:
                message_id, button = buttons[0]
                await self.person.taps_data(message_id, button["callback_data"])
                await self.person.taps_data(message_id, button["callback_data"])
                return f"taps {button['text']} twice"
            case "say":
                await self.person.says(text := self._chance.choice(TEXTS))
                return f"says {text[:20]}"
            case _:
                await self.person.says(command := self._chance.choice(COMMANDS))
                return command

    async def leaves(self) -> None:
        """Leaves the flow by the first way out that is shown; a flow on top of another one takes two taps."""
        for _ in range(4):
            ways = {button["text"]: (message_id, button) for message_id, button in reversed(self.buttons())}
            way = next((ways[label] for label in self.ways_out if label in ways), None)
            if way is None:
                return
            await self.person.taps_data(way[0], way[1]["callback_data"])


async def is_open(app: App, person: Person) -> bool:
    async with app.database.read() as session:
        query = select(Conversation.wake_at).where(
            Conversation.person_id == person.id, Conversation.subject == Subject.FLOW
        )
        return await session.scalar(query) is not None


async def test_random_walks_find_no_dead_end_and_no_error(
    telegram: LocalTelegram,
    clock: MovableClock,
    library: Library,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    pytestconfig: pytest.Config,
) -> None:
    caplog.set_level(logging.WARNING)

    async def open_app() -> App:
        app = build(read_settings(_env_file=None), library, telegram, clock, tmp_path)
        await start(app, telegram)
        return app

    app = await open_app()
    for number in range(pytestconfig.getoption("walks")):
        chance = random.Random(number)  # noqa: S311 - a walk can be repeated by its number
        ana, robin = (
            Walker(add_person(telegram, name, language_code=language), chance, library)
            for name, language in (("Ana", "en"), ("Robin", "es"))
        )
        path = [chance.choice(BEGINNINGS)]
        await ana.person.says(path[0])
        await robin.person.says(chance.choice(BEGINNINGS))
        for _ in range(STEPS):
            clock.move(timedelta(seconds=3))  # nobody taps faster than that for long
            heard = len(robin.person.chat.in_order())
            path.append(await ana.act())
            assert len(robin.person.chat.in_order()) == heard, f"walk {number} reached another chat: {path}"
            await robin.act()
            if chance.random() < 0.2:
                clock.move(timedelta(seconds=chance.choice([20, 45, 70, 130, 1900])))
                await app.scheduler.catch_up()
                path.append("waits")
            if chance.random() < 0.05:
                await app.stop()
                app = await open_app()
                path.append("restart")
            assert telegram.unanswered_taps == [], path
            assert telegram.complaints == [], path
            errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
            assert errors == [], f"walk {number}: {path}"
            if await is_open(app, ana.person):
                shown = {button["text"] for _, button in ana.buttons(last=100)}
                assert shown.intersection(ana.ways_out), f"walk {number} has no way out: {path}"
        await ana.person.says("/help")  # a command shows the way back, also when the flow has scrolled away
        await ana.leaves()
        assert not await is_open(app, ana.person), f"walk {number} cannot be left: {path}"
    await app.stop()
