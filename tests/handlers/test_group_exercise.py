"""In groups the bot is brief: it sends a sentence or the helplines, and shows the way to the private chat."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Chat, Conversation, Visit
from bot.database.values import OffReason
from bot.usecases.chats import find_chat
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
async def test_what_is_personal_is_shown_the_way(circle: Group, ana: Person, command: str) -> None:
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


async def test_everyone_in_a_group_may_ask_for_it_and_nobody_is_kept(
    telegram: LocalTelegram, app: App, circle: Group, ana: Person
) -> None:
    robin = add_person(telegram, "Robin")
    await circle.add(robin, by=ana)
    await robin.says("/ground@gentle_tears_bot", circle)
    async with app.database.read() as session:
        assert [each.person_id for each in await session.scalars(select(Visit))] == [0]
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


async def chat_of(app: App, telegram_id: int) -> Chat:
    async with app.database.read() as session:
        chat = await find_chat(session, telegram_id)
    assert chat
    return chat


async def test_blocking_switches_off_and_unblocking_brings_back(app: App, ana: Person) -> None:
    await ana.starts()
    await ana.blocks()
    assert (await chat_of(app, ana.id)).off_reason == OffReason.BLOCKED
    await ana.unblocks()
    assert (await chat_of(app, ana.id)).off_reason is None


async def test_unblocking_does_not_undo_a_stop(app: App, ana: Person) -> None:
    await ana.says("/stop")
    await ana.blocks()
    await ana.unblocks()
    assert (await chat_of(app, ana.id)).off_reason == OffReason.STOPPED


async def test_a_group_that_becomes_a_supergroup_keeps_its_row(telegram: LocalTelegram, app: App, ana: Person) -> None:
    group = make_group(telegram, "Small circle", owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    await ana.says("/affirm@gentle_tears_bot", group)
    before = await chat_of(app, group.id)
    supergroup = await group.migrate()
    after = await chat_of(app, supergroup.id)
    assert (after.id, after.rotation_cursor) == (before.id, before.rotation_cursor)


async def test_two_people_do_not_disturb_each_other(app: App, ana: Person) -> None:
    robin = add_person(ana.telegram, "Robin")
    await ana.starts()
    await robin.starts()
    await ana.taps("Once a day")
    await robin.taps("Only once")
    await ana.taps("08:30")
    await robin.taps("London, 12:00")
    assert "Which place" in ana.hears()[-1]
    assert "When?" in robin.hears()[-1]
