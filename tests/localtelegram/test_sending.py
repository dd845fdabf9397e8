"""sendMessage: what Telegram refuses, with which error, and what it stores."""

import pytest

from localtelegram.answers import Json
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask


def button(**fields: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Tap", **fields}]]}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({}, "Bad Request: message text is empty"),
        ({"text": " \n\u2800\u200b "}, "Bad Request: text must be non-empty"),
        ({"text": "a" * 4097}, "Bad Request: message is too long"),
        ({"text": "ä" * 16385}, "Bad Request: text is too long"),
        ({"text": "a", "allow_paid_broadcast": True}, "Bad Request: FLOODSKIP_NOT_ALLOWED"),
        ({"text": "a", "reply_markup": button(copy_text={"text": "b" * 257})}, "Bad Request: BUTTON_COPY_TEXT_INVALID"),
        ({"text": "a", "chat_id": ""}, "Bad Request: chat_id is empty"),
        ({"text": "a", "chat_id": "@nobody_here"}, "Bad Request: chat not found"),
        ({"text": "a", "chat_id": 42}, "Bad Request: chat not found"),
        ({"text": "a", "chat_id": -42}, "Bad Request: chat not found"),
        ({"text": "a", "message_thread_id": 7}, "Bad Request: message thread not found"),
        ({"text": "a", "reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
        ({"text": "a", "reply_markup": "[]"}, "Bad Request: object expected as reply markup"),
        ({"text": "a", "reply_markup": button(callback_data="ä" * 33)}, "Bad Request: BUTTON_DATA_INVALID"),
        (
            {"text": "a", "reply_markup": button()},
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "reply_markup": button(callback_data="")},
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "reply_markup": button(url="ftp://x.org")},
            "Bad Request: inline keyboard button URL 'ftp://x.org' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
            "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {
                "text": "a",
                "reply_markup": {
                    "inline_keyboard": [[{"text": str(n), "callback_data": "x" * 64}] for n in range(200)]
                },
            },
            "Bad Request: reply markup is too long",
        ),
    ],
)
async def test_send_message_refused(ask: Ask, ada: Person, params: dict[str, object], description: str) -> None:
    await ada.starts()

    body = await ask("sendMessage", **{"chat_id": ada.id, **params})

    assert body == {"ok": False, "error_code": 400, "description": description}


@pytest.mark.parametrize(
    ("params", "what"),
    [
        ({"protect_content": True, "message_effect_id": "1"}, "sendMessage with message_effect_id, protect_content"),
        ({"reply_markup": {"force_reply": True}}, "force_reply"),
        ({"reply_markup": button(url="https://x.org", style="danger")}, "an inline button with style"),
        ({"reply_markup": button(pay=True)}, "an inline button with pay"),
        ({"reply_markup": {"keyboard": [[{"text": "A", "request_contact": True}]]}}, "a key with request_contact"),
    ],
)
async def test_nothing_that_is_not_played_is_left_out_quietly(
    ask: Ask, telegram: LocalTelegram, ada: Person, params: dict[str, object], what: str
) -> None:
    await ada.starts()

    body = await ask("sendMessage", chat_id=ada.id, text="a", **params)

    assert body["error_code"] == 501
    assert body["description"].startswith(f"Not Implemented: the local Telegram does not play {what}; add it in local")
    assert telegram.complaints == [f"sendMessage: the local Telegram does not play {what}"]
    assert ada.hears() == []


async def test_send_message_counts_code_points(ask: Ask, ada: Person) -> None:
    await ada.starts()

    body = await ask("sendMessage", chat_id=ada.id, text="🕊" * 4096)

    assert body["result"]["text"] == "🕊" * 4096


async def test_send_message_answers_with_the_message(ask: Ask, telegram: LocalTelegram, ada: Person) -> None:
    await ada.starts()

    body = await ask(
        "sendMessage",
        chat_id=str(ada.id),
        text=" Hello ",
        reply_markup='{"inline_keyboard":[[{"text":"More","callback_data":"more"},{"text":"","callback_data":"x"}]]}',
        disable_notification="true",
        unknown_one="x",
    )

    assert body["result"] == {
        "message_id": 2,
        "from": {"id": 123456, "is_bot": True, "first_name": "Echo", "username": "echo_bot"},
        "chat": {"id": ada.id, "type": "private", "first_name": "Ada", "username": "ada_l"},
        "date": 1772452800,
        "text": "Hello",
        "reply_markup": {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]},
    }
    assert ada.last_stored().is_silent
    assert telegram.complaints == [
        "sendMessage: unknown parameter unknown_one",
        "a button has no text: Telegram drops it",
    ]


