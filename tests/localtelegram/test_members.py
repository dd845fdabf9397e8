"""Memberships: which updates a change sends, what the bot can look up, and who is the sender of a message."""

import pytest

from localtelegram.answers import Json
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask


async def updates(ask: Ask, *kinds: str) -> list[Json]:
    return [update for update in (await ask("getUpdates"))["result"] if not kinds or update.keys() & set(kinds)]


def statuses(update: Json) -> tuple[str, str]:
    change = update["my_chat_member"]
    return change["old_chat_member"]["status"], change["new_chat_member"]["status"]


async def test_block_and_unblock_are_told(ask: Ask, ada: Person) -> None:
    await ada.starts()
    await ada.blocks()
    await ada.unblocks()

    received = await updates(ask, "my_chat_member")

    assert [statuses(update) for update in received] == [("member", "kicked"), ("kicked", "member")]
    assert received[0]["my_chat_member"]["chat"] == ada.chat.chat()


async def test_bot_is_told_when_it_is_added_and_removed(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    await group.promote(bot)
    await group.ban(bot)

    received = await updates(ask)

    assert [statuses(update) for update in received if "my_chat_member" in update] == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "kicked"),
    ]
    assert [update["message"]["new_chat_members"] for update in received if "message" in update] == [[bot.user()]]


async def test_link_adds_the_bot_to_a_group_with_a_payload(ask: Ask, telegram: LocalTelegram, ada: Person) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await ada.adds_bot(group, "circle-7")

    received = await updates(ask, "message")

    assert received[-1]["message"]["text"] == "/start@echo_bot circle-7"
    assert received[-1]["message"]["entities"] == [{"offset": 0, "length": 15, "type": "bot_command"}]


async def test_privacy_mode(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    await ask("sendMessage", chat_id=group.id, text="Hello")
    hello = group.messages()[-1]
    for text in ("just talk", "/help", "/help@other_bot", "/help@Echo_Bot", "hello @echo_bot"):
        await ada.says(text, group)
    await ada.says("an answer", group, reply_to=hello)
    without = [update["message"].get("text") for update in await updates(ask, "message")]
    await group.promote(bot)
    await ada.says("more talk", group)
    with_rights = [update["message"].get("text") for update in await updates(ask, "message")]

    assert without == [None, "/help", "/help@Echo_Bot", "an answer"]
    assert with_rights == [*without, "more talk"]


async def test_bare_command_goes_to_the_bot_that_wrote_last(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    other = telegram.add_bot("77:other", first_name="Other", username="other_bot")
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    await group.add(other)
    await telegram.call(other.token, "sendMessage", {"chat_id": group.id, "text": "Me"})

    await ada.says("/help", group)

    assert [update["message"] for update in await updates(ask, "message") if "text" in update["message"]] == []


async def test_anonymous_administrator_writes_as_the_group(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    robin = add_person(telegram, "Robin")
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    await group.promote(robin, is_anonymous=True)
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
    await ask("sendMessage", chat_id=group.id, text="Hello", reply_markup=keyboard)

    await robin.says("/help", group)
    await robin.taps("More", group)
    message, tapped = (await updates(ask))[-2:]

    assert message["message"]["sender_chat"] == group.chat.chat()
    assert message["message"]["from"]["id"] == 1087968824
    assert tapped["callback_query"]["from"]["id"] == robin.id


async def test_channel_posts_have_no_sender_and_reach_the_linked_group(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    channel = make_group(telegram, "Mornings", owner=ada, kind="channel")
    group = make_group(telegram, "Circle", owner=ada)
    group.link(channel)
    await channel.promote(bot, can_post_messages=True)
    await group.promote(bot)
    await ada.says("Good morning", channel)

    received = await updates(ask, "channel_post", "message")
    post, forward = received[-2]["channel_post"], received[-1]["message"]

    assert (post["sender_chat"], "from" in post) == (channel.chat.chat(), False)
    assert (forward["from"]["id"], forward["sender_chat"]) == (777000, channel.chat.chat())
    assert (forward["is_automatic_forward"], forward["text"]) == (True, "Good morning")


async def test_get_chat_member(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    robin = add_person(telegram, "Robin")
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)

    owner = await ask("getChatMember", chat_id=group.id, user_id=ada.id)
    stranger = await ask("getChatMember", chat_id=group.id, user_id=robin.id)
    unknown = await ask("getChatMember", chat_id=group.id, user_id=1)
    group.chat.has_hidden_members = True
    hidden = await ask("getChatMember", chat_id=group.id, user_id=ada.id)
    itself = await ask("getChatMember", chat_id=group.id, user_id=bot.id)

    assert owner["result"] == {"user": ada.account.user(), "status": "creator", "is_anonymous": False}
    assert stranger["result"] == {"user": robin.account.user(), "status": "left"}
    assert unknown["description"] == "Bad Request: PARTICIPANT_ID_INVALID"
    assert hidden["description"] == "Bad Request: CHAT_ADMIN_REQUIRED"
    assert itself["result"]["status"] == "member"


async def test_unknown_member_of_a_basic_group(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    group = make_group(telegram, "Circle", owner=ada, kind="group")
    await group.add(bot)

    assert (await ask("getChatMember", chat_id=group.id, user_id=1))["description"] == "Bad Request: member not found"


async def test_member_list_of_a_channel_is_for_administrators(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    channel = make_group(telegram, "Mornings", owner=ada, kind="channel")
    await channel.add(bot)
    closed = [
        await ask("getChatMember", chat_id=channel.id, user_id=ada.id),
        await ask("getChatAdministrators", chat_id=channel.id),
    ]
    await channel.promote(bot)
    opened = await ask("getChatAdministrators", chat_id=channel.id)

    assert [body["description"] for body in closed] == ["Bad Request: member list is inaccessible"] * 2
    assert [member["status"] for member in opened["result"]] == ["creator", "administrator"]


async def test_lookups_of_a_private_chat(ask: Ask, ada: Person) -> None:
    await ada.starts()

    administrators = await ask("getChatAdministrators", chat_id=ada.id)
    chat = await ask("getChat", chat_id=ada.id)

    assert administrators["description"] == "Bad Request: there are no administrators in the private chat"
    assert chat["result"]["first_name"] == "Ada"


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_people_write_only_where_they_may(
    telegram: LocalTelegram, bot: BotAccount, ada: Person, kind: str
) -> None:
    robin = add_person(telegram, "Robin")
    group = make_group(telegram, "Circle", owner=ada, kind=kind)

    with pytest.raises(ValueError, match="write in"):
        await robin.says("hello", group)
