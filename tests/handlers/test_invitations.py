"""Opening an invitation: each suggestion is a question, and nothing changes before a yes."""

from datetime import time, timedelta

import pytest

from bot.app import App
from bot.content.library import Folders, Library
from bot.domain.ids import TelegramId
from bot.domain.schedule import Daily
from bot.settings import MESSAGES
from bot.usecases import invitations
from bot.usecases.chats import find_chat
from bot.usecases.invitations import Suggestion, new_code
from bot.usecases.preferences import themes_left_out
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from tests.content.test_library import write
from tests.scenes import leave_few

MORNING = Daily(at=time(8, 30))
WEEKDAYS = Daily(at=time(17), weekdays=(0, 1, 2, 3, 4))
ROSA = {
    "rosa-meyer/en/affirmations/rosa.yaml": """
source: {title: From our practice}
leave_out: [trust-grows-slowly]
affirmations:
  - {id: the-blue-chair, text: "The blue chair is used to tears.", idea: the room, themes: [being-seen]}
""",
    "rosa-meyer/en/interface.yaml": """
invitation: {practice: Rosa Meyer's practice}
help: {text: "This is the help of Rosa's practice."}
stop: {stopped: "It is quiet now."}
""",
    "rosa-meyer/en/rules.yaml": "themes_for: {therapy: [not-alone]}\n",
    "rosa-meyer/es/interface.yaml": "invitation: {practice: la consulta de Rosa Meyer}\n",
    "lake-house/en/interface.yaml": "invitation: {practice: the Lake House}\n",
}

QUESTION = "How often would you like a message? Pick one, or type it, such as: weekdays at 8:30 am."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Folders((MESSAGES,), "en", write(tmp_path_factory.mktemp("practices"), ROSA)).load()


async def invite(app: App, clock: MovableClock, *, practice: str | None = None, **more: object) -> str:
    """Makes an invitation and returns its code."""
    code, suggestion = new_code(), Suggestion.model_validate({"practice": practice} | more)
    async with app.database.write() as session:
        assert await invitations.make(app.database, session, code, suggestion, clock())
    return code


async def end(app: App, clock: MovableClock, code: str) -> None:
    async with app.database.write() as session:
        assert await invitations.end(session, code, clock())


async def settle_in(ana: Person) -> None:
    """Sets up a reminder every day at 20:00."""
    await ana.says("/start")
    for label in ("Once a day", "20:00"):
        await ana.taps(label)
    await ana.says("Berlin")


