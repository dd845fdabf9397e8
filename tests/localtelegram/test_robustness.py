"""The local Telegram answers any call as the Bot API would, and never breaks."""

import asyncio
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.people.demo import populate
from localtelegram.telegram import PLAYED_METHODS, LocalTelegram

from .conformity import result_misfits

PLAYED = sorted(PLAYED_METHODS.keys() - {"getUpdates"})  # getUpdates waits
KEYBOARD = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
JUNK: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(["", "a", "<b>", "*", "{", "[]", "{}", "true", "@tuesday", "attach://x", "https://x.org", "en"]),
    st.text(max_size=5),
)
VALUES = st.recursive(
    JUNK,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["type", "text", "inline_keyboard", "keyboard", "chat_id", "callback_data", "offset", "media"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)
# Correct calls; each is sent with up to three wrong parameters.
RIGHT: dict[str, Json] = {
    "sendMessage": {"text": "a", "reply_markup": KEYBOARD},
    "editMessageText": {"message_id": 2, "text": "b", "reply_markup": KEYBOARD},
    "editMessageReplyMarkup": {"message_id": 2, "reply_markup": KEYBOARD},
    "sendPhoto": {"photo": "AgAC"},
    "setMyCommands": {"commands": [{"command": "start", "description": "Begin"}], "scope": {"type": "default"}},
    "getChatMember": {"user_id": "you"},
    "setWebhook": {"url": "https://bot.example.org"},
    "answerCallbackQuery": {"callback_query_id": "1", "text": "a"},
    "answerInlineQuery": {"inline_query_id": "1", "results": []},
}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, Json]:
    method = draw(st.sampled_from(PLAYED))
    names = sorted(PLAYED_METHODS[method].parameters)
    spoilt = draw(st.lists(st.sampled_from(names), unique=True, max_size=3)) if names else []
    params = RIGHT.get(method, {}) | {name: draw(VALUES) for name in spoilt}
    if "chat_id" in names:
        params["chat_id"] = draw(st.sampled_from(["you", "circle", "channel"]))
    return method, params


@given(st.lists(calls(), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_call_gets_an_answer_of_the_bot_api(made: list[tuple[str, Json]]) -> None:
    asyncio.run(make(made))


async def make(made: list[tuple[str, Json]]) -> None:
    telegram = LocalTelegram(clock=MovableClock())
    world = await populate(telegram)
    await world.you.starts()
    for _ in range(3):
        await telegram.call(world.bot.token, "sendMessage", {"chat_id": world.you.id, "text": "a"})
        await telegram.call(world.bot.token, "sendMessage", {"chat_id": world.circle.id, "text": "a"})
    await world.circle.promote(world.bot, can_manage_topics=True)
    ids = {"you": world.you.id, "circle": world.circle.id, "channel": world.channel.id}
    for method, params in made:
        named = {key: ids[value] for key, value in params.items() if isinstance(value, str) and value in ids}
        sent = json.loads(json.dumps(params | named))
        answer = await telegram.call(world.bot.token, method, sent)
        assert answer.body["ok"] is (answer.status == 200)
        if answer.status == 200:
            assert result_misfits(method, answer.body["result"]) == []
        else:
            assert answer.body["error_code"] == answer.status
    await telegram.stop()
