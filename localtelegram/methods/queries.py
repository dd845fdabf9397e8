"""answerCallbackQuery and answerInlineQuery: answers to what a person tapped or typed."""

from datetime import timedelta

from localtelegram.methods.calls import Call, Method
from localtelegram.methods.keyboards import inline_only
from localtelegram.methods.message_text import must_fit_caption, must_fit_text, read, read_caption
from localtelegram.state.refusal import Json, bad_request

TAP_ANSWERED_WITHIN = timedelta(seconds=60)  # undocumented; public reports say up to about a minute
INLINE_ANSWERED_WITHIN = timedelta(seconds=20)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_RESULTS = 50
_PLAYED_RESULTS = ("article", "photo", "gif", "mpeg4_gif")


def answer_callback_query(call: Call) -> bool:
    query = call.network.callback_queries.get(call.params["callback_query_id"])
    is_open = query is not None and query.bot_id == call.bot.id and not query.is_answered
    if query is None or not is_open or call.now - query.at > TAP_ANSWERED_WITHIN:
        raise bad_request(_TOO_OLD)
    text = call.params.get("text", "")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    url = call.params.get("url", "")
    if url and not url.startswith((f"https://t.me/{call.bot.username}?start=", f"t.me/{call.bot.username}?start=")):
        raise bad_request("URL_INVALID")
    query.is_answered = True
    call.network.tell(
        "callback_answered",
        person_id=query.person_id,
        query_id=query.id,
        text=text,
        show_alert=call.params.get("show_alert", False),
        url=url,
        in_chat=query.chat_id,
    )
    return True


def answer_inline_query(call: Call) -> bool:
    query = call.network.inline_queries.get(call.params["inline_query_id"])
    if query is None or query.bot_id != call.bot.id or query.answer is not None:
        raise bad_request(_TOO_OLD)
    if call.now - query.at > INLINE_ANSWERED_WITHIN:
        raise bad_request(_TOO_OLD)
    results = call.params["results"]
    if len(results) > _RESULTS:
        raise bad_request("too many inline query results specified")
    _check_ids(results)
    for result in results:
        _check_result(call, result)
    _check_button(call.params.get("button"))
    query.answer = {"results": results} | {
        key: call.params[key] for key in ("button", "next_offset", "cache_time", "is_personal") if key in call.params
    }
    call.network.tell("inline_answered", person_id=query.person_id, query_id=query.id, answer=query.answer)
    return True


def _check_ids(results: list[Json]) -> None:
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if any(not 1 <= len(result_id.encode()) <= 64 for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")


def _check_result(call: Call, result: Json) -> None:
    if result["type"] not in _PLAYED_RESULTS:
        call.complain(f"the local Telegram does not play inline results of type {result['type']}")
    if result["type"] == "article" and not result["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    inline_only(result.get("reply_markup"), call.network.complaints)
    content = result.get("input_message_content")
    if content is None:
        must_fit_caption(read_caption(result))
    elif "message_text" in content:
        if not content["message_text"].strip():
            raise bad_request("MESSAGE_EMPTY")
        must_fit_text(read(content["message_text"], content.get("parse_mode"), content.get("entities")))


def _check_button(button: Json | None) -> None:
    if button is None or "web_app" in button:
        return
    start = button.get("start_parameter")
    if not start:
        raise bad_request("can't use empty start_parameter")
    if len(start) > 64:
        raise bad_request("too long start_parameter specified")
    if not start.replace("_", "").replace("-", "").isalnum() or not start.isascii():
        raise bad_request("unallowed characters in start_parameter are used")


METHODS: dict[str, Method] = {
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
}
