"""Times on a clock of 12 or of 24 hours: as in the person's region, or as chosen."""

import pytest

from bot.app import App
from bot.content.library import Library
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram


@pytest.mark.parametrize(
    ("language_code", "label"),
    [
        ("en", "08:30"),
        ("en-GB", "08:30"),
        ("en-US", "8:30 AM"),
        ("es-ES", "08:30"),
        (None, "08:30"),
    ],
)
async def test_the_region_of_the_app_decides(
    telegram: LocalTelegram, app: App, library: Library, language_code: str | None, label: str
) -> None:
    person = add_person(telegram, "Ana", language_code=language_code)
    await person.starts()
    await person.taps(library.of("es" if language_code == "es-ES" else "en").interface.setup.daily)
    assert label in {shown for row in person.labels() for shown in row}


async def test_the_country_of_the_time_zone_decides_where_the_app_names_no_region(app: App, ana: Person) -> None:
    await ana.starts()
    for text in ("once a day", "8:30", "New York"):
        await ana.says(text)
    await ana.says("/reminders")
    assert "at 8:30 AM" in ana.hears()[-1]


async def test_the_answer_to_a_new_time_zone_knows_its_clock_already(app: App, ana: Person) -> None:
    await ana.starts()
    for text in ("once a day", "8:30", "New York"):
        await ana.says(text)
    assert "at 8:30 AM" in ana.hears()[-2]
    for place, clock in (("London", "08:30"), ("Sydney, Australia", "8:30 AM")):
        await ana.says("/settings")
        await ana.taps("Time zone")
        await ana.says(place)
        assert f"Every day at {clock}" in "\n".join(ana.hears()[-2:])


async def test_a_chosen_clock_stays_in_every_time_zone(app: App, ana: Person, library: Library) -> None:
    texts = library.of("en").interface.settings
    await ana.starts()
    await ana.says("/settings")
    await ana.taps(texts.be_12)
    await ana.taps(texts.be_24)
    await ana.taps("Time zone")
    await ana.says("New York")
    assert texts.clock_24.format(time="20:00") in ana.hears()[-1]


async def test_another_clock_is_one_tap_away_and_kept(app: App, ana: Person, library: Library) -> None:
    texts = library.of("en").interface.settings
    await ana.starts()
    await ana.says("/settings")
    assert texts.clock_24.format(time="20:00") in ana.hears()[-1]
    await ana.taps(texts.be_12)
    twelve = texts.clock_12.format(time="8:00 PM")
    assert twelve in ana.hears()[-1]
    await ana.says("/settings")
    assert twelve in ana.hears()[-1]
    await ana.taps(texts.be_24)
    assert texts.clock_24.format(time="20:00") in ana.hears()[-1]


async def test_in_a_group_nobodys_region_decides(telegram: LocalTelegram, app: App, library: Library) -> None:
    robin = add_person(telegram, "Robin", language_code="en-US")
    circle = make_group(telegram, "Tuesday circle", owner=robin)
    await circle.add(robin.bot, by=robin)
    await robin.says("/settings@gentle_tears_bot", circle)
    assert library.of("en").interface.settings.clock_24.format(time="20:00") in circle.texts()[-1]


@pytest.mark.parametrize("data", ["s:clock:13", "s:clock:", "s:clock:12:24"])
async def test_a_forged_clock_changes_nothing(app: App, ana: Person, library: Library, data: str) -> None:
    await ana.starts()
    await ana.says("/settings")
    before = ana.hears()[-1]
    await ana.taps_data(ana.last()["message_id"], data)
    assert ana.hears()[-1] == before


@pytest.mark.parametrize(
    ("language_code", "first"), [("en-US", "Sun"), ("en-GB", "Mon"), ("ar-EG", "Sat"), (None, "Sun")]
)
async def test_weeks_begin_as_in_the_region(
    telegram: LocalTelegram, app: App, library: Library, language_code: str | None, first: str
) -> None:
    person = add_person(telegram, "Ana", language_code=language_code)
    await person.starts()
    for text in ("every day at 20:30", "Lisbon", "yes", "/reminders"):
        await person.says(text)
    await person.taps(next(label for row in person.labels() for label in row if label.startswith("1")))
    await person.taps(library.of("en").interface.reminders.days)

    assert person.labels()[0][0].endswith(first)
