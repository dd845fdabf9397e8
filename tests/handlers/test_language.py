"""The language of a chat: the app's, until another one is chosen; every message is in it."""

from datetime import timedelta

from bot.app import App
from bot.content.library import Library
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram


async def test_the_language_of_the_app_is_spoken(telegram: LocalTelegram, app: App, library: Library) -> None:
    sofia = add_person(telegram, "Sofía", language_code="es-MX")
    await sofia.says("/start")
    assert sofia.hears()[-1].startswith(library.of("es").interface.start.welcome)
    await sofia.says("/affirm")
    assert sofia.hears()[-1] in {affirmation.text for affirmation in library.of("es").affirmations}


async def test_a_person_whose_language_is_missing_gets_the_default(
    telegram: LocalTelegram, app: App, library: Library
) -> None:
    kim = add_person(telegram, "Kim", language_code="ko")
    await kim.says("/help")
    assert kim.hears()[-1] == library.of("en").interface.help.text


async def test_another_language_is_chosen(app: App, ana: Person, library: Library) -> None:
    await ana.says("/language")
    assert ana.labels() == [["English", "Español"]]
    await ana.taps("Español")
    assert ana.hears()[-1] == library.of("es").interface.language.chosen
    await ana.says("/help")
    assert ana.hears()[-1] == library.of("es").interface.help.text


async def test_reminders_come_in_it(telegram: LocalTelegram, app: App, library: Library, clock: MovableClock) -> None:
    sofia = add_person(telegram, "Sofía", language_code="es")
    spanish = library.of("es").interface
    await sofia.says("/start")
    await sofia.taps(spanish.setup.daily)
    await sofia.says("8 y media de la mañana")
    await sofia.says("Ciudad de México")
    assert "cada día, 8:30 am.\nSiguiente: hoy, 8:30 am (hora" in sofia.hears()[-2]
    clock.move(timedelta(hours=2, minutes=30))
    await app.scheduler.catch_up()
    assert sofia.hears()[-1] in {affirmation.text for affirmation in library.of("es").affirmations}


async def test_a_flow_goes_on_by_itself_in_it(
    telegram: LocalTelegram, app: App, library: Library, clock: MovableClock
) -> None:
    sofia = add_person(telegram, "Sofía", language_code="es")
    await sofia.says("/ground")
    texts = library.of("es").interface.flows
    await sofia.taps(texts.minute)
    clock.move(timedelta(seconds=61))
    await app.scheduler.catch_up()
    assert any(sofia.hears()[-1].startswith(text) for text in texts.rested)


async def test_changing_it_in_the_middle_of_a_flow_keeps_the_step(app: App, ana: Person, library: Library) -> None:
    await ana.says("/ground")
    await ana.taps("Something else")
    await ana.taps("Look around the room")
    spanish = library.of("es")
    await ana.says("/language")
    await ana.taps("Español")
    await ana.says("/help")
    await ana.taps(spanish.interface.flows.go_on)
    says = [text for step in spanish.flows["grounding-room"].steps.values() for text in step.say]
    assert any(text in ana.hears()[-1] for text in says)


async def test_menus_and_descriptions_are_there_in_every_language(
    telegram: LocalTelegram, app: App, library: Library
) -> None:
    sofia = add_person(telegram, "Sofía", language_code="es")
    kim = add_person(telegram, "Kim", language_code="ko")
    await sofia.says("/start")
    await kim.says("/start")
    spanish, english = library.of("es").interface.commands.private, library.of("en").interface.commands.private
    assert {command["command"]: command["description"] for command in sofia.menu()} == spanish
    assert {command["command"]: command["description"] for command in kim.menu()} == english


async def test_crisis_phrases_open_the_card_in_any_language(app: App, ana: Person, library: Library) -> None:
    await ana.says("quiero morir")
    assert library.of("en").support.card.people in ana.hears()[-1]
