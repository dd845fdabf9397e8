"""The people and chats of the preview; all JSON that the local Telegram sends fits the Bot API's definition."""

from localtelegram.answers import Json
from localtelegram.people.demo import DemoWorld, populate
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram

from .conformity import result_misfits, update_misfits

KEYBOARD = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}

ALLOWED = ["message", "channel_post", "callback_query", "inline_query", "my_chat_member", "chat_member"]


async def test_world_opens_with_its_people_and_chats(telegram: LocalTelegram) -> None:
    world = await populate(telegram)

    assert [person.account.first_name for person in (world.you, world.robin)] == ["You", "Robin"]
    assert (world.bot.first_name, world.bot.username) == ("Gentle tears", "gentle_tears_bot")
    assert [topic.name for topic in world.circle.chat.topics.values()] == [
        "General",
        "Gentle reminders",
        "Practicalities",
    ]
    assert (world.circle.chat.title, world.channel.chat.title) == ("Tuesday circle", "Quiet mornings")
    assert world.channel.chat.members[world.you.id].status == "creator"
    assert world.you.sees() == []
    assert world.circle.chat.members[world.bot.id].status == "member"
    assert world.channel.chat.may(world.bot.id, "can_post_messages")


async def test_all_that_is_given_out_is_what_the_bot_api_defines(telegram: LocalTelegram, png: bytes) -> None:
    world = await populate(telegram)
    await everything(world, png)

    updates = (await call(world, "getUpdates", {"limit": 100}))["result"]
    bad_updates = [problem for update in updates for problem in update_misfits(update)]
    bad_results = [
        problem for sent in telegram.sent if sent.status == 200 for problem in result_misfits(sent.method, sent.result)
    ]

    assert {sent.status for sent in telegram.sent} == {200}
    assert len(updates) > 15
    assert {kind for update in updates for kind in update} == {"update_id", *ALLOWED}
    assert bad_updates == []
    assert bad_results == []
    assert telegram.complaints == []


async def call(world: DemoWorld, method: str, params: Json, **files: bytes) -> Json:
    return (await world.telegram.call(world.bot.token, method, params, files)).body


async def everything(world: DemoWorld, png: bytes) -> None:
    """Does a little of everything that people and the bot can do."""
    await call(world, "getUpdates", {"allowed_updates": ALLOWED})
    await groups(world)
    await private(world, world.you, png)
    for method in ("getMe", "getWebhookInfo"):
        await call(world, method, {})
    for chat_id in (world.you.id, world.circle.id, world.channel.id):
        await call(world, "getChat", {"chat_id": chat_id})
        await call(world, "getChatMember", {"chat_id": chat_id, "user_id": world.you.id})
    await call(world, "getChatAdministrators", {"chat_id": world.circle.id})
    asked = await world.you.asks("tea")
    article = {"type": "article", "id": "1", "title": "One", "input_message_content": {"message_text": "One"}}
    await call(world, "answerInlineQuery", {"inline_query_id": asked.id, "results": [article]})
    await world.you.chooses(asked, "1")
    await world.you.blocks()


async def groups(world: DemoWorld) -> None:
    world.circle.link(world.channel)
    await world.circle.promote(world.bot, can_manage_topics=True)
    await world.channel.promote(world.bot, can_post_messages=True)
    await world.circle.restrict(world.you, can_send_photos=False)
    await world.circle.promote(world.robin, is_anonymous=True, by=world.circle.owner)
    await world.robin.says("hello https://x.org", world.circle, "Practicalities")
    message = await world.you.says("hello", world.circle)
    await world.you.says("an answer", world.circle, reply_to=message)
    await world.you.says("good morning", world.channel)
    await call(world, "sendMessage", {"chat_id": world.channel.id, "text": "a", "reply_markup": KEYBOARD})
    topic = await world.circle.open_topic("New")
    await call(world, "sendMessage", {"chat_id": world.circle.id, "message_thread_id": topic.id, "text": "a"})
    await world.circle.close_topic(topic)
    await world.circle.reopen_topic(topic)


async def private(world: DemoWorld, person: Person, png: bytes) -> None:
    await person.starts("x")
    to_person: Json = {"chat_id": person.id}
    sent = await call(world, "sendMessage", {**to_person, "text": "a /help", "reply_markup": KEYBOARD})
    await person.taps("More")
    message_id = sent["result"]["message_id"]
    await call(world, "editMessageText", {**to_person, "message_id": message_id, "text": "b"})
    await call(world, "sendPhoto", {**to_person, "caption": "c"}, photo=png)
    await call(world, "sendDocument", to_person, document=png)
    await person.taps_data(999, "gone")
    keys = [[{"text": "Which", "request_chat": {"request_id": 1, "chat_is_channel": False}}]]
    await call(world, "sendMessage", {**to_person, "text": "a", "reply_markup": {"keyboard": keys}})
    await person.shares_location(1, 2.5)
