"""Taps and inline queries: a good answer, a late one, a second one, a forged one."""

from datetime import timedelta

import pytest

from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, TapAnswer
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask

KEYBOARD = {
    "inline_keyboard": [[{"text": "More", "callback_data": "more"}, {"text": "Copy", "copy_text": {"text": "x"}}]]
}
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
ARTICLE = {"type": "article", "id": "1", "title": "One", "input_message_content": {"message_text": "*One*"}}


async def test_tap_reaches_the_bot_and_its_answer_the_person(ask: Ask, telegram: LocalTelegram, ada: Person) -> None:
    await ada.starts()
    message = (await ask("sendMessage", chat_id=ada.id, text="Hello", reply_markup=KEYBOARD))["result"]

    query_id = await ada.taps("More")
    left_open = telegram.unanswered_taps
    update = (await ask("getUpdates", offset=-1))["result"][0]
    answered = await ask("answerCallbackQuery", callback_query_id=query_id, text="Yes")

    assert update["callback_query"] == {
        "id": query_id,
        "from": ada.account.user(),
        "chat_instance": update["callback_query"]["chat_instance"],
        "data": "more",
        "message": message,
    }
    assert answered["result"] is True
    assert (left_open, telegram.unanswered_taps) == ([query_id], [])
    assert ada.toasts == [TapAnswer("Yes")]


async def test_tap_answered_twice_late_or_never_asked(ask: Ask, clock: MovableClock, ada: Person) -> None:
    await ada.starts()
    await ask("sendMessage", chat_id=ada.id, text="Hello", reply_markup=KEYBOARD)
    first, second = await ada.taps("More"), await ada.taps("More")

    answers = [await ask("answerCallbackQuery", callback_query_id=query_id) for query_id in (first, first, "12")]
    clock.move(timedelta(seconds=61))
    late = await ask("answerCallbackQuery", callback_query_id=second)
    long = await ask("answerCallbackQuery", callback_query_id=await ada.taps("More"), text="a" * 201)

    assert [answer.get("description", "fine") for answer in answers] == ["fine", TOO_OLD, TOO_OLD]
    assert late["description"] == TOO_OLD
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"


async def test_forged_tap_on_a_message_that_is_gone(ask: Ask, ada: Person) -> None:
    await ada.starts()

    await ada.taps_data(77, "anything")
    query = (await ask("getUpdates", offset=-1))["result"][0]["callback_query"]

    assert (query["data"], query["message"]) == ("anything", {"chat": ada.chat.chat(), "message_id": 77, "date": 0})


async def test_other_buttons_stay_with_the_person(ask: Ask, ada: Person) -> None:
    await ada.starts()
    keyboard = {
        "inline_keyboard": [
            [{"text": "Copy", "copy_text": {"text": "words"}}, {"text": "Open", "url": "https://x.org/"}],
        ]
    }
    await ask("sendMessage", chat_id=ada.id, text="Hello", reply_markup=keyboard)

    taps = [await ada.taps(label) for label in ("Copy", "Open")]

    assert taps == ["", ""]
    assert (ada.clipboard, ada.opened) == ("words", ["https://x.org/"])


async def test_a_label_that_is_not_there_names_those_that_are(ask: Ask, ada: Person) -> None:
    await ada.starts()
    await ask("sendMessage", chat_id=ada.id, text="Hello", reply_markup=KEYBOARD)

    with pytest.raises(LookupError, match=r"no button 'Less' in the private chat; there are \[\['More', 'Copy'\]\]"):
        await ada.taps("Less")


async def test_inline_query_answered_and_chosen(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    asked = await ada.asks("one", group)
    update = (await ask("getUpdates", offset=-1))["result"][0]

    answered = await ask("answerInlineQuery", inline_query_id=asked.id, results=[ARTICLE], is_personal=True)
    stored = await ada.chooses(asked, "1", group)

    assert update["inline_query"] == {
        "id": asked.id,
        "from": ada.account.user(),
        "query": "one",
        "offset": "",
        "chat_type": "supergroup",
    }
    assert answered["result"] is True
    assert (stored.json["text"], stored.json["via_bot"]) == ("*One*", bot.user())
    assert group.texts() == ["*One*"]
    assert telegram.complaints == []


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"results": [{**ARTICLE, "id": str(n)} for n in range(51)]},
         "Bad Request: too many inline query results specified"),
        ({"results": [ARTICLE, ARTICLE]}, "Bad Request: RESULT_ID_DUPLICATE"),
        ({"results": [{**ARTICLE, "id": "a" * 65}]}, "Bad Request: RESULT_ID_INVALID"),
        ({"results": [{**ARTICLE, "title": ""}]}, "Bad Request: ARTICLE_TITLE_EMPTY"),
        ({"results": [{**ARTICLE, "input_message_content": {"message_text": ""}}]}, "Bad Request: MESSAGE_EMPTY"),
        ({"results": [{**ARTICLE, "type": "poem"}]},
         'Bad Request: can\'t parse inline query result: type "poem" is unsupported for the inline query result'),
        ({"results": [{"type": "gif", "id": "1", "gif_file_id": "CgAC"}]},
         "Not Implemented: the local Telegram does not play inline results of type gif; "
         "add it in localtelegram/methods/queries.py and localtelegram/people/inline.py"),
        ({"results": [{**ARTICLE, "reply_markup": KEYBOARD}]},
         "Not Implemented: the local Telegram does not play reply_markup of an inline result of type article; "
         "add it in localtelegram/methods/queries.py and localtelegram/people/inline.py"),
    ],
)  # fmt: skip
async def test_inline_answer_refused(ask: Ask, ada: Person, params: Json, description: str) -> None:
    asked = await ada.asks("one")

    assert (await ask("answerInlineQuery", inline_query_id=asked.id, **params))["description"] == description


async def test_inline_answered_twice(ask: Ask, ada: Person) -> None:
    asked = await ada.asks("one")
    await ask("answerInlineQuery", inline_query_id=asked.id, results=[])

    assert (await ask("answerInlineQuery", inline_query_id=asked.id, results=[]))["description"] == TOO_OLD
