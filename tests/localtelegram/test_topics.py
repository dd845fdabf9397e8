"""Forums: the topic that a message goes to; closed and deleted topics."""

import pytest

from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask


@pytest.fixture
async def forum(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> Group:
    group = make_group(telegram, "Circle", owner=ada, is_forum=True)
    await group.add(bot)
    return group


async def test_message_lands_in_its_topic(ask: Ask, telegram: LocalTelegram, forum: Group) -> None:
    topic = await forum.open_topic("Gentle reminders")

    there = await ask("sendMessage", chat_id=forum.id, message_thread_id=topic.id, text="There")
    general = await ask("sendMessage", chat_id=forum.id, text="Here")

    assert (there["result"]["message_thread_id"], there["result"]["is_topic_message"]) == (topic.id, True)
    assert "message_thread_id" not in general["result"]
    assert forum.texts(topic="Gentle reminders") == ["There"]
    assert forum.texts(topic="General") == ["Here"]
    assert telegram.complaints == []


async def test_what_a_person_says_in_a_topic_names_it(ask: Ask, ada: Person, forum: Group) -> None:
    topic = await forum.open_topic("Gentle reminders")

    await ada.says("/help", forum, "Gentle reminders")
    message = (await ask("getUpdates", offset=-1))["result"][0]["message"]

    assert (message["message_thread_id"], message["is_topic_message"]) == (topic.id, True)
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Gentle reminders"


@pytest.mark.parametrize("thread_id", [1, 4242])
async def test_unknown_topic(ask: Ask, forum: Group, thread_id: int) -> None:
    body = await ask("sendMessage", chat_id=forum.id, message_thread_id=thread_id, text="a")

    assert body["description"] == "Bad Request: message thread not found"


async def test_closed_topics(ask: Ask, bot: BotAccount, forum: Group) -> None:
    topic = await forum.open_topic("Practicalities")
    await forum.close_topic(topic)
    await forum.close_topic("General")

    closed = await ask("sendMessage", chat_id=forum.id, message_thread_id=topic.id, text="a")
    general = await ask("sendMessage", chat_id=forum.id, text="a")
    await forum.promote(bot, can_manage_topics=True)
    as_admin = await ask("sendMessage", chat_id=forum.id, message_thread_id=topic.id, text="a")

    assert (closed["description"], general["description"]) == ("Bad Request: TOPIC_CLOSED", "Bad Request: TOPIC_CLOSED")
    assert as_admin["ok"]


async def test_deleted_topic(ask: Ask, forum: Group) -> None:
    topic = await forum.open_topic("Practicalities")
    sent = await ask("sendMessage", chat_id=forum.id, message_thread_id=topic.id, text="a")
    await forum.delete_topic(topic)

    again = await ask("sendMessage", chat_id=forum.id, message_thread_id=topic.id, text="a")
    edit = await ask("editMessageText", chat_id=forum.id, message_id=sent["result"]["message_id"], text="b")

    assert again["description"] == "Bad Request: message thread not found"
    assert edit["description"] == "Bad Request: message to edit not found"


async def test_thread_outside_a_forum_is_ignored(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)

    body = await ask("sendMessage", chat_id=group.id, message_thread_id=5, text="a")

    assert "message_thread_id" not in body["result"]
    assert telegram.complaints == ["sendMessage: message_thread_id in a chat without topics: Telegram ignores it"]


async def test_answers_in_a_plain_supergroup_carry_a_thread_that_is_no_topic(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.promote(bot)
    first = await ada.says("first", group)
    await ada.says("second", group, reply_to=first)

    message = (await ask("getUpdates", offset=-1))["result"][0]["message"]

    assert (message["message_thread_id"], "is_topic_message" in message) == (first.id, False)
