"""What is typed while the support card is open: that one cannot call, that nobody answers, "no", "please"."""

import pytest

from bot.app import App
from bot.content.load import Catalogue
from bot.screens.callback_data import CLOSE_CARD
from bot.screens.support import below_card
from localtelegram.people.person import Person


def labels(person: Person) -> set[str]:
    return {button["text"] for row in person.last()["reply_markup"]["inline_keyboard"] for button in row}


def answer_to(catalogue: Catalogue, name: str) -> str:
    return below_card(catalogue.support, None, catalogue.openings.below_card[name].answer).text


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("i cant call", "cannot-call"),
        ("Can I text someone?", "cannot-call"),
        ("they dont answer", "no-answer"),
        ("the line is busy", "no-answer"),
        ("i dont have anyone", "no-one"),
        ("please", "stay"),
        ("no", "stay"),
        ("are you there", "stay"),
        ("thanks", "thanks"),
        ("ok", "thanks"),
        ("no puedo llamar", "cannot-call"),
        ("no contestan", "no-answer"),
        ("no tengo a nadie", "no-one"),
        ("por favor", "stay"),
    ],
)
async def test_who_cannot_use_the_card_is_told_what_else_there_is(
    app: App, ana: Person, catalogue: Catalogue, typed: str, name: str
) -> None:
    await ana.says("I want to die")
    await ana.says(typed)
    assert ana.hears()[-1] == answer_to(catalogue, name)
    buttons = catalogue.support.card.buttons
    assert {buttons.copy_company, buttons.ground, buttons.close} <= labels(ana)


async def test_the_card_stays_open_below_the_answer(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("I want to die")
    await ana.says("i cant call")
    await ana.says("they dont answer")
    assert ana.hears()[-1] == answer_to(catalogue, "no-answer")
    await ana.says("close")
    assert ana.hears()[-1] == catalogue.support.card.closing
    await ana.says("no")
    assert ana.hears()[-1] != answer_to(catalogue, "stay")


async def test_danger_and_a_country_go_before_it(app: App, ana: Person, catalogue: Catalogue) -> None:
    card = catalogue.support.card
    await ana.says("I want to die")
    await ana.says("i cant call he hits me")
    assert ana.hears()[-1].startswith(card.heard["from_others"][:30])
    await ana.says("Canada")
    assert "Emergency (Canada)" in ana.hears()[-1]
    await ana.says("i cant call")
    assert "text 988" in ana.hears()[-1]


async def test_a_conversation_that_waits_is_one_tap_away(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/ground")
    await ana.says("I want to die")
    await ana.says("no")
    assert ana.hears()[-1] == answer_to(catalogue, "stay")
    assert catalogue.interface.flows.go_on in labels(ana)


async def test_without_a_card_such_words_are_what_they_were(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("they dont answer")
    data = [button.get("callback_data") for row in ana.last()["reply_markup"]["inline_keyboard"] for button in row]
    assert CLOSE_CARD not in data
    assert ana.hears()[-1] != answer_to(catalogue, "no-answer")


@pytest.mark.parametrize("typed", ["I'm happy to say that I wrote it down", "I feel so relieved", "siento alivio"])
async def test_below_the_card_joy_is_not_answered_as_joy(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await ana.says("I want to die")
    await ana.says(typed)
    assert ana.hears()[-1] == answer_to(catalogue, "stay")
    assert catalogue.support.card.buttons.close in labels(ana)
