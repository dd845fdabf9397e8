"""The questions after a person's first reminder, and what comes to those who were not asked."""

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Chat, Conversation
from bot.domain.ids import TelegramId
from bot.usecases.chats import find_chat, get_or_create_chat
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe


async def chat_of(app: App, telegram_id: int) -> Chat:
    async with app.database.read() as session:
        chat = await find_chat(session, TelegramId(telegram_id))
        assert chat
        return chat


async def left_out(app: App, telegram_id: int) -> set[str]:
    return set(filter(None, (await chat_of(app, telegram_id)).left_out.split(",")))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("In therapy", {"group"}),
        ("In a group", {"therapy"}),
        ("Both", set()),
        ("Neither", {"therapy", "group"}),
        ("Skip", {"therapy", "group"}),
    ],
)
async def test_the_answer_decides_which_themes_come(
    app: App, ana: Person, catalogue: Catalogue, answer: str, expected: set[str]
) -> None:
    await subscribe(ana)
    await ana.taps(answer)
    assert await left_out(app, ana.id) == catalogue.rules.themes_for.unasked(
        in_therapy="therapy" not in expected, in_group="group" not in expected
    )


async def test_what_was_left_out_otherwise_stays_out(app: App, ana: Person) -> None:
    await ana.says("/themes")
    await ana.taps("✓ Being seen")
    await subscribe(ana)
    await ana.taps("Both")
    assert await left_out(app, ana.id) == {"being-seen"}


@pytest.mark.parametrize(("answer", "expected"), [("As pictures", True), ("As words", False), ("Skip", True)])
async def test_words_or_pictures(app: App, ana: Person, answer: str, *, expected: bool) -> None:
    await ana.says("/settings")
    await ana.taps("As pictures")
    await subscribe(ana)
    for label in ("Skip", answer):
        await ana.taps(label)
    assert (await chat_of(app, ana.id)).shows_pictures is expected
    assert ana.hears()[-1] == "Thank you. That's all."
    async with app.database.read() as session:
        assert (await session.scalars(select(Conversation))).all() == []


async def test_the_answer_itself_is_not_stored(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.taps("In therapy")
    async with app.database.read() as session:
        (conversation,) = (await session.scalars(select(Conversation))).all()
    assert (conversation.step, conversation.draft) == ("first-look", "{}")


async def test_they_do_not_take_words_that_are_meant_for_a_flow(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    await ana.says("/ground")
    for label in ("Once a day", "08:30", "London, 12:00"):
        await ana.taps(label)
    await ana.says("My aunt sells turtles")
    assert any(text in ana.hears()[-1] for text in catalogue.interface.flows.not_asked)


async def test_they_do_not_take_words_that_are_meant_for_a_question(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    await ana.taps("Quiet hours")
    await ana.taps("Neither")  # so that theirs is the newest
    await ana.says("23-8")
    assert "Quiet hours: 23:00 to 08:00" in ana.hears()[-1]


async def test_a_chat_that_was_there_before_keeps_what_it_has(app: App, ana: Person, clock: MovableClock) -> None:
    async with app.database.write() as session:
        await get_or_create_chat(session, TelegramId(ana.id), "private", clock())
    await subscribe(ana)
    await ana.taps("Skip")
    assert await left_out(app, ana.id) == set()


async def test_a_button_of_a_question_that_is_answered_changes_nothing(
    app: App, ana: Person, catalogue: Catalogue
) -> None:
    await subscribe(ana)
    data = ana.last()["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await ana.taps("Neither")
    for forged in (data, data.replace("therapy", "other")):
        await ana.taps_data(ana.last()["message_id"], forged)
        assert ana.toasts[-1].text == catalogue.interface.replies.stale
    assert await left_out(app, ana.id) == catalogue.rules.themes_for.unasked()


async def test_before_anyone_was_asked_nothing_about_sessions_or_groups_comes(
    app: App, ana: Person, catalogue: Catalogue
) -> None:
    for _ in catalogue.affirmations:
        await ana.says("/affirm")
    assert set(ana.hears()) == {affirmation.text for affirmation in catalogue.for_everyone}


async def test_themes_shows_them_turned_off_and_turns_them_on(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/themes")
    labels = {label for row in ana.labels() for label in row}
    assert {"In a group", "Before a session", "After a session"} <= labels
    await ana.taps("Before a session")
    assert await left_out(app, ana.id) == catalogue.rules.themes_for.unasked() - {"before-a-session"}
    await ana.taps("Turn all on")
    assert await left_out(app, ana.id) == set()


async def test_a_group_gets_what_is_about_groups_and_a_channel_does_not(
    telegram: LocalTelegram, app: App, ana: Person, catalogue: Catalogue
) -> None:
    group, channel = make_group(telegram, "Circle", owner=ana), make_group(telegram, "Quiet", owner=ana, kind="channel")
    await group.add(ana.bot, by=ana)
    await ana.says("/affirm@gentle_tears_bot", group)
    assert await left_out(app, group.id) == set(catalogue.rules.themes_for.therapy)
    await ana.says("/share")
    await ana.shares_chat(channel)
    assert await left_out(app, channel.id) == catalogue.rules.themes_for.unasked()


async def test_a_reminder_of_a_group_asks_nobody_in_private(telegram: LocalTelegram, app: App, ana: Person) -> None:
    group = make_group(telegram, "Circle", owner=ana)
    await ana.says("/share")
    await ana.shares_chat(group)
    for label in ("08:30", "Every day", "London, 12:00", "These themes", "As words"):
        await ana.taps(label)
    assert not any("In therapy" in row for row in ana.labels())
