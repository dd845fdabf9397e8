"""Commands of everyone in a group: a sentence, the exercise, the helplines, and the link to the private chat."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Conversation, Visit
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram


@pytest.fixture
async def circle(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    group = make_group(telegram, "Tuesday circle", owner=ana, is_forum=True)
    await group.add(ana.bot, by=ana)
    return group


async def test_a_sentence_comes_into_the_topic_that_asked(circle: Group, ana: Person) -> None:
    topic = await circle.open_topic("Gentle reminders", by=ana)
    await ana.says("/affirm@gentle_tears_bot", circle, topic)
    assert ana.last(circle)["message_thread_id"] == topic.id
    assert len(ana.hears(circle)) == 2  # with the hello


@pytest.mark.parametrize("command", ["privacy", "kept", "share"])
async def test_personal_commands_show_the_link_to_the_private_chat(circle: Group, ana: Person, command: str) -> None:
    await ana.says(f"/{command}@gentle_tears_bot", circle)
    button = ana.last(circle)["reply_markup"]["inline_keyboard"][0][0]
    payload = "share" if command == "share" else "group"
    assert button["url"] == f"https://t.me/gentle_tears_bot?start={payload}"


async def test_grounding_is_one_exercise_for_all_and_a_way_to_the_private_chat(
    circle: Group, ana: Person, catalogue: Catalogue, clock: MovableClock
) -> None:
    topic = await circle.open_topic("Gentle reminders", by=ana)
    for visit in (0, 1, 0):
        clock.move(timedelta(seconds=10))
        await ana.says("/ground@gentle_tears_bot", circle, topic)
        steps = catalogue.flows["grounding-in-a-group"].steps.values()
        assert ana.hears(circle)[-1] == "\n\n".join(step.say[visit] for step in steps)
    assert ana.last(circle)["message_thread_id"] == topic.id
    ((button,),) = ana.last(circle)["reply_markup"]["inline_keyboard"]
    assert button["url"] == "https://t.me/gentle_tears_bot?start=ground"


async def test_everyone_in_a_group_may_ask_for_it_and_no_person_is_stored(
    telegram: LocalTelegram, app: App, circle: Group, ana: Person
) -> None:
    robin = add_person(telegram, "Robin")
    await circle.add(robin, by=ana)
    await robin.says("/ground@gentle_tears_bot", circle)
    async with app.database.read() as session:
        assert [visit.person_id for visit in await session.scalars(select(Visit))] == [0]
        assert (await session.scalars(select(Conversation))).all() == []


async def test_help_and_support_answer_everyone(circle: Group, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/help@gentle_tears_bot", circle)
    assert ana.hears(circle)[-1] == catalogue.interface.help.group
    await ana.says("/support@gentle_tears_bot", circle)
    assert catalogue.support.card.people in ana.hears(circle)[-1]


async def test_what_people_say_to_each_other_is_not_answered(circle: Group, ana: Person) -> None:
    await circle.promote(ana.bot, by=ana)  # an administrator bot receives every message
    before = ana.hears(circle)
    await ana.says("It was a hard week.", circle)
    await ana.says("/unknown_command", circle)
    assert ana.hears(circle) == before
