"""Themes of one reminder: taken in and out in its menu, by taps or by typing, and obeyed."""

from datetime import timedelta

from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Reminder
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from tests.scenes import subscribe


async def themes(app: App) -> str | None:
    async with app.database.read() as session:
        return await session.scalar(select(Reminder.themes))


async def open_themes(person: Person, catalogue: Catalogue) -> None:
    await subscribe(person)
    await person.says("/reminders")
    await person.taps("1. Every day at 08:30")
    await person.taps(catalogue.interface.reminders.themes.choose)


async def test_themes_are_taken_in_and_out_and_shown(app: App, ana: Person, catalogue: Catalogue) -> None:
    await open_themes(ana, catalogue)
    await ana.taps("Not alone")
    await ana.says("At your own pace")
    assert await themes(app) == "at-your-own-pace,not-alone"
    await ana.taps("Done")
    assert "about: Not alone, At your own pace" in ana.hears()[-1]
    await ana.taps("Themes")
    await ana.taps("✓ Not alone")
    assert await themes(app) == "at-your-own-pace"
    await ana.taps("Anything")
    assert await themes(app) is None
    assert "✓ Anything" in {label for row in ana.labels() for label in row}


async def test_a_double_tap_changes_nothing_more(app: App, ana: Person, catalogue: Catalogue) -> None:
    await open_themes(ana, catalogue)
    message_id = ana.last()["message_id"]
    for _ in range(2):
        await ana.taps_data(message_id, "r:in:1:not-alone")
    assert await themes(app) == "not-alone"


async def test_a_theme_that_nobody_knows_is_not_taken_in(app: App, ana: Person, catalogue: Catalogue) -> None:
    await open_themes(ana, catalogue)
    await ana.taps_data(ana.last()["message_id"], "r:in:1:no-such-theme")
    assert await themes(app) is None


async def test_themes_that_are_off_in_the_chat_are_not_offered(ana: Person, catalogue: Catalogue) -> None:
    await open_themes(ana, catalogue)
    assert "In a group" not in {label for row in ana.labels() for label in row}


async def test_what_comes_has_the_theme(app: App, ana: Person, catalogue: Catalogue, clock: MovableClock) -> None:
    await open_themes(ana, catalogue)
    await ana.taps("Not alone")
    heard = len(ana.hears())
    for _ in range(5):
        clock.move(timedelta(days=1))
        await app.scheduler.catch_up()
    by_text = {affirmation.text: affirmation.themes for affirmation in catalogue.affirmations}
    came = [text for text in ana.hears()[heard:] if text in by_text]
    assert len(came) == 5
    assert all("not-alone" in by_text[text] for text in came)