async def test_a_yes_to_each(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer", language="es", rule=MORNING))
    assert ana.hears()[-1].split("\n\n")[1:] == [
        "I'm automated. No one reads what you write here, and I'm not for emergencies. "
        "/support is always there. /privacy says what I keep.",
        "You came with an invitation. It suggests:\n"
        "- Spanish, as the language here\n"
        "- messages from Rosa Meyer's practice\n"
        "- a gentle message every day at 08:30",
        "Nothing is set yet. I'll ask about each one, and no is as good an answer as yes.",
        "Would you like me to write in Spanish here?\n¿Quieres que te escriba aquí en español?",
    ]
    answers = [["Yes, please", "Sí, por favor"], ["No, thank you", "No, gracias"]]
    assert ana.labels() == [["Hard moment right now"], *answers]
    await ana.taps("Sí, por favor")
    assert ana.hears()[-1] == (
        "Desde ahora escribo aquí en español.\n\n¿Te gustaría recibir frases de la consulta de Rosa Meyer? "
        "Toman el lugar de algunas de las mías, y en /settings las mías vuelven cuando quieras."
    )
    await ana.taps("Sí, por favor")
    assert ana.hears()[-1] == (
        "Desde ahora te llegan frases de la consulta de Rosa Meyer.\n\n"
        "¿Te gustaría recibir una frase amable (cada día, 08:30)?"
    )
    assert ana.labels() == [["Sí, por favor"], ["A otra hora", "Sin recordatorios"]]
    await ana.taps("Sí, por favor")
    assert ana.hears()[-1].startswith("¿Cuál es tu zona horaria?")
    await ana.says("Berlín")
    assert "Queda así: cada día, 08:30." in ana.hears()[-2]
    assert len(ana.hears()) == 3  # the greeting was edited in place until the place was typed


async def test_a_no_to_each(app: App, ana: Person, clock: MovableClock, library: Library) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer", language="es", rule=MORNING))
    await ana.taps("No, thank you")
    assert ana.hears()[-1].startswith("That's fine. It stays as it is.\n\nWould you like messages from Rosa Meyer")
    await ana.taps("No, thank you")
    assert ana.hears()[-1] == ("That's fine. It stays as it is.\n\nWould you like a gentle message every day at 08:30?")
    await ana.taps("No reminders")
    assert ana.hears()[-1] == library.of("en").interface.start.not_now_reply
    await ana.says("/help")
    assert ana.hears()[-1] == library.of("en").interface.help.text
    await ana.says("/reminders")
    assert "No reminder is set." in ana.hears()[-1]


async def test_nothing_is_chosen_before_the_yes(app: App, ana: Person, clock: MovableClock, library: Library) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer", language="es", rule=MORNING))
    await ana.says("/help")
    assert ana.hears()[-1] == library.of("en").interface.help.text


async def test_the_words_of_the_practice_come_from_then_on(
    app: App, ana: Person, clock: MovableClock, library: Library
) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer", rule=MORNING))
    for label in ("Yes, please", "Yes, please"):
        await ana.taps(label)
    await ana.says("Berlin")
    await ana.says("/help")
    assert ana.hears()[-1] == "This is the help of Rosa's practice."
    catalogue = library.of_practice("rosa-meyer").of("en")
    own = {theme for affirmation in catalogue.affirmations for theme in affirmation.themes} - set(
        library.of("en").rules.themes
    )
    wanted = await leave_few(app.database, ana.id, catalogue, *own, "being-seen")
    seen = set()
    for _ in wanted:
        clock.move(timedelta(days=1))
        await app.scheduler.catch_up()
        seen.add(ana.hears()[-1])
    assert seen == wanted
    assert "The blue chair is used to tears." in seen
    await ana.says("/ground")
    await ana.taps("I need a minute")
    clock.move(timedelta(seconds=61))
    await app.scheduler.catch_up()
    assert any(ana.hears()[-1].startswith(text) for text in library.of("en").interface.flows.rested)


async def test_another_time_begins_the_usual_set_up(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, rule=MORNING))
    await ana.taps("Another time")
    assert ana.hears()[-1] == QUESTION
    for label in ("Once a day", "12:30"):
        await ana.taps(label)
    await ana.says("Berlin")
    assert "It's set: every day at 12:30." in ana.hears()[-2]


async def test_the_place_that_is_asked_leads_back_to_the_time(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, rule=WEEKDAYS))
    await ana.taps("Yes, please")
    await ana.taps("Back")
    await ana.says("18:15")
    await ana.says("Berlin")
    assert "It's set: Monday to Friday at 18:15." in ana.hears()[-2]


async def test_whoever_has_reminders_keeps_them(app: App, ana: Person, clock: MovableClock) -> None:
    await settle_in(ana)
    await ana.starts(await invite(app, clock, practice="lake-house", rule=WEEKDAYS))
    await ana.taps("Yes, please")
    assert ana.hears()[-1].endswith(
        "Your reminders stay as they are. Would you like one more message, Monday to Friday at 17:00?"
    )
    assert ana.labels() == [["Yes, please"], ["Another time", "No, thank you"]]
    await ana.taps("Yes, please")
    assert ana.hears()[-1].startswith("It's set: Monday to Friday at 17:00.")
    await ana.says("/reminders")
    assert "Every day at 20:00" in ana.hears()[-1]
    assert "Monday to Friday at 17:00" in ana.hears()[-1]


async def test_a_no_of_whoever_has_reminders_shows_them(app: App, ana: Person, clock: MovableClock) -> None:
    await settle_in(ana)
    await ana.starts(await invite(app, clock, rule=WEEKDAYS))
    await ana.taps("No, thank you")
    assert ana.hears()[-1].startswith("That's fine. It stays as it is.\n\n1. Every day at 20:00")


