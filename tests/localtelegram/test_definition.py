"""A call is checked against the Bot API's definition: decoding, required parameters, types, limits, complaints."""

import pytest

from localtelegram.answers import Json, Refusal
from localtelegram.methods.decoding import check_call
from localtelegram.methods.definition import METHODS, TYPES

from .conformity import misfits


def test_definition_is_whole() -> None:
    assert (len(METHODS), len(TYPES)) == (185, 400)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ({"chat_id": "-100123", "text": "a"}, {"chat_id": -100123, "text": "a"}),
        ({"chat_id": "@circle", "text": "12"}, {"chat_id": "@circle", "text": "12"}),
        ({"chat_id": 5, "text": "a", "protect_content": "True"}, {"chat_id": 5, "text": "a", "protect_content": True}),
        ({"chat_id": 5, "text": "a", "protect_content": 0}, {"chat_id": 5, "text": "a", "protect_content": False}),
        ({"chat_id": 5, "text": "a", "protect_content": []},
         'Bad Request: field "protect_content" must be of type Boolean'),
        ({"chat_id": 5, "text": "a", "message_thread_id": "7"}, {"chat_id": 5, "text": "a", "message_thread_id": 7}),
        ({"chat_id": 5, "text": "a", "parse_mode": None}, {"chat_id": 5, "text": "a"}),
        ({"chat_id": 5, "text": ["a"]}, 'Bad Request: field "text" must be of type String'),
        ({"chat_id": 5, "text": "a", "reply_markup": '{"remove_keyboard":true}'},
         {"chat_id": 5, "text": "a", "reply_markup": {"remove_keyboard": True}}),
    ],
)  # fmt: skip
def test_send_message_read(raw: Json, read: Json | str) -> None:
    try:
        outcome: Json | str = check_call("sendMessage", raw).params
    except Refusal as refusal:
        outcome = refusal.description

    assert outcome == read


@pytest.mark.parametrize(
    ("method", "raw", "description"),
    [
        ("answerCallbackQuery", {},
         "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        ("answerInlineQuery", {"results": []}, 'Bad Request: parameter "inline_query_id" is required'),
        ("getChatMember", {"chat_id": 1}, "Bad Request: invalid user_id specified"),
        ("getUpdates", {"limit": "many", "allowed_updates": "{}"},
         'Bad Request: field "allowed_updates" must be of type Array'),
        ("setWebhook", {"url": "https://x.org", "max_connections": 0},
         "Bad Request: max_connections is too small: at least 1"),
        ("setMyShortDescription", {"short_description": "a" * 121},
         "Bad Request: short_description is too long: at most 120"),
        ("setMyDescription", {"description": "a" * 513}, "Bad Request: BOT_DESC_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a"}]},
         "Bad Request: can't parse BotCommand: Can't find field \"description\""),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat"}},
         "Bad Request: can't parse BotCommandScope: Can't find field \"chat_id\""),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": "bad"}},
         'Bad Request: field "inline_keyboard" must be of type Array'),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"remove_keyboard": "yes"}},
         'Bad Request: field "remove_keyboard" must be of type Boolean'),
        ("sendMessage",
         {"chat_id": 1, "text": "a", "reply_markup": {"keyboard": [[{"text": "a", "request_chat": {}}]]}},
         "Bad Request: can't parse keyboard button: Can't find field \"request_id\""),
    ],
)  # fmt: skip
def test_call_refused(method: str, raw: Json, description: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_call(method, raw)

    assert refused.value.description == description


def test_what_telegram_tolerates_is_complained_of() -> None:
    call = check_call(
        "sendMessage",
        {
            "chat_id": "1",
            "text": "a",
            "colour": "red",
            "protect_content": "perhaps",
            "message_thread_id": "none",
            "link_preview_options": {"is_disabled": True, "colour": "red"},
        },
    )

    assert call.params == {
        "chat_id": 1,
        "text": "a",
        "protect_content": False,
        "message_thread_id": 0,
        "link_preview_options": {"is_disabled": True},
    }
    assert call.complaints == [
        "sendMessage: unknown parameter colour",
        "sendMessage: protect_content is no boolean: 'perhaps'",
        "sendMessage: message_thread_id is no integer: 'none'",
        "sendMessage: link_preview_options: LinkPreviewOptions has no field colour",
    ]


def test_conformity_finds_what_is_wrong() -> None:
    chat = {"id": 1, "type": "private", "colour": "red"}

    assert sorted(
        misfits({"message_id": "1", "date": 1, "chat": chat, "group_chat_created": False}, ["Message"], "m")
    ) == [
        "m.chat.colour is not of Chat",
        "m.group_chat_created is no True: False",
        "m.message_id is no Integer: '1'",
    ]
    assert misfits({"status": "left"}, ["ChatMember"], "m") == ["m.user is missing"]
