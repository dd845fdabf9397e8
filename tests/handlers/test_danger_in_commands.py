"""Words of danger behind a command open the support card, in private and in groups."""

import pytest

from bot.app import App
from bot.content.load import Catalogue
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

NOT_YOUR_FAULT = "What someone does to you is not your fault."


@pytest.fixture
async def circle(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    group = make_group(telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    return group


@pytest.mark.parametrize(
    "typed",
    [
        "/note he hits me",
        "/note@gentle_tears_bot he hits me",
        "/nota he hits me",
        "/look he hits me",
        "/help he hits me",
        "/affirm he hits me",
        "/remind he hits me",
        "/pause he hits me",
        "/support he hits me",
        "/nothing@gentle_tears_bot he hits me",
    ],
)
async def test_in_a_group_it_gets_what_a_reply_gets(ana: Person, circle: Group, typed: str) -> None:
    robin = add_person(ana.telegram, "Robin")
    await circle.add(robin, by=ana)
    before = len(circle.texts())
    await robin.says(typed, circle)
    card = circle.texts()[-1]
    assert NOT_YOUR_FAULT in card
    assert len(circle.texts()) == before + 2  # what was typed, and the card


@pytest.mark.parametrize("typed", ["/note@another_bot he hits me", "/roll he hits me"])
async def test_what_another_bot_is_asked_is_left_alone(ana: Person, circle: Group, typed: str) -> None:
    before = len(circle.texts())
    await ana.says(typed, circle)
    assert len(circle.texts()) == before + 1


async def test_it_opens_however_often_the_command_was_used(ana: Person, circle: Group, catalogue: Catalogue) -> None:
    await ana.says("/note the blue chair", circle)
    assert circle.texts()[-1] == catalogue.interface.help.private_only
    await ana.says("/note he hits me", circle)
    assert NOT_YOUR_FAULT in circle.texts()[-1]
    await ana.says("/note he hits me", circle)
    assert NOT_YOUR_FAULT in circle.texts()[-1]


@pytest.mark.parametrize("typed", ["/affirm he hits me", "/help he hits me", "/halp he hits me", "/learn he hits me"])
async def test_it_opens_in_private_behind_any_command(app: App, ana: Person, typed: str) -> None:
    await ana.says(typed)
    assert NOT_YOUR_FAULT in ana.hears()[-1]


async def test_a_note_is_kept_as_well(app: App, ana: Person) -> None:
    await ana.says("/note he hits me")
    assert NOT_YOUR_FAULT in ana.hears()[-1]
    await ana.says("/notes")
    assert "One note for your session." in ana.hears()[-1]


async def test_stop_still_stops(app: App, ana: Person) -> None:
    await ana.says("/stop he hits me")
    assert any(NOT_YOUR_FAULT in text for text in ana.hears())
    assert "/start" in ana.hears()[-1]


async def test_other_words_behind_a_command_are_left_to_it(ana: Person, circle: Group, catalogue: Catalogue) -> None:
    await ana.says("/note he calls me on mondays", circle)
    assert circle.texts()[-1] == catalogue.interface.help.private_only
