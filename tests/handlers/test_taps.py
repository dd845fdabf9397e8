"""Taps under posts in groups and channels: each person counts once, nobody is named, many taps cause few edits."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from telegram import Update

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.models import Chat, Post, PostTap, QueuedMessage
from bot.database.values import MessageKind, MessageState
from bot.delivery.keyboards import keyboard
from bot.domain.ids import TelegramId
from bot.screens.taps import rows_under_sentence
from bot.settings import read_settings
from bot.usecases.chats import find_chat
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build

EDIT = "editMessageReplyMarkup"
PRIVATE = "A short exercise, in private"


@pytest.fixture
async def group(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    group = make_group(telegram, "Tuesday group", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says("/affirm@gentle_tears_bot", group)
    return group


@pytest.fixture
async def robin(telegram: LocalTelegram, group: Group, ana: Person) -> Person:
    robin = add_person(telegram, "Robin")
    await group.add(robin, by=ana)
    return robin


def edits(telegram: LocalTelegram) -> int:
    return sum(call.method == EDIT for call in telegram.sent)


async def show_all(app: App, clock: MovableClock) -> None:
    """Waits until all counts are shown."""
    for _ in range(3):
        await app.scheduler.catch_up()
        clock.move(timedelta(seconds=5))
    await app.scheduler.catch_up()


async def tap_of(app: App) -> PostTap:
    async with app.database.read() as session:
        return (await session.scalars(select(PostTap))).one()


async def test_a_tap_is_counted_shown_at_once_and_answered(
    app: App, group: Group, ana: Person, catalogue: Catalogue
) -> None:
    assert ana.labels(group) == [["Me too"], [PRIVATE]]
    before = ana.last(group)
    await ana.taps("Me too", group)
    assert ana.toasts[-1].text == catalogue.interface.posts.counted
    await app.tap_counts.settle()
    assert ana.labels(group) == [["Me too · 1"], [PRIVATE]]
    assert ana.last(group)["text"] == before["text"]
    assert ana.last(group)["reply_markup"]["inline_keyboard"][1] == before["reply_markup"]["inline_keyboard"][1]


async def test_one_per_person_and_it_can_be_taken_back(
    app: App, group: Group, ana: Person, robin: Person, catalogue: Catalogue, clock: MovableClock
) -> None:
    await ana.taps("Me too", group)
    await show_all(app, clock)
    await robin.taps("Me too · 1", group)
    await show_all(app, clock)
    await ana.taps("Me too · 2", group)
    assert ana.toasts[-1].text == catalogue.interface.posts.taken_back
    await show_all(app, clock)
    await robin.taps("Me too · 1", group)
    await show_all(app, clock)
    assert robin.labels(group) == [["Me too"], [PRIVATE]]


async def test_five_hundred_taps_in_a_minute_cost_few_edits_and_end_right(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, clock: MovableClock
) -> None:
    people = [add_person(telegram, f"P{number}") for number in range(400)]
    taps = people + people[100:200]  # a hundred of them take it back
    message_id, data = ana.last(group)["message_id"], "w:me_too"
    before = edits(telegram)
    for second in range(60):
        batch = taps[second * 500 // 60 : (second + 1) * 500 // 60]
        await asyncio.gather(*(person.taps_data(message_id, data, group) for person in batch))
        await app.scheduler.catch_up()
        clock.move(timedelta(seconds=1))
    await show_all(app, clock)
    assert edits(telegram) - before <= 15
    assert ana.labels(group)[0] == ["Me too · 300"]
    assert telegram.unanswered_taps == []


async def test_it_stands_under_a_channels_posts_and_under_pictures(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock
) -> None:
    channel = make_group(telegram, "Gentle channel", owner=ana, kind="channel")
    await ana.adds_bot(channel, can_post_messages=True)
    async with app.database.write() as session:
        chat = Chat(telegram_id=channel.id, kind="channel", shows_pictures=True, seed=1, created_at=clock())
        session.add(chat)
        await session.flush()
        post = QueuedMessage(
            chat_id=chat.id,
            kind=MessageKind.AFFIRMATION,
            affirmation_id="tears-are-human",
            occurrence_at=clock(),
            send_after=clock(),
            send_before=clock() + timedelta(hours=1),
            state=MessageState.QUEUED,
        )
        session.add(post)
    await app.scheduler.catch_up()
    assert "photo" in ana.last(channel)
    assert ana.labels(channel) == [["Me too"], [PRIVATE]]
    reader = add_person(telegram, "A reader")
    await reader.taps("Me too", channel)
    await show_all(app, clock)
    assert ana.labels(channel) == [["Me too · 1"], [PRIVATE]]
    assert "photo" in ana.last(channel)


async def test_a_tap_under_the_copy_in_the_linked_group_counts_for_the_channels_post(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, clock: MovableClock
) -> None:
    channel = make_group(telegram, "Gentle channel", owner=ana, kind="channel")
    await ana.adds_bot(channel, can_post_messages=True)
    group.link(channel)
    rows = rows_under_sentence(app.library.of("en").interface, "gentle_tears_bot")
    markup = keyboard(rows)
    await app.application.bot.send_message(channel.id, "Your tears are human.", reply_markup=markup)
    copy = group.messages()[-1]
    assert markup
    copy.json["reply_markup"] = markup.to_dict()  # Telegram's copy has the buttons from the first edit on
    await ana.taps_data(copy.id, "w:me_too", group)
    await show_all(app, clock)
    assert ana.labels(channel)[0] == ["Me too · 1"]
    async with app.database.read() as session:
        assert await session.scalar(select(Chat.telegram_id).join(Post)) == channel.id


async def test_in_a_private_chat_nothing_changes(app: App, ana: Person) -> None:
    await ana.says("/affirm")
    assert "Me too" not in {label for row in ana.labels() for label in row}


async def test_it_speaks_as_the_group_does(app: App, group: Group, ana: Person, clock: MovableClock) -> None:
    async with app.database.write() as session:
        chat = await find_chat(session, TelegramId(group.id))
        assert chat
        chat.language = "es"
    clock.move(timedelta(seconds=15))
    await ana.says("/affirm@gentle_tears_bot", group)
    assert ana.labels(group)[0] == ["A mí también"]
    await ana.taps("A mí también", group)
    await app.tap_counts.settle()
    assert ana.labels(group) == [["A mí también · 1"], ["Un ejercicio breve, en privado"]]


async def test_when_a_group_becomes_a_supergroup_its_old_posts_are_forgotten(
    telegram: LocalTelegram, app: App, ana: Person, clock: MovableClock
) -> None:
    group = make_group(telegram, "Small group", owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    await ana.says("/affirm@gentle_tears_bot", group)
    await ana.taps("Me too", group)
    await show_all(app, clock)
    await group.migrate()
    async with app.database.read() as session:
        assert (await session.scalars(select(PostTap))).all() == []


async def test_a_made_up_tap_counts_nothing(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, catalogue: Catalogue
) -> None:
    await ana.says("/help@gentle_tears_bot", group)
    stale = catalogue.interface.replies.stale
    await ana.taps_data(ana.last(group)["message_id"], "w:me_too", group)
    await ana.taps_data(9_999, "w:me_too", group)  # no such message
    await ana.taps_data(ana.last(group)["message_id"], "w:other", group)
    await ana.says("/affirm")
    await ana.taps_data(ana.last()["message_id"], "w:me_too")
    assert [toast.text for toast in ana.toasts[-4:]] == [stale] * 4
    async with app.database.read() as session:
        assert (await session.scalars(select(Post))).all() == []
    assert edits(telegram) == 0


async def test_a_deleted_post_is_given_up(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, robin: Person, clock: MovableClock
) -> None:
    await ana.taps("Me too", group)
    await app.tap_counts.settle()
    message_id = group.last()["message_id"]
    ana.deletes(message_id, group)
    await robin.taps_data(message_id, "w:me_too", group)
    await show_all(app, clock)
    tried = edits(telegram)
    await show_all(app, clock)
    assert edits(telegram) == tried == 2
    async with app.database.read() as session:
        assert (await session.scalars(select(Post.count))).one() == 2


async def test_an_old_post_answers_kindly_and_counts_no_more(
    app: App, group: Group, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await ana.taps("Me too", group)
    await app.tap_counts.settle()
    clock.move(timedelta(days=31))
    await app.scheduler.catch_up()
    await ana.taps("Me too · 1", group)
    assert ana.toasts[-1].text == catalogue.interface.posts.too_old
    async with app.database.read() as session:
        assert (await session.scalars(select(Post))).all() == []


async def test_what_telegram_asks_for_is_obeyed(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, robin: Person, clock: MovableClock
) -> None:
    telegram.faults.flood(20, method=EDIT)
    await ana.taps("Me too", group)
    await robin.taps(ana.labels(group)[0][0], group)  # the first count is shown at once, or a moment later
    await app.scheduler.catch_up()
    assert edits(telegram) == 1
    clock.move(timedelta(seconds=15))
    await app.scheduler.catch_up()
    assert edits(telegram) == 1
    clock.move(timedelta(seconds=10))
    await app.scheduler.catch_up()
    assert edits(telegram) == 2
    assert ana.labels(group)[0] == ["Me too · 2"]


async def test_two_posts_in_one_group_share_its_pace(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, clock: MovableClock
) -> None:
    first = ana.last(group)["message_id"]
    clock.move(timedelta(seconds=15))
    await ana.says("/affirm@gentle_tears_bot", group)
    second = ana.last(group)["message_id"]
    await ana.taps_data(first, "w:me_too", group)
    await ana.taps_data(second, "w:me_too", group)
    await app.scheduler.catch_up()
    assert edits(telegram) == 1
    clock.move(timedelta(seconds=5))
    await app.scheduler.catch_up()
    assert edits(telegram) == 2
    for message_id in (first, second):
        markup = group.chat.messages[message_id].json["reply_markup"]
        assert markup["inline_keyboard"][0][0]["text"] == "Me too · 1"


async def test_what_was_not_shown_when_the_program_ended_is_shown_by_the_next(
    telegram: LocalTelegram,
    app: App,
    group: Group,
    ana: Person,
    robin: Person,
    clock: MovableClock,
    library: Library,
    tmp_path: Path,
) -> None:
    await ana.taps("Me too", group)
    await robin.taps(ana.labels(group)[0][0], group)  # the first count is shown at once, or a moment later
    await app.scheduler.stop()
    again = build(read_settings(_env_file=None), library, telegram, clock, tmp_path)
    await start(again, telegram)
    clock.move(timedelta(seconds=5))
    await again.scheduler.catch_up()
    assert ana.labels(group)[0] == ["Me too · 2"]
    await again.stop()


async def test_an_update_that_comes_again_after_a_restart_takes_nothing_back(
    app: App, group: Group, ana: Person, clock: MovableClock
) -> None:
    await ana.taps("Me too", group)
    repeated = {
        "update_id": (await tap_of(app)).update_id,
        "callback_query": {
            "id": "1",
            "from": ana.account.user(),
            "chat_instance": "1",
            "data": "w:me_too",
            "message": ana.last(group),
        },
    }
    await app.application.process_update(
        Update.de_json(repeated, app.application.bot)
    )  # past the update queue, which knows that it is a repetition
    assert (await tap_of(app)).is_counted
    await show_all(app, clock)
    assert ana.labels(group)[0] == ["Me too · 1"]


async def test_forget_erases_a_persons_taps_everywhere(
    telegram: LocalTelegram, app: App, group: Group, ana: Person, robin: Person, clock: MovableClock
) -> None:
    await ana.taps("Me too", group)
    await robin.taps(ana.labels(group)[0][0], group)  # the first count is shown at once, or a moment later
    await show_all(app, clock)
    await ana.starts()
    await ana.says("/forget")
    await ana.taps("Yes, delete everything")
    await show_all(app, clock)
    assert ana.labels(group)[0] == ["Me too · 1"]
    async with app.database.read() as session:
        assert len((await session.scalars(select(PostTap))).all()) == 1
        assert await find_chat(session, TelegramId(group.id))


async def test_forget_works_for_someone_who_only_ever_tapped(
    telegram: LocalTelegram, app: App, group: Group, robin: Person, catalogue: Catalogue, clock: MovableClock
) -> None:
    await robin.taps("Me too", group)
    await robin.says("/forget")
    assert robin.hears()[-1].startswith(catalogue.interface.forget.done)
    await robin.says("/forget")
    assert robin.hears()[-1] == catalogue.interface.forget.nothing
    await show_all(app, clock)
    assert robin.labels(group)[0] == ["Me too"]
