"""What people do besides writing: deep links, the reply keyboard and its requests; the events for the page."""

import pytest

from localtelegram.answers import Json
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask

GROUP = {"request_chat": {"request_id": 3, "chat_is_channel": False, "bot_is_member": True}}
CHANNEL = {
    "request_chat": {
        "request_id": 4,
        "chat_is_channel": True,
        "user_administrator_rights": {"can_post_messages": True, "can_invite_users": True},
        "bot_administrator_rights": {"can_post_messages": True},
    }
}
NO_RIGHTS = dict.fromkeys(
    (
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_send_welcome_messages",
    ),
    False,
)


def keyboard(*buttons: Json) -> Json:
    return {"keyboard": [[{"text": f"Key {number}", **button}] for number, button in enumerate(buttons)]}


def channel_key() -> Json:
    rights = ("user_administrator_rights", "bot_administrator_rights")
    full = {name: NO_RIGHTS | CHANNEL["request_chat"][name] for name in rights}  # type: ignore[operator]  # JSON
    return {"request_chat": CHANNEL["request_chat"] | full}


async def last_message(ask: Ask) -> Json:
    update: Json = (await ask("getUpdates", offset=-1))["result"][0]
    return dict(update["message"])


async def test_start_with_a_payload(ask: Ask, ada: Person) -> None:
    await ada.starts("circle-7")

    message = await last_message(ask)

    assert (message["text"], message["entities"]) == (
        "/start circle-7",
        [{"offset": 0, "length": 6, "type": "bot_command"}],
    )


async def test_keys_say_their_label(ask: Ask, ada: Person) -> None:
    await ada.starts()
    await ask("sendMessage", chat_id=ada.id, text="Which?", reply_markup=keyboard({}, {}))

    shown = ada.keys()
    await ada.presses("Key 1")
    await ask("sendMessage", chat_id=ada.id, text="Thanks", reply_markup={"remove_keyboard": True})

    assert shown == [["Key 0"], ["Key 1"]]
    assert ada.sees() == ["/start", "Which?", "Key 1", "Thanks"]
    assert ada.keys() == []
    with pytest.raises(LookupError, match=r"no key 'Key 1' on the keyboard; there are \[\]"):
        await ada.presses("Key 1")


async def test_request_chat_offers_what_fits(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    robin = add_person(telegram, "Robin")
    await ada.starts()
    circle = make_group(telegram, "Circle", owner=ada)
    elsewhere = make_group(telegram, "Elsewhere", owner=robin)
    channel = make_group(telegram, "Mornings", owner=ada, kind="channel")
    await ask("sendMessage", chat_id=ada.id, text="Which?", reply_markup=keyboard(GROUP))

    with pytest.raises(ValueError, match="Elsewhere is not offered: the person is not in it"):
        await ada.shares_chat(elsewhere)
    with pytest.raises(LookupError, match="no key asks for such a chat"):
        await ada.shares_chat(channel)
    with pytest.raises(ValueError, match="use shares_chat"):
        await ada.presses("Key 0")
    await ada.shares_chat(circle)

    assert (await last_message(ask))["chat_shared"] == {"request_id": 3, "chat_id": circle.id}
    assert circle.chat.member(bot.id).status == "member"


async def test_request_chat_gives_the_bot_the_rights_it_asks_for(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    await ada.starts()
    channel = make_group(telegram, "Mornings", owner=ada, kind="channel")
    sent = await ask("sendMessage", chat_id=ada.id, text="Which?", reply_markup=keyboard(channel_key()))

    await ada.shares_chat(channel)
    posted = await ask("sendMessage", chat_id=channel.id, text="Good morning")

    assert (sent["ok"], posted["ok"]) == (True, True)
    assert channel.chat.members[bot.id].rights == {"can_post_messages": True}
    assert telegram.complaints == []


async def test_bot_may_not_ask_for_more_rights_than_the_person(ask: Ask, ada: Person) -> None:
    await ada.starts()
    key = channel_key()
    key["request_chat"]["bot_administrator_rights"] = NO_RIGHTS | {"can_delete_messages": True}

    body = await ask("sendMessage", chat_id=ada.id, text="Which?", reply_markup=keyboard(key))

    assert "must be a subset" in body["description"]


async def test_a_location_is_shared(ask: Ask, ada: Person) -> None:
    await ada.starts()
    await ada.shares_location(52.5, 13.4)

    assert (await last_message(ask))["location"] == {"latitude": 52.5, "longitude": 13.4}


async def test_blocked_bot_hears_nothing_until_start(ada: Person) -> None:
    await ada.starts()
    await ada.blocks()

    with pytest.raises(ValueError, match="the bot is blocked"):
        await ada.says("hello")
    await ada.starts()

    assert ada.sees() == ["/start", "/start"]


async def test_events_tell_a_page_what_happened(ask: Ask, telegram: LocalTelegram, ada: Person) -> None:
    events: list[tuple[str, int | None]] = []
    unsubscribe = telegram.subscribe(lambda event: events.append((event.kind, event.chat_id)))
    await ada.starts()
    sent = await ask("sendMessage", chat_id=ada.id, text="a")
    message_id = sent["result"]["message_id"]
    await ask("editMessageText", chat_id=ada.id, message_id=message_id, text="b")
    ada.deletes(message_id)
    await ask("setMyCommands", commands=[])
    unsubscribe()
    await ada.says("unheard")

    assert events == [
        ("message", ada.id),
        ("message", ada.id),
        ("edited", ada.id),
        ("deleted", ada.id),
        ("commands", None),
    ]


async def test_a_key_asks_for_a_location(ask: Ask, ada: Person) -> None:
    await ada.starts()
    key = {"text": "Here", "request_location": True}
    await ask("sendMessage", chat_id=ada.id, text="Where?", reply_markup={"keyboard": [[key]]})
    with pytest.raises(ValueError, match="use shares_location"):
        await ada.presses("Here")
