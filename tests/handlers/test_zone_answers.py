"""The question for a time zone: nothing is taken in silence, and a location leaves nothing behind."""

import logging

import pytest

from bot.app import App
from bot.content.load import Catalogue
from bot.domain.ids import TelegramId
from bot.usecases.chats import find_chat
from localtelegram.people.person import Person


async def asked(ana: Person) -> None:
    await ana.says("/settings")
    await ana.taps("Time zone")


async def zone_of(app: App, ana: Person) -> str | None:
    async with app.database.read() as session:
        chat = await find_chat(session, TelegramId(ana.id))
        return chat.zone if chat else None


def flat(ana: Person) -> list[str]:
    return [label for row in ana.labels() for label in row]


async def test_places_with_one_name_are_offered_with_country_and_local_time(app: App, ana: Person) -> None:
    await asked(ana)
    await ana.says("Córdoba")
    offered = [label for label in flat(ana) if label.startswith("Córdoba")]
    assert [label.rpartition(",")[0] for label in offered] == [
        "Córdoba, Argentina",
        "Córdoba, Colombia",
        "Córdoba, Spain",
        "Córdoba, Mexico",
    ]
    assert await zone_of(app, ana) is None
    await ana.taps(offered[2])
    assert await zone_of(app, ana) == "Europe/Madrid"


async def test_an_unknown_place_is_no_list_of_other_places(app: App, ana: Person, catalogue: Catalogue) -> None:
    await asked(ana)
    await ana.says("qwxyzzy")
    assert ana.hears()[-1] == catalogue.interface.setup.not_a_zone
    assert ana.labels() == [["Another place", "What time it is"], ["My location"], ["Back"], ["People who listen"]]


async def test_places_to_choose_from_have_a_way_back(app: App, ana: Person) -> None:
    await asked(ana)
    await ana.says("springfield")
    assert all(label.startswith("Springfield, ") for label in flat(ana)[:4])
    assert ana.labels()[-2:] == [["Back"], ["People who listen"]]


async def test_a_guess_is_offered_and_not_taken(app: App, ana: Person) -> None:
    await asked(ana)
    await ana.says("Barcelna")
    assert any(label.startswith("Barcelona, Spain, ") for label in flat(ana))
    assert await zone_of(app, ana) is None


@pytest.mark.parametrize("text", ["EST", "CET", "GMT", "UTC+2", "Texas", "usa"])
async def test_what_says_only_a_part_of_the_zone_is_asked(app: App, ana: Person, text: str) -> None:
    await asked(ana)
    await ana.says(text)
    assert await zone_of(app, ana) is None


async def test_a_clear_place_is_taken_and_named_and_the_others_are_below(app: App, ana: Person) -> None:
    await asked(ana)
    await ana.says("I live in London")
    assert ana.hears()[-1].startswith("London, United Kingdom, where it's ")
    assert await zone_of(app, ana) == "Europe/London"
    other = next(label for label in flat(ana) if label.startswith("London, Ontario, Canada, "))
    await ana.taps(other)
    assert await zone_of(app, ana) == "America/Toronto"


async def test_the_other_place_leaves_the_next_question_open(app: App, ana: Person) -> None:
    await ana.starts()
    await ana.taps("Only once")
    await ana.says("London")
    await ana.taps(next(label for label in flat(ana) if label.startswith("London, Ontario, Canada, ")))
    assert await zone_of(app, ana) == "America/Toronto"
    await ana.says("tomorrow 9:00")
    assert any(heard.startswith("It's set") for heard in ana.hears()[-2:])


async def test_the_local_time_finds_the_zone_without_typing(app: App, ana: Person, catalogue: Catalogue) -> None:
    await asked(ana)
    await ana.taps(catalogue.interface.setup.by_clock)
    assert ana.hears()[-1] == catalogue.interface.setup.question_clock
    await ana.taps("17:45")  # at noon in London
    assert "Kathmandu, 17:45" in flat(ana)
    await ana.taps("Kathmandu, 17:45")
    assert await zone_of(app, ana) == "Asia/Kathmandu"


async def test_a_location_gives_the_zone_and_nothing_else(
    app: App, ana: Person, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    setup = catalogue.interface.setup
    await asked(ana)
    await ana.taps(setup.by_location)
    assert ana.hears()[-1] == setup.question_location
    await ana.shares_location(-31.4201, -64.1888)
    assert await zone_of(app, ana) == "America/Argentina/Cordoba"
    assert ana.hears()[-2].startswith("Córdoba, Argentina, where it's ")
    assert "31.42" not in caplog.text
    assert ana.chat.in_order()[-2].reply_keyboard == {"remove_keyboard": True}


async def test_who_sends_no_location_gets_the_question_again(app: App, ana: Person, catalogue: Catalogue) -> None:
    setup = catalogue.interface.setup
    await asked(ana)
    await ana.taps(setup.by_location)
    await ana.presses(setup.no_location)
    assert ana.hears()[-2:] == [setup.location_declined, setup.question_zone]


async def test_a_typed_place_takes_the_key_for_the_location_away(app: App, ana: Person, catalogue: Catalogue) -> None:
    await asked(ana)
    await ana.taps(catalogue.interface.setup.by_location)
    await ana.says("Bilbao")
    assert await zone_of(app, ana) == "Europe/Madrid"
    assert any(stored.reply_keyboard == {"remove_keyboard": True} for stored in ana.chat.in_order()[-2:])


async def test_a_location_that_nobody_asked_for_is_not_used(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    await ana.shares_location(40.4, -3.7)
    assert ana.hears()[-1] == catalogue.interface.replies.not_text.place
    assert await zone_of(app, ana) is None


async def test_the_first_reminder_is_set_up_with_a_location(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    for label in ("Once a day", "08:30", catalogue.interface.setup.by_location):
        await ana.taps(label)
    await ana.shares_location(40.4168, -3.7038)
    note, done, first_question = ana.hears()[-3:]
    assert note.startswith("Madrid, Spain, where it's ")
    assert done.startswith("It's set: every day at 08:30.")
    assert first_question == catalogue.interface.first_questions.for_whom


@pytest.mark.parametrize("typed", ["it's 4pm here", "It is 16:00 here now", "here it's 4"])
async def test_a_time_in_place_of_a_place_asks_what_the_clock_shows(
    ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await ana.starts()
    await ana.taps("Once a day")
    await ana.taps("08:30")
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.interface.setup.question_clock