async def test_what_is_so_already_is_not_asked(app: App, ana: Person, clock: MovableClock) -> None:
    code = await invite(app, clock, practice="lake-house", language="en", rule=MORNING)
    await ana.starts(code)
    for label in ("Yes, please", "Yes, please"):
        await ana.taps(label)
    await ana.says("Berlin")
    await ana.starts(code)
    assert "You came with an invitation. It's all set up that way already." in ana.hears()[-1]
    assert "Every day at 08:30" in ana.hears()[-1]


async def test_an_invitation_that_suggests_nothing_new_goes_on_as_usual(
    app: App, ana: Person, clock: MovableClock
) -> None:
    await ana.starts(await invite(app, clock, language="en"))
    assert ana.hears()[-1].startswith("Hello.")
    assert ana.hears()[-1].endswith(QUESTION)
    await ana.taps("Not now")


async def test_without_a_rhythm_the_usual_question_follows(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, practice="lake-house"))
    await ana.taps("Yes, please")
    assert ana.hears()[-1] == ("From now on you get messages from the Lake House.\n\n" + QUESTION)


async def test_an_invitation_to_everyones_words_leads_back_to_them(
    app: App, ana: Person, clock: MovableClock, library: Library
) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer"))
    await ana.taps("Yes, please")
    await ana.starts(await invite(app, clock))
    assert "- my own messages again" in ana.hears()[-1]
    assert ana.hears()[-1].endswith("in place of those from Rosa Meyer's practice?")
    await ana.taps("Yes, please")
    assert ana.hears()[-1].startswith("From now on you get my own messages.")
    await ana.says("/help")
    assert ana.hears()[-1] == library.of("en").interface.help.text


async def test_from_one_practice_to_another(app: App, ana: Person, clock: MovableClock) -> None:
    for practice in ("rosa-meyer", "lake-house"):
        await ana.starts(await invite(app, clock, practice=practice))
        await ana.taps("Yes, please")
    assert ana.hears()[-1].startswith("From now on you get messages from the Lake House.")


async def test_the_language_is_still_changed_by_itself(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer", language="es"))
    for _ in range(2):
        await ana.taps("Sí, por favor")
    await ana.says("/language")
    await ana.taps("English")
    await ana.says("/help")
    assert ana.hears()[-1] == "This is the help of Rosa's practice."


@pytest.mark.parametrize("code", ["i-", "i-nothing", f"i-{'2' * 13}"])
async def test_a_code_that_never_was(app: App, ana: Person, code: str) -> None:
    await ana.starts(code)
    assert ana.hears()[-1].startswith("This invitation has ended, or part of its link is missing.")
    assert ana.hears()[-1].endswith(QUESTION)


async def test_a_code_that_has_ended(app: App, ana: Person, clock: MovableClock) -> None:
    await settle_in(ana)
    code = await invite(app, clock, practice="rosa-meyer", rule=MORNING)
    await end(app, clock, code)
    await ana.starts(code)
    assert ana.hears()[-1].startswith(
        "This invitation has ended, or part of its link is missing. Everything else works as usual.\n\nHello again."
    )
    assert "Every day at 20:00" in ana.hears()[-1]


async def test_who_has_stopped_hears_that_it_has_ended_too(app: App, ana: Person) -> None:
    await settle_in(ana)
    await ana.says("/stop")
    await ana.starts("i-nothing")
    assert ana.hears()[-1].startswith("This invitation has ended")
    assert ana.labels() == [["Turn them back on"], ["Add a reminder"]]


async def test_who_was_away_is_back(app: App, ana: Person, clock: MovableClock) -> None:
    await settle_in(ana)
    await ana.blocks()
    await ana.starts(await invite(app, clock, practice="lake-house"))
    await ana.taps("No, thank you")
    await ana.says("/resume")
    assert ana.hears()[-1].startswith("Nothing is paused.")


async def test_what_is_no_longer_there_is_not_suggested(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, practice="long-gone", language="xx", rule=MORNING))
    assert "It suggests:\n- a gentle message every day at 08:30\n\n" in ana.hears()[-1]


