"""/help and /privacy in a private chat: a few lines at once, and the whole behind a button."""

import re

import pytest

from bot.app import App
from bot.content.load import Catalogue
from bot.screens.help import rest_of_privacy, whole_privacy
from localtelegram.people.person import Person


async def test_help_begins_with_what_a_shaking_person_needs(app: App, ana: Person) -> None:
    await ana.says("/help")
    assert ana.hears()[-1].splitlines()[:2] == [
        "Right now: /ground, /support",
        "I can't notice danger. If you need someone: /support",
    ]
    assert ana.labels() == [["Hard moment right now"], ["People who listen"], ["All commands"]]


async def test_all_commands_are_a_tap_away_in_the_same_message(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/help")
    await ana.taps("All commands")
    assert ana.hears()[-1] == catalogue.interface.help.commands
    listed = re.findall(r"^/([a-z]+) - ", ana.hears()[-1], re.MULTILINE)
    assert listed[:2] == ["ground", "support"]
    assert {*listed, "help"} == set(catalogue.interface.commands.private)
    await ana.taps("Back")
    assert ana.hears() == [catalogue.interface.help.text]


async def test_privacy_is_five_lines_and_all_of_it_a_tap_away(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/privacy")
    assert len(ana.hears()[-1].splitlines()) == 5
    assert "/forget" in ana.hears()[-1]
    await ana.taps("All the details")
    assert ana.hears() == [whole_privacy(catalogue.interface).text]
    await ana.taps(catalogue.interface.privacy.more)
    rest = rest_of_privacy(catalogue.interface, blocked_days=90, stranger_days=30, backup_days=None).text
    assert ana.hears() == [rest]
    assert "90 days later" in rest
    assert rest.endswith(catalogue.interface.forget.backups_unknown)
    await ana.taps("Back")
    await ana.taps("Back")
    assert ana.hears() == [catalogue.interface.privacy.short]


@pytest.mark.parametrize("data", ["a:", "a:zzz", "a:help:1"])
async def test_a_forged_button_shows_nothing(app: App, ana: Person, catalogue: Catalogue, data: str) -> None:
    await ana.says("/help")
    await ana.taps_data(ana.last()["message_id"], data)
    assert ana.toasts[-1].text == catalogue.interface.replies.stale
    assert ana.hears() == [catalogue.interface.help.text]


@pytest.mark.parametrize(
    ("typed", "command"), [("/groundd", "ground"), ("/paus", "pause"), ("/recordatorioss", "reminders")]
)
async def test_a_command_with_a_slip_is_guessed(ana: Person, typed: str, command: str) -> None:
    await ana.says(typed)
    assert f"Did you mean /{command}?" in ana.hears()[-1]


@pytest.mark.parametrize("typed", ["/suport", "/soporte", "/suportt"])
async def test_a_slip_in_the_way_to_people_opens_the_card(ana: Person, typed: str) -> None:
    await ana.says(typed)
    assert "findahelpline.com" in ana.hears()[-1]
