"""Preferences: affirmations hidden by "Not for me" and themes left out do not come, and can be brought back."""

from datetime import timedelta

import pytest

from bot.app import App
from bot.content.library import Library
from bot.content.load import Catalogue
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from tests.scenes import leave_few


def identifier(catalogue: Catalogue, text: str) -> str:
    return next(affirmation.id for affirmation in catalogue.affirmations if affirmation.text == text)


async def ask(person: Person, count: int) -> list[str]:
    for _ in range(count):
        await person.says("/affirm")
    return person.hears()[-count:]


async def test_what_is_not_for_me_never_comes_again(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    wanted = await leave_few(app.database, ana.id, catalogue, "dont-apologize", "tears-are-human")
    (text,) = await ask(ana, 1)
    await ana.taps("Not for me")
    assert ana.toasts[-1].text == catalogue.interface.tastes.hidden
    assert set(await ask(ana, 2 * len(wanted))) == wanted - {text}


async def test_it_is_hidden_in_reminders_too(app: App, ana: Person, catalogue: Catalogue, clock: MovableClock) -> None:
    await ana.says("/start")
    for label in ("Once a day", "08:30"):
        await ana.taps(label)
    await ana.says("Berlin")
    wanted = await leave_few(app.database, ana.id, catalogue, "dont-apologize", "tears-are-human")
    (text,) = await ask(ana, 1)
    await ana.taps("Not for me")
    heard = len(ana.hears())
    for _ in range(len(wanted) + 5):
        clock.move(timedelta(days=1))
        await app.scheduler.catch_up()
    came = ana.hears()[heard:]
    assert len(came) == len(wanted) + 5
    assert set(came) == wanted - {text}


async def test_the_sentence_can_come_back_at_once(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ask(ana, 1)
    before = ana.labels()
    await ana.taps("Not for me")
    await ana.taps("Bring it back")
    assert ana.toasts[-1].text == catalogue.interface.tastes.brought_back
    assert ana.labels() == before


async def test_it_comes_back_with_its_themes(app: App, ana: Person, catalogue: Catalogue) -> None:
    (text,) = await ask(ana, 1)
    affirmation = catalogue.by_id[identifier(catalogue, text)]
    names = [catalogue.rules.themes[theme] for theme in affirmation.themes]
    await ana.taps("Not for me")
    for name in names:
        await ana.taps(f"No more about: {name}")
    await ana.taps("Bring it back")
    assert ana.toasts[-1].text == f"It's back, and this is on again: {', '.join(names)}."
    await ana.says("/themes")
    assert f"{len(catalogue.for_everyone)} messages can come" in ana.hears()[-1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_comes_back_fits_into_a_note(library: Library, language: str) -> None:
    catalogue = library.of(language)
    for affirmation in catalogue.affirmations:
        names = ", ".join(catalogue.rules.themes[theme] for theme in affirmation.themes)
        assert len(catalogue.interface.tastes.brought_back_with.format(themes=names)) <= 200


async def test_its_theme_can_be_left_out_as_a_whole(app: App, ana: Person, catalogue: Catalogue) -> None:
    (text,) = await ask(ana, 1)
    affirmation = catalogue.by_id[identifier(catalogue, text)]
    name = catalogue.rules.themes[affirmation.themes[0]]
    await ana.taps("Not for me")
    await ana.taps(f"No more about: {name}")
    assert ana.toasts[-1].text == f"Turned off: {name}. /themes turns it back on."
    assert not any(name in label for row in ana.labels() for label in row)
    came = await ask(ana, len(catalogue.affirmations))
    assert not any(affirmation.themes[0] in catalogue.by_id[identifier(catalogue, text)].themes for text in came)


async def test_themes_are_left_out_and_taken_in_again(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/themes")
    assert f"{len(catalogue.for_everyone)} messages can come" in ana.hears()[-1]
    await ana.taps("✓ Not alone")
    fewer = sum("not-alone" not in affirmation.themes for affirmation in catalogue.for_everyone)
    assert f"{fewer} messages can come" in ana.hears()[-1]
    await ana.taps("Not alone")
    assert f"{len(catalogue.for_everyone)} messages can come" in ana.hears()[-1]


async def test_the_last_theme_stays(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/themes")
    message = ana.last()["message_id"]
    for theme in catalogue.rules.themes:
        await ana.taps_data(message, f"t:out:{theme}")
    assert ana.toasts[-1].text == catalogue.interface.tastes.one_stays
    await ana.taps_data(message, "t:all")
    assert f"{len(catalogue.affirmations)} messages can come" in ana.hears()[-1]


async def test_hidden_ones_can_all_come_back(app: App, ana: Person, catalogue: Catalogue) -> None:
    for _ in range(2):
        await ask(ana, 1)
        await ana.taps("Not for me")
    await ana.says("/themes")
    await ana.taps("Bring back the 2 I hid")
    assert ana.toasts[-1].text == catalogue.interface.tastes.all_brought_back
    assert f"{len(catalogue.for_everyone)} messages can come" in ana.hears()[-1]


@pytest.mark.parametrize("data", ["n:hide:nothing", "n:out:9:", "n:out:x:y", "n:zzz", "t:out:nothing", "t:zzz"])
async def test_forged_buttons_change_nothing(app: App, ana: Person, catalogue: Catalogue, data: str) -> None:
    await ask(ana, 1)
    await ana.taps_data(ana.last()["message_id"], data)
    assert ana.toasts[-1].text == catalogue.interface.replies.stale
    await ana.says("/themes")
    assert f"{len(catalogue.for_everyone)} messages can come" in ana.hears()[-1]
