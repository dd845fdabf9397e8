"""A rush of reminders is queued for a few seconds at a time, and claimed from when it is."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot.app import App
from bot.content.library import Library
from bot.database.engine import Database
from bot.database.values import MessageState
from bot.domain.schedule import Daily
from bot.entrypoints import due_reminders
from bot.entrypoints.due_reminders import LONGEST_SECONDS, DueReminders
from bot.usecases.batched_marks import Counts
from bot.usecases.claims import LEASE
from bot.usecases.handed_over import HandedOver
from bot.usecases.next_events import Thing
from bot.usecases.reminders.due import Queued
from tests.scenes import MORNING, berlin, chat_with, queued

NOW = berlin(3, "08:30")


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only goes forward: a list with what it shows."""
    shown = [0.0]
    monkeypatch.setattr(due_reminders, "_seconds", lambda: shown[0])
    return shown


def nothing() -> None:
    """Sends nothing."""


async def test_what_is_claimed_late_in_a_rush_is_claimed_from_then(
    database: Database, library: Library, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        await chat_with(database, MORNING, now=berlin(2), telegram_id=42 + number)

    def send_at_once() -> None:
        handed.claims_closed(len(handed.take()))
        seconds[0] += 2.0

    monkeypatch.setattr("bot.usecases.reminders.due.DUE_AT_ONCE", 1)
    handed = HandedOver(1)
    assert not await DueReminders(database, library, handed, send_at_once, counts=Counts()).queue(NOW)
    first, second = await queued(database, MessageState.SENDING)
    assert first.claimed_until == NOW + LEASE
    assert second.claimed_until == NOW + timedelta(seconds=2) + LEASE


async def test_a_long_rush_goes_on_with_the_next_look(
    database: Database, library: Library, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All else that is due has its turn in between."""

    async def queue_a_batch(_database: Database, _choice_of: Callable[..., Any], now: datetime, *, room: int) -> Queued:
        moments.append(now)
        seconds[0] += 2.0
        return Queued(handled=min(1, len(left)), claimed=left and [left.pop()], skipped=1)

    moments: list[datetime] = []
    left: list[Any] = ["a message"] * 4  # Any: not looked at here
    monkeypatch.setattr(due_reminders, "queue_due", queue_a_batch)
    queueing = DueReminders(database, library, HandedOver(100), nothing, counts=Counts())
    assert LONGEST_SECONDS == 5.0
    assert await queueing.queue(NOW)
    assert moments == [NOW + timedelta(seconds=after) for after in (0, 2, 4)]
    assert not await queueing.queue(NOW + timedelta(seconds=6))
    queueing.stop()
    left.append("another")
    assert not await queueing.queue(NOW)
    assert left == ["another"]


async def test_what_gives_way_is_counted_as_skipped(database: Database, library: Library) -> None:
    await chat_with(database, Daily(at=time(8), also=(time(8, 30),)), now=berlin(2))
    counts = Counts()
    await DueReminders(database, library, HandedOver(0), nothing, counts=counts).queue(berlin(3, "08:31"))
    assert len(await queued(database)) == 1
    assert counts == Counts(skipped=1)


async def test_the_clock_looks_again_at_once_while_more_is_due(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def queue_for_a_while(_now: datetime) -> bool:
        looks.append(True)
        return len(looks) < 3

    async def find_all(_now: datetime) -> frozenset[Thing]:
        return frozenset(Thing)

    looks: list[bool] = []
    monkeypatch.setattr(app.scheduler._due_reminders, "queue", queue_for_a_while)
    monkeypatch.setattr(app.scheduler, "_find_due", find_all)
    await app.scheduler.catch_up()
    assert len(looks) == 3
