"""What Telegram delivers again after a kill has no second effect: every command, and every button under its answers."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from telegram import Update

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.database.columns import Base
from bot.settings import read_settings
from bot.usecases import handled_updates
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build
from tests.scenes import subscribe

MOST_BUTTONS = 6  # that are tapped under one answer
Row = tuple[Any, ...]  # Any: values of every kind


async def rows_of(app: App) -> dict[str, list[Row]]:
    async with app.database.read() as session:
        return {
            table.name: sorted((tuple(row) for row in await session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


class Restarts:
    """Delivers each update, kills the program, and delivers it again to a new one over the same database."""

    def __init__(self, telegram: LocalTelegram, library: Library, clock: MovableClock, folder: Path) -> None:
        self.telegram, self.library, self.clock, self.folder = telegram, library, clock, folder
        self.app: App | None = None
        self.again: list[str] = []  # what was different afterwards

    async def begin(self) -> App:
        self.app = build(read_settings(_env_file=None), self.library, self.telegram, self.clock, self.folder)
        await start(self.app, self.telegram)
        self.telegram.deliver = self.deliver
        return self.app

    async def deliver(self, update: dict[str, Any]) -> None:  # Any: JSON as Telegram sends it
        assert self.app
        await self.app.update_queue.take(Update.de_json(update, self.app.application.bot))
        before, shown = await rows_of(self.app), self._sent()
        await self.app.stop()
        app = await self.begin()
        await app.update_queue.take(Update.de_json(update, app.application.bot))
        if await rows_of(app) != before:
            self.again.append(f"rows: {update}")
        if before["handled_updates"] and self._sent() != shown and self._is_remembered(before, update):
            self.again.append(f"messages: {update}")

    def _sent(self) -> int:
        return sum(call.method.startswith("send") for call in self.telegram.sent)

    def _is_remembered(self, rows: dict[str, list[Row]], update: dict[str, Any]) -> bool:  # Any: as above
        return update["update_id"] in {row[0] for row in rows["handled_updates"]}


@pytest.fixture
async def restarts(telegram: LocalTelegram, library: Library, clock: MovableClock, tmp_path: Path) -> Restarts:
    restarts = Restarts(telegram, library, clock, tmp_path)
    await restarts.begin()
    return restarts


@pytest.fixture
def ana(telegram: LocalTelegram, restarts: Restarts) -> Person:
    return add_person(telegram, "Ana", language_code="en")


async def test_an_affirmation_is_sent_once_however_often_its_tap_is_delivered(restarts: Restarts, ana: Person) -> None:
    await subscribe(ana)
    before = len(ana.hears())
    await ana.says("/affirm")
    assert len(ana.hears()) == before + 1
    assert restarts.again == []
    assert restarts.app
    await restarts.app.stop()


async def test_a_kill_before_it_was_remembered_has_no_second_effect(
    restarts: Restarts, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(ana)
    monkeypatch.setattr(handled_updates.HandledUpdates, "remember", _forgets)
    monkeypatch.setattr("bot.entrypoints.update_queue.UpdateQueue.know", lambda _queue, _numbers: None)
    await ana.says("/affirm")
    assert ana.hears()[-1] == ana.hears()[-2], "the answer is given again: nobody knows whether it came"
    await ana.says("/affirm")
    assert ana.hears()[-1] != ana.hears()[-3]
    assert restarts.again == []
    assert restarts.app
    await ana.says("/ground")
    assert ana.hears()[-1] == ana.hears()[-2]
    assert [visit[-2:] for visit in (await rows_of(restarts.app))["visits"]] == [(1, None)]
    await restarts.app.stop()


async def _forgets(_handled: handled_updates.HandledUpdates, _update_id: int, _now: datetime) -> None:
    """As where the process is killed."""


async def test_no_command_or_button_has_a_second_effect(restarts: Restarts, ana: Person, library: Library) -> None:
    await subscribe(ana)
    commands = library.of("en").interface.commands.private
    for command in [*sorted(set(commands) - {"forget", "stop"}), "stop", "forget"]:
        await ana.says(f"/{command}")
        labels = [label for row in ana.labels() for label in row]
        for label in labels[:MOST_BUTTONS]:
            if label in {label for row in ana.labels() for label in row}:
                await ana.taps(label)
    assert restarts.again == []
    assert restarts.app
    await restarts.app.stop()