async def test_who_chose_the_words_of_a_practice_that_is_gone_hears_everyones(
    app: App, ana: Person, clock: MovableClock, library: Library
) -> None:
    await settle_in(ana)
    async with app.database.write() as session:
        chat = await find_chat(session, TelegramId(ana.id))
        assert chat
        chat.practice = "long-gone"
    await ana.says("/help")
    assert ana.hears()[-1] == library.of("en").interface.help.text
    clock.move(timedelta(hours=7))
    await app.scheduler.catch_up()
    assert ana.hears()[-1] in {affirmation.text for affirmation in library.of("en").affirmations}
    await ana.starts(await invite(app, clock))
    assert "It's all set up that way already." in ana.hears()[-1]


async def test_every_tap_counts_once(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer", rule=MORNING))
    message = ana.last_stored()
    (yes,), (no,) = (
        [button["callback_data"] for button in row] for row in message.json["reply_markup"]["inline_keyboard"][-2:]
    )
    await ana.taps_data(message.id, yes)
    asked = ana.hears()[-1]
    for data in (yes, no, "c:0000:invite-words:yes", no.replace("no", "other"), "c::invite-rhythm:yes"):
        await ana.taps_data(message.id, data)
        assert ana.toasts[-1].text.startswith("That button has expired")
        assert ana.hears()[-1] == asked
    await ana.says("/stop")
    assert ana.hears()[-1] == "It is quiet now."  # the practice's text


async def test_a_newer_link_takes_the_place_of_the_older(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer"))
    older = ana.last_stored()
    data = older.json["reply_markup"]["inline_keyboard"][-2][0]["callback_data"]
    await ana.starts(await invite(app, clock, practice="lake-house"))
    await ana.taps_data(older.id, data)
    assert ana.toasts[-1].text.startswith("That button has expired")
    await ana.taps("Yes, please")
    assert ana.hears()[-1].startswith("From now on you get messages from the Lake House.")


async def test_an_answer_can_be_typed(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts(await invite(app, clock, practice="lake-house", rule=MORNING))
    await ana.says("perhaps")
    assert ana.hears()[-1].startswith("Sorry, I didn't get that. Pick one of these.\n\nWould you like messages")
    await ana.says("no, thank you")
    await ana.says("another time")
    assert ana.hears()[-1] == QUESTION


async def test_settings_take_the_words_back(app: App, ana: Person, clock: MovableClock, library: Library) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer"))
    await ana.taps("Yes, please")
    await ana.says("/settings")
    assert ana.hears()[-1].endswith("Language: English\nClock: 24 hours, 20:00\nMessages from: Rosa Meyer's practice")
    await ana.taps("Use the bot's own messages")
    assert ana.hears()[-1].endswith("Language: English\nClock: 24 hours, 20:00")
    assert "Use the bot's own messages" not in str(ana.labels())
    await ana.says("/help")
    assert ana.hears()[-1] == library.of("en").interface.help.text


async def test_what_a_practice_says_only_to_people_in_therapy_is_left_out_with_its_words(
    app: App, ana: Person, clock: MovableClock, library: Library
) -> None:
    own, rosas = (library.of_practice(practice).of("en").rules.themes_for for practice in (None, "rosa-meyer"))
    assert own.therapy != rosas.therapy == ("not-alone",)
    await ana.starts(await invite(app, clock, practice="rosa-meyer"))
    await ana.taps("Yes, please")
    assert await left_out(app, ana) == {"not-alone", *own.group}
    await ana.says("/settings")
    await ana.taps("Use the bot's own messages")
    assert await left_out(app, ana) == {*own.therapy, *own.group}


async def left_out(app: App, person: Person) -> set[str]:
    async with app.database.read() as session:
        chat = await find_chat(session, TelegramId(person.id))
        assert chat
        return themes_left_out(chat)


async def test_forgetting_forgets_the_words(app: App, ana: Person, clock: MovableClock, library: Library) -> None:
    await ana.starts(await invite(app, clock, practice="rosa-meyer"))
    await ana.taps("Yes, please")
    await ana.says("/forget")
    await ana.taps("Yes, delete everything")
    await ana.says("/help")
    assert ana.hears()[-1] == library.of("en").interface.help.text
