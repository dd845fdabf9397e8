"""Words of somebody who tells something hard, typed at the steps of every flow: never without a way to people."""

from datetime import timedelta
from itertools import cycle

import pytest

from bot.app import App
from bot.content.library import Library
from bot.screens.callback_data import BEGIN_FLOW, FLOW, SUPPORT
from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

# Indirect, plain, of others, of the past, long, short, and in the other language.
DISCLOSURES = (
    "my dad used to hit me when I cried",
    "I can't do this anymore",
    "nobody would notice if I was gone",
    "I want to die",
    "he was here again last night",
    "I've never told anyone this",
    "it happened when I was nine",
    "my baby died in march",
    "I took some of the pills",
    "ya no aguanto más",
    "me hace daño y no sé a quién decírselo",
    "nadie me creyó",
    "todos estarían mejor sin mí",
    "tengo miedo de volver a casa",
    "quiero desaparecer",
    "it's nothing",
    "...",
    "I don't know",
    "everything is my fault and I should have known, I keep going over it again and again " * 12,
    "\N{CRYING FACE}",
)
STEPS = 12  # of a way through a flow


def buttons_of(message: Json) -> list[Json]:
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def has_way_to_people(person: Person, label: str) -> bool:
    """Whether the newest message is the support card, or has a button to it: with this label, if it is the flow's."""
    return any(
        SUPPORT.read(button.get("callback_data", "")) is not None or button["text"] == label
        for button in buttons_of(person.last())
    )


def way_on(person: Person, taken: set[str]) -> tuple[int, str] | None:
    """The first button of the flow that was not tapped yet, in the newest message that has one."""
    for stored in reversed(person.chat.in_order()):
        shown = [button for button in buttons_of(stored.seen()) if FLOW.read(button.get("callback_data", ""))]
        if shown:
            fresh = [button for button in shown if button["text"] not in taken] or shown
            taken.add(fresh[0]["text"])
            return stored.id, fresh[0]["callback_data"]
    return None


@pytest.mark.parametrize("language", ["en", "es"])
async def test_words_typed_in_any_flow_are_answered_with_a_way_to_people(
    telegram: LocalTelegram, app: App, clock: MovableClock, library: Library, language: str, typed_at_each_step: int
) -> None:
    words, label = cycle(DISCLOSURES), library.of(language).interface.flows.people
    flows = list(enumerate(library.of(language).flows))
    for number, flow in flows if typed_at_each_step > 1 else flows[language == "es" :: 2]:
        person = add_person(telegram, f"Person {number}", language_code=language)
        await person.says("/help")
        await person.taps_data(person.last()["message_id"], BEGIN_FLOW.build(flow))
        taken: set[str] = set()
        for step in range(STEPS):
            for _ in range(typed_at_each_step):
                text = next(words)
                clock.move(timedelta(seconds=5))
                await person.says(text)
                assert has_way_to_people(person, label), f"{flow}, step {step}, {text!r}: {person.hears()[-1]!r}"
            if (way := way_on(person, taken)) is None:
                break
            clock.move(timedelta(seconds=5))
            await person.taps_data(*way)


@pytest.fixture
def typed_at_each_step(pytestconfig: pytest.Config) -> int:
    """How many are typed at each step; `--disclosures 20` is all. With one, each language walks every other flow."""
    return int(pytestconfig.getoption("disclosures"))


async def reflect(person: Person) -> None:
    """Goes to a step that asks for words."""
    await person.says("/reflect")
    for label in ("After crying", "Begin"):
        await person.taps(label)


def line_of(library: Library, kind: str, said: str) -> str | None:
    lines = library.of("en").disclosures.disclosures[kind].lines
    return next((line for line in lines if said.startswith(line)), None)


async def test_a_reflection_answers_what_was_told_before_it_goes_on(app: App, ana: Person, library: Library) -> None:
    await reflect(ana)
    await ana.says("my dad died on Tuesday")
    first = ana.hears()[-1]
    assert line_of(library, "grief", first)
    assert any(line in first for line in library.of("en").disclosures.going_on)
    assert has_way_to_people(ana, library.of("en").interface.flows.people)
    await ana.says("I never said goodbye")
    assert line_of(library, "grief", ana.hears()[-1]) not in (None, line_of(library, "grief", first))


async def test_what_is_not_recognized_is_never_answered_with_thank_you_alone(
    app: App, ana: Person, library: Library
) -> None:
    texts = library.of("en").interface.flows
    await reflect(ana)
    said = []
    for text in ("a song", "my sister"):
        await ana.says(text)
        said.append(next(line for line in texts.thanks if ana.hears()[-1].startswith(line)))
    assert len(set(said)) == 2
    assert "Thank you." not in said


async def test_a_step_that_takes_no_words_answers_what_was_told_and_keeps_its_buttons(
    app: App, ana: Person, library: Library
) -> None:
    await ana.says("/ground")
    buttons = ana.labels()
    await ana.says("my dad died on Tuesday")
    assert line_of(library, "grief", ana.hears()[-1])
    assert buttons[0] in ana.labels()
    first = line_of(library, "grief", ana.hears()[-1])
    await ana.says("my mum died as well")
    assert line_of(library, "grief", ana.hears()[-1]) != first


@pytest.mark.parametrize("more", [("More", "If my tears could speak"), ("More", "Anger")])
async def test_a_screen_that_says_one_can_type_takes_what_is_typed(
    app: App, ana: Person, library: Library, more: tuple[str, ...]
) -> None:
    await ana.says("/reflect")
    for label in more:
        await ana.taps(label)
    await ana.says("they would say nobody came")
    assert line_of(library, "left-alone-as-a-child", ana.hears()[-1])
    assert "That's enough" in [label for row in ana.labels() for label in row]


async def test_where_nothing_waits_it_is_answered_too(app: App, ana: Person, library: Library) -> None:
    await ana.starts()
    await ana.says("we lost our dog on Sunday")
    assert line_of(library, "loss-of-an-animal", ana.hears()[-1])
    assert library.of("en").disclosures.button in [label for row in ana.labels() for label in row]
    await ana.says("I can't sleep since he died")
    assert line_of(library, "grief", ana.hears()[-1])
    assert "Nights can be long." in ana.hears()[-1]
    await ana.says("my phone died")
    assert ana.hears()[-1] == library.of("en").interface.replies.free_text


async def test_who_asks_back_in_a_reflection_hears_the_question_again(app: App, ana: Person) -> None:
    await reflect(ana)
    asked = ana.hears()[-1]
    await ana.says("what do you mean?")
    assert ana.hears()[-1] == asked


@pytest.mark.parametrize(
    ("typed", "begins"),
    [("do you store my messages?", "What I keep"), ("is this an emergency service?", "I'm not for emergencies")],
)
async def test_a_question_about_the_bot_is_answered_in_a_reflection_which_goes_on_waiting(
    app: App, ana: Person, library: Library, typed: str, begins: str
) -> None:
    await reflect(ana)
    asked = ana.hears()[-1]
    await ana.says(typed)
    assert ana.hears()[-1].startswith(begins)
    await ana.says("my dad died")
    assert line_of(library, "grief", ana.hears()[-1])
    assert ana.hears()[-1] != asked
