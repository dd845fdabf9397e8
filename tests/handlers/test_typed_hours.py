"""Typed pauses and quiet hours: read as people say them, and asked back where they are hardly meant so."""

from datetime import time

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Chat
from localtelegram.people.person import Person
from tests.scenes import subscribe


async def chat(app: App) -> Chat:
    async with app.database.read() as session:
        return (await session.scalars(select(Chat))).one()


# It is Monday, 2 March 2026, 12:00 in London.
@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("until friday", "2026-03-06 07:00"),
        ("for 10 days", "2026-03-12 12:00"),
        ("a week", "2026-03-09 12:00"),
        ("two weeks", "2026-03-16 12:00"),
        ("till april", "2026-04-01 06:00"),
        ("until 25 dec", "2026-12-25 07:00"),
    ],
)
async def test_a_typed_pause_ends_when_it_was_meant(app: App, ana: Person, words: str, until: str) -> None:
    await subscribe(ana)
    await ana.says("/pause")
    await ana.says(words)
    ends = (await chat(app)).paused_until
    assert ends
    assert f"{ends:%Y-%m-%d %H:%M}" == until


@pytest.mark.parametrize("words", ["5/6", "forever", "for 3 years", "yesterday"])
async def test_a_pause_that_cannot_be_read_gets_an_example(
    app: App, ana: Person, catalogue: Catalogue, words: str
) -> None:
    await subscribe(ana)
    await ana.says("/pause")
    await ana.says(words)
    assert ana.hears()[-1] == catalogue.interface.pause.not_a_date
    assert (await chat(app)).paused_until is None


@pytest.mark.parametrize(
    ("wish", "label", "start", "end"),
    [
        ("23:30", "Yes, and quiet 23:45 to 07:00", time(23, 45), time(7)),
        ("05:30", "Yes, and quiet 22:00 to 05:30", time(22), time(5, 30)),
    ],
)
async def test_a_wish_inside_quiet_hours_asks_and_one_tap_makes_room(
    app: App, ana: Person, wish: str, label: str, start: time, end: time
) -> None:
    await ana.starts()
    for answer in ("once a day", wish, "London"):
        await ana.says(answer)
    assert "Should it come then all the same?" in ana.hears()[-2]
    await ana.taps(label)
    known = await chat(app)
    assert (known.quiet_start, known.quiet_end) == (start, end)
    await ana.says("/reminders")
    assert f"at {wish}" in ana.hears()[-1].split("next: ")[1]


@pytest.mark.parametrize("hours", ["9999-0700", "2200", "2200-2200", "x-y", "0100-0000"])
async def test_forged_quiet_hours_change_nothing(app: App, ana: Person, hours: str) -> None:
    await subscribe(ana)
    await ana.taps_data(ana.last_stored().id, f"s:hours:{hours}")
    known = await chat(app)
    assert (known.quiet_start, known.quiet_end) == (time(22), time(7))


@pytest.mark.parametrize(("label", "hours"), [("23:00 to 07:00", "23:00-07:00"), ("11:00 to 07:00", "11:00-07:00")])
async def test_more_than_half_a_day_of_quiet_hours_is_asked_back(
    app: App, ana: Person, catalogue: Catalogue, label: str, hours: str
) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    await ana.taps(catalogue.interface.settings.change_quiet)
    await ana.says("11-7")
    assert ana.hears()[-1] == catalogue.interface.settings.question_long_quiet
    before = await chat(app)
    assert (before.quiet_start, before.quiet_end) == (time(22), time(7))  # as it was
    await ana.taps(label)
    known = await chat(app)
    assert known.quiet_start
    assert known.quiet_end
    assert f"{known.quiet_start:%H:%M}-{known.quiet_end:%H:%M}" == hours


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("morning", "08:30"),
        ("after work", "17:00"),
        ("Before bed.", "21:30"),
        ("whenever", "20:00"),
    ],
)
async def test_a_part_of_the_day_is_an_hour_where_one_is_asked_for(ana: Person, typed: str, hour: str) -> None:
    await ana.starts()
    await ana.taps("Once a day")
    await ana.says(typed)
    await ana.says("London, United Kingdom")
    assert f"every day at {hour}" in "".join(ana.hears()[-2:])
