"""/settings: one message edited in place, the present choice marked; journeys, which go home by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.app import App
from bot.database.models import Chat, Failure, Reminder
from bot.usecases.failures import TRY_RARELY
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe

FIRST_ROWS = [
    ["✓ English", "Español"],
    ["✓ 24-hour clock", "12-hour clock"],
    ["Time zone", "Quiet hours"],
    ["✓ As words", "As pictures"],
    ["✓ With sound", "Without sound"],
    ["Themes", "Reminders"],
    ["Traveling", "Your sessions"],
    ["What I keep"],
    ["✓ Ask me after a long silence"],
]


async def due_at(app: App) -> datetime | None:
    async with app.database.read() as session:
        return (await session.get_one(Reminder, 1)).due_at


async def chat_of(app: App) -> Chat:
    async with app.database.read() as session:
        return await session.get_one(Chat, 1)


async def test_everything_stands_in_one_message(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    shown = ana.last_stored().id
    assert ana.labels()[:-1] == FIRST_ROWS
    assert ana.hears()[-1].endswith("1. Every day at 08:30\nnext: tomorrow at 08:30")
    heard = len(ana.hears())
    for label in ("12-hour clock", "As pictures", "Without sound", "✓ Ask me after a long silence"):
        await ana.taps(label)
        assert ana.toasts[-1].text == "Saved."
    assert (len(ana.hears()), ana.last_stored().id) == (heard, shown)
    assert ana.labels()[1:5] == [
        ["24-hour clock", "✓ 12-hour clock"],
        ["Time zone", "Quiet hours"],
        ["As words", "✓ As pictures"],
        ["With sound", "✓ Without sound"],
    ]
    assert ana.labels()[8] == ["Ask me after a long silence"]


async def test_another_language_speaks_at_once(app: App, ana: Person) -> None:
    await ana.says("/settings")
    await ana.taps("Español")
    assert ana.hears()[-1].startswith("Ajustes")
    assert ana.labels()[0] == ["English", "✓ Español"]
    assert any(command["description"] == "Cambiar el idioma" for command in ana.menu())


@pytest.mark.parametrize("label", ["Themes", "Reminders", "What I keep", "Time zone", "Quiet hours", "Traveling"])
async def test_every_page_leads_back_in_the_same_message(app: App, ana: Person, label: str) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    shown, before = ana.last_stored().id, ana.labels()
    await ana.taps(label)
    assert ana.labels() != before
    await ana.taps("Settings" if label in ("Themes", "Reminders") else "Back")
    assert (ana.labels(), ana.last_stored().id) == (before, shown)


async def test_present_choices_are_marked_in_questions(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    await ana.taps("Quiet hours")
    assert "✓ 22:00 to 07:00" in [label for row in ana.labels() for label in row]
    await ana.taps("Back")
    await ana.taps("Time zone")
    assert "✓ London, 12:00" in [label for row in ana.labels() for label in row]
    assert ana.labels()[-1] == ["Back"]


async def test_a_choice_that_no_button_offers_is_shown_and_marked_too(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    await ana.taps("Quiet hours")
    await ana.says("20:15-6:45")
    await ana.taps("Quiet hours")
    assert ana.labels()[0] == ["✓ 20:15 to 06:45", "21:00 to 07:00"]
    await ana.taps("Back")
    await ana.taps("Time zone")
    await ana.says("Kathmandu")
    await ana.taps("Time zone")
    assert ana.labels()[0][0].startswith("✓ Kathmandu, ")
    await ana.taps("What time it is")
    await ana.taps("17:45")
    assert ana.labels()[0] == ["✓ Kathmandu, 17:45"]


@pytest.mark.parametrize("data", ["s:silent:2", "s:speak:xx", "s:travels", "s:", "s:asked:", "s:clock:13"])
async def test_forged_buttons_change_nothing(app: App, ana: Person, data: str) -> None:
    await ana.says("/settings")
    before = ana.labels()
    await ana.taps_data(ana.last_stored().id, data)
    assert ana.labels() == before
    assert ana.toasts[-1].text.startswith("That button has expired")


@pytest.mark.parametrize(
    "data", ["s:show", "s:silent:1", "s:pictures:1", "s:clock:12", "s:zone", "s:quiet", "y:", "t:"]
)
async def test_buttons_of_older_settings_do_what_they_did(app: App, ana: Person, data: str) -> None:
    await ana.says("/settings")
    await ana.taps_data(ana.last_stored().id, data)
    assert "expired" not in (ana.toasts[-1].text or "")


async def travels(ana: Person, place: str, until: str) -> None:
    await ana.says("/settings")
    await ana.taps("Traveling")
    await ana.says(place)
    if until.startswith("In "):
        await ana.taps(until)
    else:
        await ana.says(until)


async def test_a_journey_goes_home_by_itself(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)  # 08:30 in London, on Monday 2 March
    await travels(ana, "Sydney, Australia", "12 March")
    assert "Traveling; from Thursday, 12 March on, London time again" in ana.hears()[-1]
    assert await due_at(app) == datetime(2026, 3, 2, 21, 30, tzinfo=UTC)  # 08:30 in Sydney
    clock.set(datetime(2026, 3, 11, 23, 59, tzinfo=UTC))
    await app.scheduler.catch_up()
    assert (await chat_of(app)).zone == "Australia/Sydney"
    clock.set(datetime(2026, 3, 12, 0, 0, tzinfo=UTC))
    await app.scheduler.catch_up()
    chat = await chat_of(app)
    assert (chat.zone, chat.home_zone, chat.travels_until) == ("Europe/London", None, None)
    assert await due_at(app) == datetime(2026, 3, 12, 8, 30, tzinfo=UTC)


async def test_a_journey_ends_with_a_tap_and_can_go_on_elsewhere(app: App, ana: Person) -> None:
    await subscribe(ana)
    await travels(ana, "Sydney, Australia", "In two weeks")
    await ana.taps("Traveling")
    assert ana.hears()[-1].startswith("You're traveling: Sydney, where it's 11:00 PM now.")
    await ana.taps("Another place or day")
    await ana.says("Tokyo")
    await ana.taps("In a week")
    chat = await chat_of(app)
    assert (chat.zone, chat.home_zone) == ("Asia/Tokyo", "Europe/London")
    await ana.taps("Traveling")
    await ana.taps("I'm home again")
    assert "Time zone: London" in ana.hears()[-1]
    assert "Traveling;" not in ana.hears()[-1]


async def test_another_zone_ends_the_journey(app: App, ana: Person) -> None:
    await subscribe(ana)
    await travels(ana, "Sydney, Australia", "In a month")
    await ana.says("/settings")
    await ana.taps("Time zone")
    await ana.says("Berlin")
    chat = await chat_of(app)
    assert (chat.zone, chat.home_zone, chat.travels_until) == ("Europe/Berlin", None, None)


async def test_until_when_is_asked_again(app: App, ana: Person) -> None:
    await subscribe(ana)
    await travels(ana, "Sydney, Australia", "never, or so")
    assert ana.hears()[-1].startswith("Sorry, I didn't get that. Try a day in the coming year")
    await ana.taps("Back")
    assert ana.hears()[-1].startswith("Settings")
    assert (await chat_of(app)).home_zone is None


async def test_words_of_danger_go_first(app: App, ana: Person) -> None:
    await subscribe(ana)
    await travels(ana, "Sydney, Australia", "i want to die")
    assert "Close this" in [label for row in ana.labels() for label in row]


async def test_whoever_has_no_zone_is_asked_for_home_first(app: App, ana: Person) -> None:
    await ana.says("/settings")
    await ana.taps("Traveling")
    assert ana.hears()[-1].startswith("What's your time zone?")


async def test_a_journey_that_cannot_end_stops_no_other(
    app: App, ana: Person, telegram: LocalTelegram, clock: MovableClock
) -> None:
    await subscribe(ana)
    await travels(ana, "Sydney, Australia", "In a week")
    async with app.database.write() as session:
        await session.execute(update(Chat).values(home_zone="Atlantis/Capital"))
    clock.move(timedelta(days=8))
    for _ in range(4):
        await app.scheduler.catch_up()
        clock.move(timedelta(minutes=2))
    async with app.database.read() as session:
        failure = await session.get_one(Failure, ("homecoming", 1))
    assert failure.is_set_aside
    assert (await chat_of(app)).travels_until == failure.failed_at + TRY_RARELY
    async with app.database.write() as session:  # as a version that reads that zone would
        await session.execute(update(Chat).values(home_zone="Europe/Berlin"))
    clock.move(TRY_RARELY)
    await app.scheduler.catch_up()
    assert ((await chat_of(app)).zone, (await chat_of(app)).travels_until) == ("Europe/Berlin", None)
