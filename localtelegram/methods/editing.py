"""editMessageText and editMessageReplyMarkup."""

from localtelegram.answers import Json, bad_request
from localtelegram.methods.access import find_chat, must_be_in
from localtelegram.methods.calls import Call, Method
from localtelegram.methods.keyboards import inline_only
from localtelegram.methods.message_text import must_fit_text, read_text
from localtelegram.state.chats import StoredChat, StoredMessage
from localtelegram.state.posting import announce_edit

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(call: Call) -> Json:
    text = read_text(call.params.get("text", ""), call.params.get("entities"))
    chat, stored = _editable(call)
    if "text" not in stored.json:
        raise bad_request("there is no text in the message to edit")
    must_fit_text(text, is_edit=True)
    return _replace(call, chat, stored, text.as_json("text", "entities"))


def edit_message_reply_markup(call: Call) -> Json:
    chat, stored = _editable(call)
    return _replace(call, chat, stored, {})


def _editable(call: Call) -> tuple[StoredChat, StoredMessage]:
    if not call.params.get("chat_id"):
        raise bad_request("chat_id is empty" if "message_id" in call.params else "message identifier is not specified")
    if not call.params.get("message_id"):
        raise bad_request("message identifier is not specified")
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat)
    stored = chat.messages.get(call.params["message_id"])
    if stored is None:
        raise bad_request("message to edit not found")
    if not _may_edit(call, chat, stored):
        raise bad_request("message can't be edited")
    return chat, stored


def _may_edit(call: Call, chat: StoredChat, stored: StoredMessage) -> bool:
    if stored.is_service or stored.read_only:
        return False
    if chat.type == "channel":
        is_own = stored.author_id == call.bot.id and chat.may(call.bot.id, "can_post_messages")
        return is_own or chat.may(call.bot.id, "can_edit_messages")
    return stored.author_id == call.bot.id and "via_bot" not in stored.json


def _replace(call: Call, chat: StoredChat, stored: StoredMessage, content: Json) -> Json:
    """Replaces the text, where there is `content`, and the keyboard: an edit without `reply_markup` takes it away."""
    markup = inline_only(call.params.get("reply_markup"), call.network.complaints)
    replaced = {"reply_markup", "edit_date"} | ({"text", "entities"} if content else set())
    fresh = {key: value for key, value in stored.json.items() if key not in replaced} | content
    if markup:
        fresh["reply_markup"] = markup
    if fresh == {key: value for key, value in stored.json.items() if key != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    if content:
        fresh["edit_date"] = int(call.now.timestamp())
    elif "edit_date" in stored.json:
        fresh["edit_date"] = stored.json["edit_date"]
    stored.json = fresh
    announce_edit(call.network, chat, stored)
    return stored.seen()


METHODS: dict[str, Method] = {
    "editMessageText": Method(edit_message_text, "chat_id", "message_id", "text", "entities", "reply_markup"),
    "editMessageReplyMarkup": Method(edit_message_reply_markup, "chat_id", "message_id", "reply_markup"),
}
