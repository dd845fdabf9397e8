"""answerCallbackQuery and answerInlineQuery."""

from datetime import timedelta

from localtelegram.answers import Json, NotPlayed, bad_request
from localtelegram.methods.calls import Call, Method
from localtelegram.methods.message_text import must_fit_caption, must_fit_text, read_caption, read_text

TAP_ANSWERED_WITHIN = timedelta(seconds=60)  # undocumented; public reports say up to about a minute
INLINE_ANSWERED_WITHIN = timedelta(seconds=20)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_RESULTS = 50
_PLAYED_RESULTS = {
    "article": {"type", "id", "title", "description", "input_message_content"},
    "photo": {"type", "id", "title", "description", "photo_file_id", "caption"},
}
_HERE = "localtelegram/methods/queries.py and localtelegram/people/inline.py"


def answer_callback_query(call: Call) -> bool:
    query = call.network.callback_queries.get(call.params["callback_query_id"])
    is_open = query is not None and query.bot_id == call.bot.id and not query.is_answered
    if query is None or not is_open or call.now - query.at > TAP_ANSWERED_WITHIN:
        raise bad_request(_TOO_OLD)
    text = call.params.get("text", "")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.is_answered = True
    call.network.tell(
        "callback_answered",
        person_id=query.person_id,
        query_id=query.id,
        text=text,
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
        _check_result(result)
    query.answer = {
        "results": results,
        "cache_time": call.params.get("cache_time", 300),
        "is_personal": call.params.get("is_personal", False),
    }
    return True


def _check_ids(results: list[Json]) -> None:
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if any(not 1 <= len(result_id.encode()) <= 64 for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")


def _check_result(result: Json) -> None:
    kind = result["type"]
    if kind not in _PLAYED_RESULTS:
        raise NotPlayed(f"inline results of type {kind}", _HERE)
    if others := sorted(result.keys() - _PLAYED_RESULTS[kind]):
        raise NotPlayed(f"{', '.join(others)} of an inline result of type {kind}", _HERE)
    if kind == "photo":
        if "photo_file_id" not in result:
            raise NotPlayed("an inline photo by its address", _HERE)
        must_fit_caption(read_caption(result))
        return
    if not result["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result["input_message_content"]
    if others := sorted(content.keys() - {"message_text"}):
        raise NotPlayed(f"{', '.join(others)} of an inline article", _HERE)
    if not content["message_text"].strip():
        raise bad_request("MESSAGE_EMPTY")
    must_fit_text(read_text(content["message_text"]))


METHODS: dict[str, Method] = {
    "answerCallbackQuery": Method(answer_callback_query, "callback_query_id", "text"),
    "answerInlineQuery": Method(answer_inline_query, "inline_query_id", "results", "cache_time", "is_personal"),
}
