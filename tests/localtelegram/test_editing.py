"""Edits and deletions: what may be changed, what is refused, and in which words."""

from datetime import timedelta

import pytest

from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person
from localtelegram.state.accounts import BotAccount
from localtelegram.state.refusal import Json
from localtelegram.telegram import LocalTelegram

from .asking import Ask

KEYBOARD = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def sent(ask: Ask, person: Person, **params: object) -> int:
    await person.starts()
    body = await ask("sendMessage", **{"chat_id": person.id, "text": "Hello", **params})
    return int(body["result"]["message_id"])


async def test_edit_keeps_the_message_and_takes_its_keyboard(ask: Ask, ada: Person) -> None:
    message_id = await sent(ask, ada, reply_markup=KEYBOARD)

    body = await ask("editMessageText", chat_id=ada.id, message_id=message_id, text="<b>New</b>", parse_mode="HTML")

    assert body["result"] == {
        "message_id": message_id,
        "from": {"id": 123456, "is_bot": True, "first_name": "Echo", "username": "echo_bot"},
        "chat": {"id": ada.id, "type": "private", "first_name": "Ada", "username": "ada_l"},
        "date": 1772452800,
        "text": "New",
        "entities": [{"offset": 0, "length": 3, "type": "bold"}],
        "edit_date": 1772452800,
    }
    assert ada.sees() == ["/start", "New"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "Hello", "reply_markup": KEYBOARD}, NOT_MODIFIED),
        ({"text": "", "reply_markup": KEYBOARD}, "Bad Request: message text is empty"),
        ({"text": "a" * 4097}, "Bad Request: MESSAGE_TOO_LONG"),
        ({"text": "a", "message_id": 99}, "Bad Request: message to edit not found"),
        ({"text": "a", "message_id": 1}, "Bad Request: message can't be edited"),
        ({"text": "a", "message_id": None}, "Bad Request: message identifier is not specified"),
        ({"text": "a", "message_id": None, "chat_id": None}, "Bad Request: message identifier is not specified"),
        ({"text": "a", "message_id": None, "chat_id": None, "inline_message_id": "x"},
         "Bad Request: MESSAGE_ID_INVALID"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "A"}]]}},
         "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ],
)  # fmt: skip
async def test_edit_text_refused(ask: Ask, ada: Person, params: Json, description: str) -> None:
    message_id = await sent(ask, ada, reply_markup=KEYBOARD)

    body = await ask("editMessageText", **{"chat_id": ada.id, "message_id": message_id, **params})

    assert body["description"] == description


async def test_edit_of_markup_alone(ask: Ask, ada: Person) -> None:
    message_id = await sent(ask, ada, reply_markup=KEYBOARD)

    same = await ask("editMessageReplyMarkup", chat_id=ada.id, message_id=message_id, reply_markup=KEYBOARD)
    gone = await ask("editMessageReplyMarkup", chat_id=ada.id, message_id=message_id)

    assert same["description"] == NOT_MODIFIED
    assert "reply_markup" not in gone["result"]


@pytest.mark.parametrize("markup", [{"keyboard": [[{"text": "A"}]]}, {"remove_keyboard": True}, {"force_reply": True}])
async def test_message_with_a_reply_keyboard_cannot_be_edited(ask: Ask, ada: Person, markup: Json) -> None:
    message_id = await sent(ask, ada, reply_markup=markup)

    body = await ask("editMessageText", chat_id=ada.id, message_id=message_id, text="New")

    assert body["description"] == "Bad Request: message can't be edited"


async def test_edit_where_the_bot_is_blocked(ask: Ask, ada: Person) -> None:
    message_id = await sent(ask, ada)
    await ada.blocks()

    body = await ask("editMessageText", chat_id=ada.id, message_id=message_id, text="New")

    assert (body["error_code"], body["description"]) == (403, "Forbidden: bot was blocked by the user")


async def test_caption_of_a_text_and_text_of_a_picture(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person, png: bytes
) -> None:
    message_id = await sent(ask, ada)
    photo = (await telegram.call(bot.token, "sendPhoto", {"chat_id": ada.id}, {"photo": png})).body["result"]

    caption = await ask("editMessageCaption", chat_id=ada.id, message_id=message_id, caption="a")
    text = await ask("editMessageText", chat_id=ada.id, message_id=photo["message_id"], text="a")
    fine = await ask("editMessageCaption", chat_id=ada.id, message_id=photo["message_id"], caption="a")
    long = await ask("editMessageCaption", chat_id=ada.id, message_id=photo["message_id"], caption="a" * 1025)

    assert caption["description"] == "Bad Request: there is no caption in the message to edit"
    assert text["description"] == "Bad Request: there is no text in the message to edit"
    assert fine["result"]["caption"] == "a"
    assert long["description"] == "Bad Request: MEDIA_CAPTION_TOO_LONG"


async def test_text_becomes_a_picture(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person, png: bytes
) -> None:
    message_id = await sent(ask, ada)
    media = {"type": "photo", "media": "attach://card", "caption": "A card"}
    params = {"chat_id": ada.id, "message_id": message_id, "media": media}

    body = (await telegram.call(bot.token, "editMessageMedia", params, {"card": png})).body

    assert (body["result"]["photo"][0]["width"], body["result"]["caption"]) == (2, "A card")
    assert "text" not in body["result"]
    assert telegram.complaints == []


async def test_delete(ask: Ask, ada: Person) -> None:
    message_id = await sent(ask, ada)

    first = await ask("deleteMessage", chat_id=ada.id, message_id=message_id)
    again = await ask("deleteMessage", chat_id=ada.id, message_id=message_id)
    many = await ask("deleteMessages", chat_id=ada.id, message_ids=[1, message_id, 99])

    assert first["result"] is True
    assert again["description"] == "Bad Request: message to delete not found"
    assert many["result"] is True
    assert ada.sees() == []


async def test_delete_of_an_old_message(ask: Ask, clock: MovableClock, ada: Person) -> None:
    message_id = await sent(ask, ada)
    clock.move(timedelta(hours=49))

    body = await ask("deleteMessage", chat_id=ada.id, message_id=message_id)

    assert body["description"] == "Bad Request: message can't be deleted for everyone"


async def test_delete_of_what_others_wrote(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    said = await ada.says("Hello", group)

    refused = await ask("deleteMessage", chat_id=group.id, message_id=said.id)
    await group.promote(bot, can_delete_messages=True)
    allowed = await ask("deleteMessage", chat_id=group.id, message_id=said.id)

    assert refused["description"] == "Bad Request: message can't be deleted"
    assert allowed["result"] is True
    assert group.texts() == []
