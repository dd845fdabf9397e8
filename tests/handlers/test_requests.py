"""Plain requests in place of a command: each opens its screen, and none where any words may be an answer."""

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.models import Chat, Reminder
from localtelegram.people.person import Person
from tests.scenes import subscribe


async def chat_of(app: App) -> Chat:
    async with app.database.read() as session:
        return (await session.scalars(select(Chat))).one()


def flat(person: Person) -> list[str]:
    return [label for row in person.labels() for label in row]


@pytest.mark.parametrize(
    "typed", ["stop sending me this", "unsubscribe me please", "dar de baja", "no me escribas nunca mas"]
)
async def test_plain_words_turn_reminders_off(app: App, ana: Person, catalogue: Catalogue, typed: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.interface.stop.stopped
    assert catalogue.interface.start.bring_back in flat(ana)
    assert (await chat_of(app)).off_reason is not None


@pytest.mark.parametrize("typed", ["BASTA!!!", "enough", "how do i stop this", "turn it off"])
async def test_words_that_may_mean_something_else_are_asked_about(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.requests.stop_question
    assert (await chat_of(app)).off_reason is None
    await ana.taps(catalogue.requests.turn_off)
    assert (await chat_of(app)).off_reason is not None


@pytest.mark.parametrize("typed", ["pause for 2 weeks", "take a break until monday", "no messages for a week"])
async def test_a_pause_is_taken_with_its_length(app: App, ana: Person, typed: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert ana.hears()[-1].startswith("Paused until ")
    assert (await chat_of(app)).paused_until is not None


async def test_a_pause_without_a_length_is_asked_about(ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("pausa")
    assert ana.hears()[-1] == catalogue.interface.pause.question


@pytest.mark.parametrize("typed", ["delete my data", "borra mis datos"])
async def test_deleting_is_asked_about(ana: Person, catalogue: Catalogue, typed: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.interface.forget.question


@pytest.mark.parametrize("typed", ["spanish", "español por favor", "do you speak spanish"])
async def test_a_language_that_is_named_is_spoken(ana: Person, library: Library, typed: str) -> None:
    await subscribe(ana)
    await ana.says("/language")
    await ana.says(typed)
    assert ana.hears()[-1] == library.of("es").interface.language.chosen


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("when is the next one", "Reminders\n\n1."),
        ("how do I change the time", "Reminders\n\n1."),
        ("do you store my messages", "What I keep"),
        ("settings", "Settings"),
        ("change my time zone", "What's your time zone?"),
        ("is this an emergency service?", "I'm not for emergencies"),
    ],
)
async def test_a_plain_question_opens_its_screen(ana: Person, typed: str, begins: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert begins in ana.hears()[-1]


async def test_too_many_messages_is_answered_with_three_ways(ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("too many messages")
    texts = catalogue.requests
    assert ana.hears()[-1] == texts.fewer
    assert flat(ana)[:3] == [texts.see_reminders, texts.take_a_break, texts.turn_off]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("make it 9pm instead", "Every day at 21:00."),
        ("change the time to 7:45", "Every day at 07:45."),
        ("only weekends", "Saturday and Sunday at 08:30"),
        ("make it twice a day", "2 times between"),
    ],
)
async def test_the_one_reminder_is_changed_once_it_is_confirmed(app: App, ana: Person, typed: str, said: str) -> None:
    await subscribe(ana)
    async with app.database.read() as session:
        before = (await session.scalars(select(Reminder))).one().rule
    await ana.says(typed)
    assert said in ana.hears()[-1]
    async with app.database.read() as session:
        assert (await session.scalars(select(Reminder))).one().rule == before
    await ana.taps("Yes, set it")
    async with app.database.read() as session:
        assert (await session.scalars(select(Reminder))).one().rule != before


async def test_of_several_reminders_the_list_is_shown(ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/remind every day at 15:00")
    await ana.taps("Yes, set it")
    await ana.says("make it 9pm")
    assert ana.hears()[-1].startswith("Reminders\n\n1.")


@pytest.mark.parametrize("typed", ["send me a reminder every monday at 7pm", "can you remind me on mondays at 19:00"])
async def test_a_reminder_is_set_up_with_what_was_said(ana: Person, typed: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert "19:00" in ana.hears()[-1]
    assert "Yes, set it" in flat(ana)


async def test_where_words_are_asked_for_nothing_is_a_request(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/reflect")
    for label in ("More", "Anger", "One line for it"):
        await ana.taps(label)
    await ana.says("never write to me again")
    assert (await chat_of(app)).off_reason is None


async def test_beside_the_support_card_enough_asks_nothing_about_reminders(ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("/support")
    await ana.says("turn it off")
    assert ana.hears()[-1] != catalogue.requests.stop_question


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("pausa dos semanas", "En pausa hasta"),
        ("descanso hasta el lunes", "En pausa hasta"),
        ("que sea a las 21:00", "21:00"),
        ("cambia la hora a las 9 de la noche", "21:00"),
        ("mándame un mensaje todos los lunes a las 7 de la tarde", "19:00"),
    ],
)
async def test_the_same_is_understood_in_spanish(ana: Person, typed: str, said: str) -> None:
    await subscribe(ana)
    await ana.says("español por favor")
    await ana.says(typed)
    assert said in ana.hears()[-1]


async def is_untouched(app: App) -> bool:
    """Whether nothing was paused or turned off."""
    chat = await chat_of(app)
    return chat.paused_until is None and chat.off_reason is None


@pytest.mark.parametrize("typed", ["don't bother", "dont bother please", "don't bother anymore"])
async def test_words_of_somebody_who_waves_off_turn_nothing_off(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.requests.stop_question
    await ana.says("I want to die")
    await ana.says(typed)
    assert ana.hears()[-1] != catalogue.requests.stop_question
    assert await is_untouched(app)


@pytest.mark.parametrize(
    "typed", ["stop all messages", "unsubscribe me", "stop everything", "no more reminders", "ya no me mandes mensajes"]
)
async def test_below_the_support_card_it_is_asked_before_anything_is_turned_off(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await subscribe(ana)
    await ana.says("I want to die")
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.requests.stop_question
    assert await is_untouched(app)
    await ana.taps(catalogue.requests.turn_off)
    assert (await chat_of(app)).off_reason is not None


@pytest.mark.parametrize("typed", ["stop everything", "can you stop", "para todo"])
async def test_in_an_exercise_a_stop_without_an_object_is_asked_about(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await subscribe(ana)
    await ana.says("/ground")
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.requests.stop_question
    assert await is_untouched(app)


@pytest.mark.parametrize("begun", ["/ground", "/reflect"])
@pytest.mark.parametrize(
    "typed",
    ["stop all messages", "apaga los recordatorios", "stop texting me", "no me escribas más", "deja de escribirme"],
)
async def test_in_an_exercise_it_is_asked_whose_messages_are_meant(
    app: App, ana: Person, catalogue: Catalogue, typed: str, begun: str
) -> None:
    """They may be somebody else's: people say so of who has left them."""
    await subscribe(ana)
    await ana.says(begun)
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.requests.stop_question
    assert await is_untouched(app)
    await ana.taps(catalogue.requests.turn_off)
    assert ana.hears()[-1] == catalogue.interface.stop.stopped


@pytest.mark.parametrize("typed", ["no quiero más mensajes de él", "no quiero mas mensajes de mi ex"])
async def test_the_messages_of_somebody_else_are_not_the_bots(app: App, ana: Person, typed: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert await is_untouched(app)


@pytest.mark.parametrize(
    "typed",
    ["para el 7 de enero", "stop for a minute", "rest for today", "I need a rest for a week", "silencio por una hora"],
)
async def test_words_that_name_no_messages_pause_nothing(app: App, ana: Person, typed: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert await is_untouched(app)


@pytest.mark.parametrize("begins", ["/ground", "/remind", "/sessions", "I want to die"])
@pytest.mark.parametrize(
    "typed",
    [
        *(
            "on holiday until January 7",
            "take a break until January 7",
            "pause for a week",
            "I just want to rest for a day",
        ),
        *("stop for a minute", "rest for today", "para el viernes", "para mañana", "descanso hasta el 7 de enero"),
    ],
)
async def test_beside_a_question_an_exercise_or_the_card_nothing_is_paused(
    app: App, ana: Person, begins: str, typed: str
) -> None:
    await subscribe(ana)
    await ana.says(begins)
    await ana.says(typed)
    assert await is_untouched(app)


async def test_the_question_how_long_takes_a_whole_sentence(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/pause")
    await ana.says("pause for 2 weeks")
    assert ana.hears()[-1].startswith("Paused until ")


@pytest.mark.parametrize(
    "typed", ["delete everything", "erase", "I want to delete everything", "borra todo", "quiero borrar todo"]
)
async def test_below_the_support_card_everything_is_no_request_to_erase(
    ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await subscribe(ana)
    await ana.says("I want to die")
    await ana.says(typed)
    assert ana.hears()[-1] != catalogue.interface.forget.question


@pytest.mark.parametrize("typed", ["delete my data", "close my account", "borra mis datos"])
async def test_below_the_support_card_data_can_be_deleted(ana: Person, catalogue: Catalogue, typed: str) -> None:
    await subscribe(ana)
    await ana.says("I want to die")
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.interface.forget.question


async def test_the_name_of_a_language_beside_a_question_changes_nothing(app: App, ana: Person) -> None:
    await subscribe(ana)
    for begins in ("/remind", "/ground"):
        await ana.says(begins)
        await ana.says("spanish")
        assert (await chat_of(app)).language == "en"
    await ana.says("in Spanish, please")
    assert (await chat_of(app)).language == "es"


async def test_below_the_support_card_a_language_is_asked_for(app: App, ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("I want to die")
    await ana.says("español")
    assert (await chat_of(app)).language == "en"
    assert ana.hears()[-1].startswith(catalogue.interface.language.question)
    await ana.taps("Español")
    assert (await chat_of(app)).language == "es"