@pytest.mark.parametrize(
    ("chat_type", "markup", "description"),
    [
        ("channel", {"keyboard": [[{"text": "A"}]]}, "Bad Request: inline keyboard expected"),
        ("channel", {"remove_keyboard": True}, "Bad Request: inline keyboard expected"),
        (
            "group",
            {"keyboard": [[{"text": "A", "request_chat": {"request_id": 1, "chat_is_channel": False}}]]},
            "Bad Request: chats can be requested in private chats only",
        ),
        (
            "group",
            {"keyboard": [[{"text": "A", "request_location": True}]]},
            "Bad Request: location can be requested in private chats only",
        ),
    ],
)
async def test_markup_refused_by_chat_type(
    ask: Ask,
    telegram: LocalTelegram,
    bot: BotAccount,
    ada: Person,
    chat_type: str,
    markup: dict[str, object],
    description: str,
) -> None:
    group = make_group(telegram, "Circle", owner=ada, kind=chat_type)
    await group.add(bot, status="administrator", can_manage_chat=True)
    group.chat.members[bot.id].rights["can_post_messages"] = True

    body = await ask("sendMessage", chat_id=group.id, text="a", reply_markup=markup)

    assert body["description"] == description


async def test_nobody_is_written_to_before_start(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    assert ada.sees() == []  # opening the empty chat does not make it known to the bot
    before = await ask("sendMessage", chat_id=ada.id, text="a")
    await group.add(bot)
    known = await ask("sendMessage", chat_id=ada.id, text="a")
    await ada.starts()
    started = await ask("sendMessage", chat_id=ada.id, text="a")

    assert before["description"] == "Bad Request: chat not found"
    assert (known["error_code"], known["description"]) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    assert started["ok"]


async def test_blocked_deleted_and_bots_are_forbidden(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    other = telegram.add_bot("77:other", first_name="Other", username="other_bot")
    robin = add_person(telegram, "Robin", bot=bot)
    await ada.starts()
    await robin.starts()
    await ada.blocks()
    robin.account.is_deleted = True

    answers = [await ask("sendMessage", chat_id=chat_id, text="a") for chat_id in (ada.id, robin.id, other.id)]
    await ada.starts()
    again = await ask("sendMessage", chat_id=ada.id, text="a")

    assert [(answer["error_code"], answer["description"]) for answer in answers] == [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: the bot can't send messages to the bot"),
    ]
    assert again["ok"]


@pytest.mark.parametrize(
    ("kind", "change", "status", "description"),
    [
        ("group", "ban", 403, "Forbidden: bot was kicked from the group chat"),
        ("supergroup", "ban", 403, "Forbidden: bot was kicked from the supergroup chat"),
        ("channel", "ban", 403, "Forbidden: bot was kicked from the channel chat"),
        ("group", "remove", 403, "Forbidden: bot is not a member of the group chat"),
        ("supergroup", "remove", 403, "Forbidden: bot is not a member of the supergroup chat"),
        ("channel", "remove", 403, "Forbidden: bot is not a member of the channel chat"),
        ("channel", "demote", 400, "Bad Request: need administrator rights in the channel chat"),
        ("group", "delete", 403, "Forbidden: the group chat was deleted"),
    ],
)
async def test_chats_that_do_not_want_the_bot(
    ask: Ask,
    telegram: LocalTelegram,
    bot: BotAccount,
    ada: Person,
    kind: str,
    change: str,
    status: int,
    description: str,
) -> None:
    group = make_group(telegram, "Circle", owner=ada, kind=kind)
    await group.promote(bot, can_post_messages=kind == "channel")
    if change == "delete":
        group.delete()
    else:
        await getattr(group, change)(bot)

    body = await ask("sendMessage", chat_id=group.id, text="a")

    assert body == {"ok": False, "error_code": status, "description": description}


async def test_muted_and_restricted(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    await group.restrict(bot, can_send_messages=False)
    restricted = await ask("sendMessage", chat_id=group.id, text="a")
    await group.add(bot)
    group.forbid(can_send_messages=False)
    muted = await ask("sendMessage", chat_id=group.id, text="a")
    await group.promote(bot)
    admin = await ask("sendMessage", chat_id=group.id, text="a")

    expected = "Bad Request: not enough rights to send text messages to the chat"
    assert (restricted["description"], muted["description"], admin["ok"]) == (expected, expected, True)


async def test_group_that_became_a_supergroup(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    group = make_group(telegram, "Circle", owner=ada, kind="group")
    await group.add(bot)
    supergroup = await group.migrate()

    body = await ask("sendMessage", chat_id=group.id, text="a")
    there = await ask("sendMessage", chat_id=supergroup.id, text="a")
    messages = [update["message"] for update in (await ask("getUpdates"))["result"] if "message" in update]

    assert body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": supergroup.id},
    }
    assert there["ok"]
    assert messages[-2]["migrate_to_chat_id"] == supergroup.id
    assert messages[-1]["migrate_from_chat_id"] == group.id


async def test_a_reply_holds_the_message_that_it_answers(ask: Ask, ada: Person) -> None:
    await ada.starts()
    said = await ada.says("hello")

    body = await ask("sendMessage", chat_id=ada.id, text="a", reply_parameters={"message_id": said.id})

    assert body["result"]["reply_to_message"]["text"] == "hello"


@pytest.mark.parametrize(("more", "is_sent"), [({}, False), ({"allow_sending_without_reply": True}, True)])
async def test_a_reply_to_what_is_gone_is_sent_only_if_it_may_be(
    ask: Ask, ada: Person, more: Json, is_sent: bool
) -> None:
    await ada.starts()

    body = await ask("sendMessage", chat_id=ada.id, text="a", reply_parameters={"message_id": 999, **more})

    assert body["ok"] == is_sent
