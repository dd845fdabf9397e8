"""What stays on the screen after somebody went on: keyboards of the bot, buttons of older screens and questions."""

import pytest

from bot.app import App
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram


def buttons(person: Person) -> list[int]:
    """How many buttons each message has that has some, oldest first."""
    markups = [message.json.get("reply_markup") for message in person.chat.in_order()]
    return [sum(map(len, markup["inline_keyboard"])) for markup in markups if markup and "inline_keyboard" in markup]


@pytest.mark.parametrize("commands", [["/themes", "/settings", "/reminders"], ["/settings"], ["/help", "/privacy"]])
async def test_a_screen_takes_the_buttons_of_those_before_it(ana: Person, commands: list[str]) -> None:
    await ana.starts()
    await ana.taps("Not now")
    for _ in range(3):
        for command in commands:
            await ana.says(command)
    assert len(buttons(ana)) == 1


async def test_a_set_up_by_typing_leaves_no_button_that_does_nothing(ana: Person) -> None:
    await ana.starts()
    for answer in ("once a day", "7.45 pm", "springfield", "Germany"):
        await ana.says(answer)
    assert "It's set: every day at 19:45." in ana.hears()[-2]
    assert buttons(ana) == [3, 5]  # what is set, and the question that waits


async def test_what_is_no_screen_keeps_its_buttons(ana: Person) -> None:
    await ana.starts()
    await ana.taps("Not now")
    await ana.says("/support")
    await ana.says("/affirm")
    before = buttons(ana)
    await ana.says("/themes")
    assert buttons(ana)[:-1] == before


async def test_the_next_command_takes_the_keyboard_along(ana: Person) -> None:
    await ana.starts()
    await ana.says("/share")
    await ana.says("/ground")
    assert ana.keys() == []
    assert "/share is here whenever you like." in ana.hears()[-2]
    assert "Your eyes can rest on it for a while." in ana.hears()[-1]


async def test_nothing_goes_ahead_of_people_who_listen_and_not_now_closes_the_keyboard(ana: Person) -> None:
    await ana.starts()
    await ana.says("/share")
    heard = len(ana.hears())
    await ana.says("/support")
    assert len(ana.hears()) == heard + 1
    await ana.taps("Grounding, now")
    await ana.says("Not now")
    assert ana.keys() == []
    assert ana.hears()[-1] == "That's fine. /share is here whenever you like."


async def test_an_answered_question_in_a_group_loses_its_buttons(
    ana: Person, app: App, telegram: LocalTelegram
) -> None:
    circle = make_group(telegram, "Circle", owner=ana)
    await circle.add(ana.bot)
    await ana.says("/reminders", circle)
    await ana.taps("Add a reminder", circle)
    question = circle.messages()[-1]
    await ana.says("half past never", circle, reply_to=question)
    assert "reply_markup" in question.json
    await ana.says("20:15", circle, reply_to=question)
    assert "Which days?" in circle.texts()[-1]
    assert "reply_markup" not in question.json


async def test_a_group_with_topics_is_told_where_messages_come(ana: Person, app: App, telegram: LocalTelegram) -> None:
    circle = make_group(telegram, "Circle", owner=ana, is_forum=True)
    await circle.add(ana.bot)
    await ana.says("/share")
    await ana.shares_chat(circle)
    assert "Circle has topics. Set up here, messages come in General." in ana.hears()[-2]
