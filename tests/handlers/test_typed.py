"""What people type instead of tapping: labels, words such as "stop", openings, and what is no text at all."""

import pytest

from bot.app import App
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.delivery.last_buttons import LastButtons
from bot.handlers.context import SERVICES
from localtelegram.answers import Json
from localtelegram.people.person import Person


def flat(person: Person) -> list[str]:
    return [label for row in person.labels() for label in row]


def people(catalogue: Catalogue) -> str:
    return catalogue.interface.flows.people


@pytest.mark.parametrize("typed", ["Once a day", "once a day", "ONCE A DAY!"])
async def test_a_typed_label_presses_its_button(app: App, ana: Person, typed: str) -> None:
    await ana.starts()
    await ana.says(typed)
    assert "What time" in ana.hears()[-1]


@pytest.mark.parametrize("typed", ["When tears don’t come", "When tears don´t come", "when tears dont come"])
async def test_a_label_is_typed_with_any_apostrophe_or_none(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await ana.says("I can't cry")
    offered = catalogue.openings.openings["cant-cry"]
    assert offered.button in flat(ana)
    await ana.says(typed)
    assert catalogue.interface.flows.out in flat(ana)


async def test_the_answer_to_a_typed_label_comes_below_it(app: App, ana: Person) -> None:
    await ana.starts()
    before = len(ana.hears())
    await ana.says("once a day")
    assert len(ana.hears()) == before + 1


async def test_a_note_on_a_typed_tap_comes_as_a_message(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/affirm")
    await ana.says(catalogue.interface.kept.keep)
    assert catalogue.interface.kept.kept in ana.hears()


async def test_a_label_that_copies_is_said(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/support")
    await ana.says(catalogue.support.card.buttons.copy_company)
    assert ana.hears()[-1] == catalogue.support.card.company


async def test_after_a_restart_the_labels_of_a_flow_are_still_known(
    app: App, ana: Person, catalogue: Catalogue
) -> None:
    await ana.says("/ground")
    forget_buttons(app)
    await ana.says(catalogue.interface.flows.out)
    assert ana.hears()[-1].startswith(catalogue.interface.flows.left)


def forget_buttons(app: App) -> None:
    """As after a restart."""
    app.application.bot_data[SERVICES].sender.last_buttons = LastButtons()


@pytest.mark.parametrize("typed", ["stop", "STOP", "quit", "para", "basta"])
async def test_stop_ends_a_flow(app: App, ana: Person, catalogue: Catalogue, typed: str) -> None:
    await ana.says("/ground")
    await ana.says(typed)
    assert ana.hears()[-1].startswith(catalogue.interface.flows.left)


@pytest.mark.parametrize("typed", ["a minute", "I need a minute", "wait", "necesito un minuto"])
async def test_a_minute_is_given(app: App, ana: Person, catalogue: Catalogue, typed: str) -> None:
    await ana.says("/ground")
    await ana.says(typed)
    assert ana.hears()[-1].startswith(catalogue.interface.flows.resting)


async def test_skip_goes_on_where_words_are_asked_for(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/reflect")
    await ana.says(next(label for label in flat(ana) if label.startswith("After crying")))
    while catalogue.interface.flows.skip not in flat(ana):
        await ana.taps(flat(ana)[0])
    asked = ana.hears()[-1]
    await ana.says("skip")
    assert ana.hears()[-1] != asked
    assert not ana.hears()[-1].startswith(catalogue.interface.flows.thanks)


async def test_stop_where_nothing_waits_ends_the_reminders(app: App, ana: Person) -> None:
    await ana.starts()
    await ana.taps("Once a day")
    await ana.taps("08:30")
    await ana.says("Berlin")
    await ana.says("stop")
    assert "/start" in ana.hears()[-1]


@pytest.mark.parametrize("command", ["", "/ground", "/pause", "/note", "/mine", "/session"])
@pytest.mark.parametrize("typed", ["help", "help me", "ayuda", "hlep", "pls help", "ayudame porfa", "support"])
async def test_help_shows_people(app: App, ana: Person, catalogue: Catalogue, command: str, typed: str) -> None:
    await ana.starts()
    if command:
        await ana.says(command)
    await ana.says(typed)
    assert catalogue.support.card.buttons.copy_company in flat(ana)


@pytest.mark.parametrize(
    ("typed", "opening"),
    [
        ("hi", "hello"),
        ("Hola", "hello"),
        ("thank you", "thanks"),
        ("how are you", "how-are-you"),
        ("who are you?", "who-are-you"),
        ("i feel sad", "sad"),
        ("i can't stop crying", "cant-stop"),
        ("panic", "panic"),
        ("panic, i can't breathe", "panic"),
        ("can't sleep", "cant-sleep"),
        ("i feel numb", "numb"),
        ("i'm so angry", "angry"),
        ("ground me", "ground-me"),
        ("pánico", "panic"),
        ("I give up", "cannot-go-on"),
        ("cant take it any more", "cannot-go-on"),
        ("i cant keep going like this", "cannot-go-on"),
        ("nothing will ever help", "cannot-go-on"),
        ("i cant cope", "overwhelmed"),
        ("ya no aguanto", "cannot-go-on"),
        ("ya no puedo más", "cannot-go-on"),
        ("estoy al límite", "cannot-go-on"),
        ("no puedo más de lo lleno que estoy", "overwhelmed"),
        ("estoy muy triste", "sad"),
        ("no puedo parar de llorar", "cant-stop"),
        ("no puedo dormir", "cant-sleep"),
        ("no siento nada", "numb"),
        ("qué coraje, estoy enojada", "angry"),
        ("me siento sola", "person"),
        ("i need to talk to a human", "person"),
        ("sorry for bothering you", "sorry"),
        ("🙏", "thanks"),
    ],
)
async def test_an_opening_has_an_answer_of_its_own(
    app: App, ana: Person, catalogue: Catalogue, typed: str, opening: str
) -> None:
    expected = catalogue.openings.openings[opening]
    await ana.says(typed)
    assert ana.hears()[-1] == expected.answer.strip()
    assert people(catalogue) in flat(ana)
    assert (expected.button or catalogue.support.card.buttons.ground) in flat(ana)


async def test_the_flow_of_an_opening_is_one_tap_away(app: App, ana: Person, catalogue: Catalogue) -> None:
    for opening in catalogue.openings.openings.values():
        if opening.button:
            await ana.says((opening.alone or ("panic",))[0])
            break
    await ana.taps(flat(ana)[0])
    assert catalogue.interface.flows.out in flat(ana)


async def test_an_opening_in_a_flow_that_asks_for_no_words_leads_to_help_and_back(
    app: App, ana: Person, catalogue: Catalogue
) -> None:
    await ana.says("/ground")
    await ana.says("i can't stop crying")
    assert ana.hears()[-1] == catalogue.openings.openings["cant-stop"].answer.strip()
    assert catalogue.interface.flows.go_on in flat(ana)
    assert people(catalogue) in flat(ana)


async def test_an_opening_does_not_answer_the_question_that_waits(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    await ana.says("i feel sad")
    assert ana.hears()[-1] == catalogue.openings.openings["sad"].answer.strip()
    await ana.says("once a day")
    assert "What time" in ana.hears()[-1]


async def test_an_answer_that_is_understood_is_no_opening(app: App, ana: Person) -> None:
    await ana.starts()
    await ana.taps("Once a day")
    await ana.says("8:15")
    assert "time zone" in ana.hears()[-1]


async def test_danger_goes_before_all(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("I'm so sad I want to die")
    assert catalogue.support.card.buttons.copy_company in flat(ana)


KINDS: dict[str, Json] = {
    "voice": {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
    "picture": {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]},
    "sticker": {
        "sticker": {
            "file_id": "s",
            "file_unique_id": "s",
            "width": 9,
            "height": 9,
            "type": "regular",
            "is_animated": False,
            "is_video": False,
        }
    },
    "place": {"location": {"latitude": 1.0, "longitude": 2.0}},
    "contact": {"contact": {"phone_number": "1", "first_name": "B"}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
    },
    "other": {"story": {"chat": {"id": 1, "type": "private"}, "id": 1}},
}


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_no_text_is_answered_once(app: App, ana: Person, catalogue: Catalogue, kind: str) -> None:
    await ana.sends(KINDS[kind])
    assert ana.hears()[-1] == getattr(catalogue.interface.replies.not_text, kind)
    assert people(catalogue) in flat(ana)
    heard = len(ana.hears())
    await ana.sends(KINDS[kind])
    assert len(ana.hears()) == heard


@pytest.mark.parametrize("typed", ["hlep", "halp", "ayda", "support", "i took pills", "pills", "hes here"])
async def test_help_and_danger_are_understood_in_the_first_message(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await ana.says(typed)
    assert catalogue.support.card.buttons.copy_company in flat(ana)


HELP = """
hlep, hepl me, helpp, heelp, heeeelp, halp, hlp, hekp, h e l p, helpme, help!!!, HELP ME, pls help, plz help me,
plsss help, help me pls, soemone help, someoen help me, sombody help me, can u help me, can you hlep me, could
you help me, i need hlep, i ned help, need hepl, support, suport, supprt, suppport, i need suport, emergency,
emergancy, crisis, hotline, sos, s.o.s, can i get some help, help him, ayda, ayudaa, ayudaaaa, aiuda, auyda,
aydua, alluda, a y u d a, AYUDA!!!, ayudame porfa, ayudame x favor, ayudame plis, aiudame, ayudemne, ausilio,
auxlio, socoro, nesecito ayuda, nececito ayuda, alguien q me ayude, alguen ayudeme, apoyo, emergensia, ayudame
ya
"""
NO_HELP = """
held, hello, hell, heal, heap, helper, helping, self help, no help, support group, sort, port, i can help, it
helps me, helpful, ayudar, ayuno, aguda, ayer, quiero ayudar, mucha ayuda, no ayuda, me ayudo mucho, viuda,
alguien
"""


@pytest.mark.parametrize("typed", HELP.replace("\n", " ").split(","))
def test_help_is_understood_with_a_slip_and_with_a_please(library: Library, typed: str) -> None:
    assert library.find_word(typed.strip(), "en") == "help"


@pytest.mark.parametrize("typed", NO_HELP.replace("\n", " ").split(","))
def test_words_next_to_help_are_none(library: Library, typed: str) -> None:
    assert library.find_word(typed.strip(), "en") != "help"


@pytest.mark.parametrize(
    ("typed", "opening"),
    [
        *((typed, "panic") for typed in ("panik", "panick", "pnic", "panik attack", "im panicing", "im anxous")),
        *((typed, "panic") for typed in ("paniko", "anciedad", "hansiedad", "ataque de panicco")),
        *((typed, "ground-me") for typed in ("groundnig", "gruonding", "brethe", "calm me donw", "excercise")),
        *((typed, "ground-me") for typed in ("clamame", "calmarne", "ejersicio", "respirasion", "tranquilisarme")),
        *((typed, "cant-sleep") for typed in ("insomia", "insonio")),
        *((typed, "overwhelmed") for typed in ("overwhemled", "abrumda")),
    ],
)
def test_an_opening_is_found_with_a_slip(library: Library, typed: str, opening: str) -> None:
    assert library.find_opening(typed, "en") == opening


def test_every_opening_is_found_by_its_own_words(library: Library) -> None:
    for language in library.languages:
        for name, opening in library.of(language).openings.openings.items():
            for phrase in opening.alone:
                found = library.find_opening(phrase, language)
                assert found is not None, phrase
                assert name == found or phrase in ("hola", "hi", "hello", "bye", "ok"), (phrase, found)


def buttons_of_questions(person: Person) -> int:
    """How many buttons answer a question, in all messages."""
    rows = [
        row
        for stored in person.chat.in_order()
        for row in stored.seen().get("reply_markup", {}).get("inline_keyboard", [])
    ]
    return sum(button.get("callback_data", "").startswith("c:") for row in rows for button in row)


async def test_a_setup_by_typing_leaves_no_dead_buttons(app: App, ana: Person) -> None:
    await ana.starts()
    for text in ("once a day", "8:30"):
        await ana.says(text)
        asked = sum(button["callback_data"].startswith("c:") for row in keyboard_of(ana) for button in row)
        assert buttons_of_questions(ana) == asked > 0
    await ana.says("London")
    first_questions = buttons_of_questions(ana)
    await ana.says("what a day")
    assert buttons_of_questions(ana) == first_questions  # they still wait


def keyboard_of(person: Person) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = person.last()["reply_markup"]["inline_keyboard"]
    return rows
