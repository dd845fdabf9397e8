"""How long a question takes what is typed: until something else is asked for, not in a hard moment, not a day later."""

from datetime import timedelta

import pytest

from bot.app import App
from bot.content.load import Catalogue
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe

HARD = "i cant do this anymore"


def flat(person: Person) -> list[str]:
    return [label for row in person.labels() for label in row]


# A hard moment before the first reminder is set.


@pytest.mark.parametrize("typed", ["cant", "what", "no", "idk why", "..."])
async def test_after_something_hard_nobody_is_asked_how_often(ana: Person, catalogue: Catalogue, typed: str) -> None:
    await ana.starts()
    await ana.says(HARD)
    offered = flat(ana)
    assert offered == ["One thing to look at", "People who listen"]
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.interface.replies.free_text
    assert flat(ana) == offered
    await ana.says("why")
    assert flat(ana) == offered


@pytest.mark.parametrize("typed", ["ok", "yes", "Yes please", "sí", "sure"])
@pytest.mark.parametrize("between", [(), ("cant",)])
async def test_a_yes_begins_what_was_offered(
    ana: Person, catalogue: Catalogue, typed: str, between: tuple[str]
) -> None:
    await ana.starts()
    await ana.says(HARD)
    for text in between:
        await ana.says(text)
    await ana.says(typed)
    assert catalogue.interface.flows.out in flat(ana)


async def test_a_yes_to_an_answer_that_offers_nothing_of_its_own_begins_nothing(
    ana: Person, catalogue: Catalogue
) -> None:
    await ana.says("thank you")
    await ana.says("ok")
    assert catalogue.interface.flows.out not in flat(ana)


async def test_a_word_answers_what_stands_last(ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    await ana.says("/note")
    await ana.says("done")
    assert ana.hears()[-1] == catalogue.interface.notes.not_kept
    await ana.says(HARD)
    await ana.says("thanks")
    await ana.says("ok")
    assert catalogue.interface.flows.out not in flat(ana)
    await ana.says("no")
    assert ana.hears()[-1] == catalogue.interface.replies.free_text


@pytest.mark.parametrize("hard", [("i feel sad",), ("I want to die",), ("/support",), ("/ground", "stop")])
async def test_the_question_comes_back_when_it_is_asked_for(ana: Person, hard: tuple[str, ...]) -> None:
    await ana.starts()
    for text in hard:
        await ana.says(text)
    await ana.says("what")
    assert "How often" not in ana.hears()[-1]
    await ana.taps("Once a day")
    assert any("What time" in text for text in ana.hears())
    await ana.says("hm?")
    assert "Try 7:45" in ana.hears()[-1]


async def test_what_answers_the_question_is_taken_all_the_same(ana: Person) -> None:
    await ana.starts()
    await ana.taps("Once a day")
    await ana.says("i feel sad")
    await ana.says("8:30")
    assert "time zone" in ana.hears()[-1]


async def test_remind_asks_anew(ana: Person) -> None:
    await ana.starts()
    await ana.says(HARD)
    await ana.says("/remind")
    assert "How often" in ana.hears()[-1]


# Something else was asked for.


async def test_another_question_takes_the_place_of_the_one_before(ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    await ana.taps("Traveling")
    await ana.says("im in lisbon now")
    assert "home again" in ana.hears()[-1]
    await ana.says("/settings")
    await ana.taps("Time zone")
    await ana.says("Madrid")
    for typed in ("qwerty", "my street", "hands shaking", "friday"):
        await ana.says(typed)
        assert "coming year" not in ana.hears()[-1]
        assert catalogue.interface.flows.people in flat(ana)


async def test_a_command_closes_the_question_before_it(ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("/pause")
    await ana.says("/themes")
    await ana.says("for 10 days")
    assert ana.hears()[-1] == catalogue.interface.replies.free_text


async def test_its_buttons_still_hold_and_open_it_to_words_again(ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/pause")
    await ana.says("/themes")
    await ana.taps("Until a date")
    await ana.says("until friday")
    assert ana.hears()[-1].startswith("Paused until Friday")


@pytest.mark.parametrize("command", ["/help", "/privacy", "/affirm"])
async def test_who_looks_something_up_comes_back_to_the_question(ana: Person, command: str) -> None:
    await subscribe(ana)
    await ana.says("/pause")
    await ana.says(command)
    await ana.says("a week")
    assert ana.hears()[-1].startswith("Paused until")


async def test_a_question_takes_no_words_a_day_later(ana: Person, clock: MovableClock, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    await ana.taps("Quiet hours")
    clock.move(timedelta(hours=9))
    await ana.says("so tired of it all")
    assert "Try 23-8" not in ana.hears()[-1]
    await ana.says("23-8")
    assert ana.hears()[-1] == catalogue.interface.replies.free_text


async def test_a_change_of_sessions_is_not_taken_for_a_reminder(ana: Person) -> None:
    await ana.starts()
    await ana.says("/session tuesdays at 17:30")
    await ana.says("London")
    await ana.says("yes")
    await ana.says("/remind")
    await ana.says("/session")
    await ana.says("back on 7 January")
    assert "How often" not in ana.hears()[-1]
    assert "Which is the first one that doesn't take place?" in ana.hears()[-1]
    await ana.says("/session")
    await ana.says("every second thursday 9 am")
    await ana.says("yes")
    assert "Every other week on Thursday at 09:00, 50 minutes" in ana.hears()[-1]


# The keyboard of /share.


@pytest.mark.parametrize(
    ("typed", "label"), [("i feel sad", "Stay with me a while"), ("qwerty", "Grounding, now"), ("help", "Close this")]
)
async def test_words_in_place_of_a_chat_are_answered_with_buttons(
    ana: Person, catalogue: Catalogue, typed: str, label: str
) -> None:
    await subscribe(ana)
    await ana.says("/share")
    await ana.says(typed)
    assert not ana.keys()
    assert catalogue.interface.together.not_now_reply in ana.hears()
    assert label in [one["text"] for row in ana.last()["reply_markup"]["inline_keyboard"] for one in row]


async def test_share_shows_its_keyboard_while_an_exercise_waits(
    telegram: LocalTelegram, app: App, ana: Person, catalogue: Catalogue
) -> None:
    await ana.starts()
    await ana.says("/ground")
    await ana.says("/share")
    assert ana.keys()
    await ana.shares_chat(make_group(telegram, "Tuesday circle", owner=ana))
    assert not ana.keys()
