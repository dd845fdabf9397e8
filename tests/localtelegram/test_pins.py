"""Pins and reactions."""

from localtelegram.people.groups import make_group
from localtelegram.people.person import Person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask


async def test_pin_and_unpin(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    said = await ada.says("Hello", group)
    refused = await ask("pinChatMessage", chat_id=group.id, message_id=said.id)
    await group.promote(bot, can_pin_messages=True)

    await ask("pinChatMessage", chat_id=group.id, message_id=said.id, disable_notification=True)
    pinned = (await ask("getChat", chat_id=group.id))["result"]["pinned_message"]
    await ask("unpinChatMessage", chat_id=group.id)
    missing = await ask("pinChatMessage", chat_id=group.id, message_id=99)
    after = (await ask("getChat", chat_id=group.id))["result"]

    assert refused["description"] == "Bad Request: not enough rights to manage pinned messages in the chat"
    assert pinned["text"] == "Hello"
    assert missing["description"] == "Bad Request: message to pin not found"
    assert "pinned_message" not in after


async def test_reactions_of_the_bot(ask: Ask, ada: Person) -> None:
    await ada.starts()
    dove, heart = ({"type": "emoji", "emoji": emoji} for emoji in "🕊❤")

    one = await ask("setMessageReaction", chat_id=ada.id, message_id=1, reaction=[dove])
    two = await ask("setMessageReaction", chat_id=ada.id, message_id=1, reaction=[dove, heart])
    gone = await ask("setMessageReaction", chat_id=ada.id, message_id=9, reaction=[dove])

    assert one["result"] is True
    assert ada.chat.messages[1].reactions == {123456: [dove]}
    assert two["description"] == "Bad Request: REACTIONS_TOO_MANY"
    assert gone["description"] == "Bad Request: message to react not found"


async def test_reactions_of_people_reach_administrators_that_asked(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.promote(bot)
    said = await ada.says("Hello", group)
    await ada.reacts(said, "🕊", group)
    by_default = [update for update in (await ask("getUpdates"))["result"] if "message_reaction" in update]
    await ask("getUpdates", allowed_updates=["message_reaction"])
    await ada.reacts(said, None, group)
    asked = (await ask("getUpdates", offset=-1))["result"][0]["message_reaction"]

    assert by_default == []
    assert (asked["old_reaction"], asked["new_reaction"]) == ([{"type": "emoji", "emoji": "🕊"}], [])
