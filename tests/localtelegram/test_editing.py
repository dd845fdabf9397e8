"""Edits: what may be changed, what is refused, and with which error."""

import pytest

from localtelegram.answers import Json
from localtelegram.people.person import Person
from localtelegram.state.accounts import BotAccount
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

    body = await ask("editMessageText", chat_id=ada.id, message_id=message_id, text="New #one")

    assert body["result"] == {
        "message_id": message_id,
        "from": {"id": 123456, "is_bot": True, "first_name": "Echo", "username": "echo_bot"},
        "chat": {"id": ada.id, "type": "private", "first_name": "Ada", "username": "ada_l"},
        "date": 1772452800,
        "text": "New #one",
        "entities": [{"offset": 4, "length": 4, "type": "hashtag"}],
        "edit_date": 1772452800,
    }
    assert ada.sees() == ["/start", "New #one"]


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


@pytest.mark.parametrize("markup", [{"keyboard": [[{"text": "A"}]]}, {"remove_keyboard": True}])
async def test_message_with_a_reply_keyboard_cannot_be_edited(ask: Ask, ada: Person, markup: Json) -> None:
    message_id = await sent(ask, ada, reply_markup=markup)

    body = await ask("editMessageText", chat_id=ada.id, message_id=message_id, text="New")

    assert body["description"] == "Bad Request: message can't be edited"


async def test_edit_where_the_bot_is_blocked(ask: Ask, ada: Person) -> None:
    message_id = await sent(ask, ada)
    await ada.blocks()

    body = await ask("editMessageText", chat_id=ada.id, message_id=message_id, text="New")

    assert (body["error_code"], body["description"]) == (403, "Forbidden: bot was blocked by the user")


async def test_a_picture_has_no_text_to_edit(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person, png: bytes
) -> None:
    await ada.starts()
    photo = (await telegram.call(bot.token, "sendPhoto", {"chat_id": ada.id}, {"photo": png})).body["result"]

    text = await ask("editMessageText", chat_id=ada.id, message_id=photo["message_id"], text="a")
    buttons = await ask("editMessageReplyMarkup", chat_id=ada.id, message_id=photo["message_id"], reply_markup=KEYBOARD)

    assert text["description"] == "Bad Request: there is no text in the message to edit"
    assert buttons["result"]["reply_markup"] == KEYBOARD
