"""The support card as a message: its order, its numbers, and that it fits, for every country."""

import pytest

from bot.content.crisis import DANGERS, Danger
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.content.support import Support
from bot.delivery.keyboards import keyboard
from bot.domain.safety_plan import Plan
from bot.screens.callback_data import CLOSE_CARD
from bot.screens.flows import entry
from bot.screens.helplines import (
    MOST_IN_A_GROUP,
    SOMEWHERE_ELSE,
    all_lines,
    countries_between,
    country_list,
    lines_to_write_to,
)
from bot.screens.outgoing import OutgoingMessage
from bot.screens.safety_plan import PlanOnCard
from bot.screens.support import below_card, support_card


@pytest.fixture
def support(catalogue: Catalogue) -> Support:
    return catalogue.support


def bold(message: OutgoingMessage) -> list[str]:
    return [message.text[start:end] for start, end in message.bold]


def last_lines(message: OutgoingMessage) -> list[str]:
    return message.text.split("\n\n")[-1].split("\n")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("heard", [None, *DANGERS])
def test_the_card_of_every_country_is_short_and_has_a_number(
    library: Library, language: str, heard: Danger | None
) -> None:
    support = library.of(language).support
    for country in (*support.countries, None, SOMEWHERE_ELSE):
        card = support_card(support, country, own=PlanOnCard(Plan(), can_keep=True), heard=heard)
        assert len(card.text) <= 900
        assert bold(card)
        assert len(card.rows) <= 6
        assert keyboard(card.rows)
        assert "{" not in card.text


def test_the_numbers_stand_last_the_emergency_number_first_among_them(support: Support) -> None:
    lines = last_lines(support_card(support, "US"))
    assert lines == [
        "Emergency (USA): 911",
        "988 Suicide & Crisis Lifeline: call 988, text 988",
    ]


def test_people_come_before_numbers_and_caveats_are_elsewhere(support: Support) -> None:
    text = support_card(support, "US", own=PlanOnCard(Plan({"people": "Mara"}), can_keep=True)).text
    order = [support.card.plan.heading, "Mara", support.card.opening, support.card.people, "911", "988 Suicide"]
    positions = [text.index(part) for part in order]
    assert positions == sorted(positions)
    assert support.card.automated not in text
    assert support.card.grounding not in text
    assert support.card.automated in all_lines(support, "US").text


def test_without_a_country_there_is_a_number_for_everyone(support: Support) -> None:
    assert last_lines(support_card(support, None)) == [
        "Emergency: 112 (Americas: 911)",
        "USA, Canada: 988",
        "UK, Ireland: 116 123",
        "Australia: 13 11 14",
        "More: https://findahelpline.com",
    ]


def test_readers_of_spanish_get_other_lines_without_a_country(library: Library) -> None:
    lines = last_lines(support_card(library.of("es").support, None))
    assert lines[1:4] == ["Estados Unidos: 988 y marca 2", "España: 024", "México: 800 911 2000"]


@pytest.mark.parametrize(
    ("danger", "country", "number"),
    [
        ("medical", "JP", "119"),
        ("from_others", "JP", "110"),
        ("to_others", "DE", "110"),
        ("medical", "US", "911"),
        ("breath", "JP", "119"),
        ("somebody_else", "US", "911"),
        ("medical", None, "112 (911 in the Americas)"),
    ],
)
def test_the_first_line_names_the_number_that_fits(
    support: Support, danger: Danger, country: str | None, number: str
) -> None:
    first, *_ = support_card(support, country, heard=danger).text.split("\n\n")
    assert first == support.card.heard[danger].format(number=number)


def test_the_exercise_for_panic_comes_first_where_there_is_no_air(support: Support) -> None:
    assert support_card(support, "US", heard="breath").rows[0] == (entry(support.card.buttons.panic, "panic"),)
    in_group = support_card(support, "US", ground_url="https://t.me/some_bot", heard="breath")
    assert support.card.buttons.panic not in [button.label for row in in_group.rows for button in row]


def test_a_message_to_ask_for_company_comes_before_one_that_says_danger_where_it_is_not_ones_own(
    support: Support,
) -> None:
    labels = support.card.buttons
    first = {heard: support_card(support, "US", heard=heard).rows[0][0].label for heard in ("somebody_else", "medical")}
    assert first == {"somebody_else": labels.copy_company, "medical": labels.copy_danger}


def test_lines_for_what_was_heard_come_first_and_the_others_are_behind_a_button(support: Support) -> None:
    hurt = last_lines(support_card(support, "US", heard="from_others"))
    assert hurt[1] == "National Domestic Violence Hotline: call 1-800-799-7233, text START to 88788"
    assert last_lines(support_card(support, "US", heard="medical"))[1] == "Poison Control: call 1-800-222-1222"
    assert last_lines(support_card(support, "US", heard="oneself"))[1].startswith("988")


def test_what_one_should_know_before_calling_is_said(support: Support) -> None:
    assert last_lines(support_card(support, "CL"))[1] == (
        "Línea de Prevención del Suicidio (Spanish): call *4141 (from a mobile phone)"
    )
    assert last_lines(support_card(support, "IT"))[1] == (
        "Telefono Amico Italia (09:00 to 24:00, every day, Italian): call 02 2327 2327"
    )
    assert last_lines(support_card(support, "CO"))[1] == (
        "Línea 106, El poder de ser escuchado (Spanish): call 106 (in Bogotá), WhatsApp 300 754 8933"
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_country_is_reached_in_the_list(library: Library, language: str) -> None:
    support = library.of(language).support
    listed: set[str] = set()
    for row in country_list(support).rows:
        for button in row:
            if button.data.startswith("h:az:"):
                shown = [
                    b.data.removeprefix("h:")
                    for r in countries_between(support, *button.data.split(":")[2:]).rows
                    for b in r
                ]
                start, end = button.data.split(":")[2:]
                assert len(shown) - 1 <= MOST_IN_A_GROUP or start == end
                listed |= set(shown)
    assert listed - {"countries"} == set(support.countries)


def test_lines_to_write_to_are_those_of_the_country_else_the_largest(support: Support) -> None:
    assert lines_to_write_to(support, "GB") == "Shout: text \x0eSHOUT\x0f to \x0e85258\x0f"
    elsewhere = support.card.elsewhere.format(url=support.helplines.elsewhere)
    assert lines_to_write_to(support, "AR") == elsewhere
    assert lines_to_write_to(support, None).split("\n")[2:] == ["UK: text \x0eSHOUT\x0f to \x0e85258\x0f", elsewhere]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_said_below_the_card_is_short_and_closes_it(library: Library, language: str) -> None:
    catalogue = library.of(language)
    for country in (*catalogue.support.countries, None):
        for texts in catalogue.openings.below_card.values():
            message = below_card(catalogue.support, country, texts.answer)
            assert len(message.text) <= 700
            assert "{" not in message.text
            assert message.rows[-1][-1].data == CLOSE_CARD


def test_all_lines_of_every_country_fit_into_one_message(library: Library) -> None:
    for language in library.languages:
        support = library.of(language).support
        for country in (*support.countries, None):
            assert len(all_lines(support, country).text) <= 4096
