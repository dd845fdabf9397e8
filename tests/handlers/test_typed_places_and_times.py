"""What is typed beside a card, in an exercise, or where nothing waits: a country, a way out or back, a time."""

import pytest

from bot.app import App
from bot.content.library import Library
from bot.content.load import Catalogue
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram


def flat(person: Person) -> list[str]:
    return [label for row in person.labels() for label in row]


@pytest.mark.parametrize("typed", ["Spain", "spain", "i live in spain", "España", "in Spain."])
@pytest.mark.parametrize("is_list", [True, False])
async def test_a_country_can_be_typed(ana: Person, typed: str, is_list: bool) -> None:
    await ana.starts()
    await ana.says("/support")
    if is_list:
        await ana.taps("Choose a country")
    await ana.says(typed)
    assert "Emergency (Spain): 112" in ana.hears()[-1]
    await ana.says("/support")
    assert "Emergency (Spain): 112" in ana.hears()[-1]


@pytest.mark.parametrize(("typed", "name"), [("germny", "Germany"), ("england", "UK"), ("Alemania", "Germany")])
async def test_other_names_and_a_wrong_letter_are_understood(ana: Person, typed: str, name: str) -> None:
    await ana.starts()
    await ana.says("/support")
    await ana.taps("Choose a country")
    await ana.says(typed)
    assert f"Emergency ({name})" in ana.hears()[-1]


@pytest.mark.parametrize("typed", ["look at us", "what", "i was in spain when it happened"])
async def test_words_below_a_card_that_name_no_country(ana: Person, catalogue: Catalogue, typed: str) -> None:
    await ana.says("/support")
    await ana.says(typed)
    assert "Emergency" not in ana.hears()[-1]
    assert catalogue.interface.flows.people in flat(ana)


def test_every_country_is_found_by_its_name(library: Library) -> None:
    for one in library.catalogues:
        for code in one.support.countries:
            assert one.support.find_country(one.support.name_of(code)) == code, one.support.name_of(code)


@pytest.mark.parametrize("typed", ["close", "Close it.", "cerrar", "CERRAR"])
async def test_a_card_can_be_closed_by_typing(ana: Person, catalogue: Catalogue, typed: str) -> None:
    await ana.says("/support")
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.support.card.closing


@pytest.mark.parametrize("typed", ["go on", "continue", "seguir"])
@pytest.mark.parametrize("between", ["/support", "/help", "i feel sad"])
async def test_go_on_picks_up_where_it_was_left(ana: Person, catalogue: Catalogue, typed: str, between: str) -> None:
    await ana.says("/ground")
    await ana.says(between)
    assert catalogue.interface.flows.go_on in flat(ana)
    await ana.says(typed)
    assert catalogue.interface.flows.out in flat(ana)
    assert catalogue.interface.flows.go_on not in flat(ana)


@pytest.mark.parametrize("typed", ["back", "atrás", "go back"])
async def test_an_exercise_says_that_it_has_no_way_back(ana: Person, catalogue: Catalogue, typed: str) -> None:
    await ana.says("/ground")
    before = flat(ana)
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.interface.flows.no_back
    assert flat(ana) == [*before, catalogue.interface.flows.people]
    await ana.taps(before[0])
    assert catalogue.interface.flows.out in flat(ana)


async def test_back_begins_no_exercise(telegram: LocalTelegram, app: App, library: Library) -> None:
    eva = add_person(telegram, "Eva", language_code="es")
    await eva.says("/support")
    await eva.says("/ground")
    await eva.says("volver")
    assert eva.hears()[-1] == library.of("es").interface.flows.no_back


@pytest.mark.parametrize("typed", ["every day at 9am", "9pm", "mondays at 8"])
async def test_a_time_where_nothing_waits_is_told_of_remind(ana: Person, catalogue: Catalogue, typed: str) -> None:
    await ana.says(typed)
    replies = catalogue.interface.replies
    assert ana.hears()[-1] == f"{replies.free_text}\n\n{replies.for_a_reminder}"


@pytest.mark.parametrize(
    ("typed", "language", "said"), [("remind me at 9", "en", "09:00"), ("recuérdame a las 9", "es", "09:00")]
)
async def test_who_asks_to_be_reminded_at_a_time_is_asked_the_rest(
    telegram: LocalTelegram, app: App, library: Library, typed: str, language: str, said: str
) -> None:
    person = add_person(telegram, "Eva", language_code=language)
    await person.says(typed)
    setup = library.of(language).interface.setup
    assert person.hears()[-1] == setup.question_rhythm_at.format(time=said)
    assert setup.daily in flat(person)
