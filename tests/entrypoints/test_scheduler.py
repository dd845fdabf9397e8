"""The scheduler: it wakes when something is due, and notices a clock that was moved forward or back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.database.models import Reminder
from bot.settings import read_settings
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build
from tests.patience import PATIENCE
from tests.wire import until


@pytest.fixture
def clock() -> MovableClock:
    """A clock that runs; a test may move it."""
    return MovableClock()


@pytest.fixture
async def ticking(telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path) -> AsyncIterator[App]:
    app = build(read_settings(_env_file=None), library, telegram, clock, tmp_path)
    await start(app, telegram)
    app.start_clock()
    yield app
    await app.stop()


@pytest.fixture
def ana(telegram: LocalTelegram, ticking: App) -> Person:
    return add_person(telegram, "Ana")


async def set_up(person: Person, clock: MovableClock, in_seconds: float) -> None:
    """Sets up a reminder, and puts the clock shortly before it is due."""
    at = (clock() + timedelta(minutes=10)).replace(second=0, microsecond=0)
    await person.says("/settings")
    await person.taps("Quiet hours")
    await person.taps("No quiet hours")
    await person.says("/reminders")
    await person.taps("Add a reminder")
    await person.taps("Once a day")
    await person.says(f"{at:%H:%M}")
    await person.says("UTC+0")
    assert "It's set" in person.hears()[-2]  # two questions follow
    clock.set(at - timedelta(seconds=in_seconds))


async def test_a_reminder_comes_on_its_minute_by_itself(ana: Person, clock: MovableClock) -> None:
    await set_up(ana, clock, in_seconds=1)
    heard, due_at = len(ana.hears()), clock() + timedelta(seconds=1)
    await until(lambda: len(ana.hears()) == heard + 1)
    assert clock() >= due_at


async def test_a_moment_that_cannot_be_read_keeps_no_reminder_back(
    ticking: App, ana: Person, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    await set_up(ana, clock, in_seconds=1)
    async with ticking.database.write() as session:
        await session.execute(text("UPDATE chats SET travels_until = 'some day'"))
    heard = len(ana.hears())
    await until(lambda: len(ana.hears()) == heard + 1)
    assert "what is due cannot be found out at once" in caplog.text


async def test_a_clock_that_is_put_forward_is_noticed(ana: Person, clock: MovableClock) -> None:
    await set_up(ana, clock, in_seconds=3600)
    heard = len(ana.hears())
    clock.move(timedelta(hours=1, seconds=1))
    await until(lambda: len(ana.hears()) == heard + 1)


async def test_a_clock_that_is_put_back_is_noticed(ticking: App, ana: Person, clock: MovableClock) -> None:
    await until(ticking.vitals.is_looking)
    clock.move(timedelta(hours=-3))
    assert not ticking.vitals.is_looking()
    await set_up(ana, clock, in_seconds=1)
    heard = len(ana.hears())
    await until(lambda: len(ana.hears()) == heard + 1)
    await until(ticking.vitals.is_looking)


async def test_a_clock_that_is_put_back_while_it_looks_is_watched_on(
    ticking: App, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = ticking.scheduler
    looks, may_end, look = asyncio.Event(), asyncio.Event(), scheduler._look

    async def look_slowly(now: datetime) -> None:
        looks.set()
        await may_end.wait()
        await look(now)

    monkeypatch.setattr(scheduler, "_look", look_slowly)
    scheduler._changed.set()
    await looks.wait()
    clock.move(timedelta(hours=-1))
    await until(lambda: "the clock was put back; looking anew" in caplog.text)
    watch = scheduler._watch
    await until(lambda: scheduler._watch is not watch)
    may_end.set()
    await until(ticking.vitals.is_looking)


async def test_what_is_due_comes_back_with_a_clock_that_was_a_year_ahead(
    ticking: App, ana: Person, clock: MovableClock
) -> None:
    await set_up(ana, clock, in_seconds=3600)

    async def due_at() -> datetime | None:
        async with ticking.database.read() as session:
            return (await session.scalars(select(Reminder.due_at))).one()

    before = await due_at()
    clock.move(timedelta(days=365))
    while await due_at() == before:  # noqa: ASYNC110 - a database tells nobody
        await asyncio.sleep(0.05)
    clock.move(-timedelta(days=365))
    while await due_at() != before:  # noqa: ASYNC110 - another process's row is looked at
        await asyncio.sleep(0.05)


async def test_what_is_tapped_in_a_group_is_shown_by_itself(
    telegram: LocalTelegram, ana: Person, clock: MovableClock
) -> None:
    robin = add_person(telegram, "Robin")
    group = make_group(telegram, "Tuesday group", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says("/affirm@gentle_tears_bot", group)
    await ana.taps("Me too", group)
    await until(lambda: ana.labels(group)[0] == ["Me too · 1"])
    await robin.taps("Me too · 1", group)
    clock.move(timedelta(seconds=5))
    await until(lambda: ana.labels(group)[0] == ["Me too · 2"])


async def test_a_circle_goes_on_by_itself(telegram: LocalTelegram, ana: Person, clock: MovableClock) -> None:
    group = make_group(telegram, "Tuesday group", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says("/circle@gentle_tears_bot", group)
    for part in (2, 3, 4):
        clock.move(timedelta(seconds=40))
        await until(lambda part=part: len(ana.hears(group)) == part)  # type: ignore[misc]  # the number of this round


async def test_it_stops_at_once(ticking: App) -> None:
    await until(ticking.vitals.is_looking)
    async with asyncio.timeout(PATIENCE):
        await ticking.scheduler.stop()
