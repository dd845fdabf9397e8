"""Plays the conversations in tests/transcripts by tapping labels and typing.

Each is played three times: as it is, with a restart of the program between all steps, and with every tap made twice.
"""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.database.engine import Database
from bot.settings import read_settings
from bot.usecases.next_events import next_event_at
from localtelegram.clock import MovableClock
from localtelegram.people.person import add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build

TRANSCRIPTS = sorted((Path(__file__).parent.parent / "transcripts").glob("*.yaml"))
# These buttons send a new message for each tap.
OPENED_ANEW = ("Send one now", "People who listen", "A gentle message", "I'm afraid of what I'll do")
Step = dict[str, Any]  # Any: as YAML gives it


class Play:
    """One person, one program, one transcript."""

    def __init__(self, telegram: LocalTelegram, clock: MovableClock, open_app: Callable[[], Awaitable[App]]) -> None:
        self._telegram = telegram
        self._clock = clock
        self._open_app = open_app
        self.app: App | None = None
        self.person = add_person(telegram, "Ana", language_code="en-GB")

    async def restart(self) -> None:
        if self.app:
            await self.app.stop()
        self.app = await self._open_app()

    async def do(self, step: Step, *, twice: bool) -> None:
        heard = len(self.person.hears())
        toasts = len(self.person.toasts)
        if "say" in step:
            await self.person.says(str(step["say"]))
        if "send_file" in step:  # one that the bot has sent, by its ending
            name = next(name for name in self.person.files() if name.endswith(step["send_file"]))
            await self.person.sends_file(f"mine{step['send_file']}", self.person.files()[name])
        shown = await self._tap(step["tap"], twice=twice) if "tap" in step else None
        if "clock" in step:
            await self._pass_time(step["clock"], in_steps=step.get("in_steps", False))
        if "wait" in step:
            assert self.app
            self._clock.move(timedelta(seconds=step["wait"]))
            await self.app.scheduler.catch_up()
        if "hears" in step:
            assert len(self.person.hears()) - heard == step["hears"]
        if "hear" in step:
            heard_now = [*([shown] if shown else []), *self.person.hears()[heard:]]
            assert any(step["hear"] in text for text in heard_now or [self.person.hears()[-1]])
        if "buttons" in step:
            assert self.person.labels() == step["buttons"]
        if "toast" in step:
            assert self.person.toasts[toasts].text == step["toast"]

    async def _tap(self, label: str, *, twice: bool) -> str | None:
        """Taps the button; returns the new text of its message if the tap has changed it."""
        message = next(
            (message for message in reversed(self.person.chat.in_order()) if label in _labels(message.seen())),
            None,
        )
        assert message, f"there is no button {label!r}, only {self.person.labels()}"
        data, before = _labels(message.seen())[label], _text(message.seen())
        await self.person.taps(label)
        after = _text(message.seen())
        if twice:
            heard = self.person.hears()
            await self.person.taps_data(message.id, data)
            assert label in OPENED_ANEW or self.person.hears() == heard
        return after if after != before else None

    async def _pass_time(self, until: str, *, in_steps: bool) -> None:
        assert self.app
        end = datetime.strptime(str(until), "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        while in_steps and (now := await self._next_moment(self.app.database)) < end:
            self._clock.set(now)
            await self.app.scheduler.catch_up()
        self._clock.set(end)
        await self.app.scheduler.catch_up()

    async def _next_moment(self, database: Database) -> datetime:
        """When something is due next, in two hours at most."""
        now = self._clock()
        due_at = await next_event_at(database)
        later = now + timedelta(hours=2)
        return due_at if due_at and now < due_at < later else later


def _text(message: dict[str, Any]) -> str:  # Any: Bot API JSON
    text: str = message.get("text") or message.get("caption", "")
    return text


def _labels(message: dict[str, Any]) -> dict[str, str]:  # Any: Bot API JSON
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button.get("callback_data", "") for row in rows for button in row}


@asynccontextmanager
async def play(telegram: LocalTelegram, clock: MovableClock, library: Library) -> AsyncIterator[Play]:
    settings = read_settings(_env_file=None)
    with tempfile.TemporaryDirectory() as folder:

        async def open_app() -> App:
            app = build(settings, library, telegram, clock, Path(folder))
            await start(app, telegram)
            return app

        playing = Play(telegram, clock, open_app)
        await playing.restart()
        yield playing
        if playing.app:
            await playing.app.stop()


@pytest.mark.parametrize("way", ["as it stands", "restarted between all steps", "tapped twice"])
@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_transcript(
    transcript: Path, way: str, telegram: LocalTelegram, clock: MovableClock, library: Library
) -> None:
    steps = yaml.safe_load(transcript.read_text())  # noqa: ASYNC240 - a small file, before anything runs
    async with play(telegram, clock, library) as playing:
        for number, step in enumerate(steps, start=1):
            try:
                await playing.do(step, twice=way == "tapped twice")
            except AssertionError as error:
                screen = playing.person.hears()[-1]
                raise AssertionError(f"{transcript.name}, step {number}: {step}\non the screen:\n{screen}") from error
            if way == "restarted between all steps":
                await playing.restart()
