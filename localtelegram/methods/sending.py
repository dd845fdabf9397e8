"""sendMessage, sendPhoto, sendAnimation and sendDocument."""

from localtelegram.answers import Json, bad_request
from localtelegram.methods.access import find_chat, find_thread, must_be_allowed_to_send, must_be_in
from localtelegram.methods.calls import Call, Method
from localtelegram.methods.keyboards import is_inline, read_markup
from localtelegram.methods.media import read_media
from localtelegram.methods.message_text import must_fit_caption, must_fit_text, read_caption, read_text
from localtelegram.state.chats import StoredChat, StoredMessage
from localtelegram.state.posting import NewMessage, post

_WHERE_AND_HOW = (
    *("chat_id", "message_thread_id", "reply_markup", "disable_notification", "allow_paid_broadcast"),
    "reply_parameters",
)


def send_message(call: Call) -> Json:
    text = read_text(call.params["text"], call.params.get("entities"))
    chat, draft = _prepare(call, "text", text.as_json("text", "entities"))
    must_fit_text(text)
    return post(call.network, chat, call.bot, draft).seen()


def send_photo(call: Call) -> Json:
    return _send_media(call, "photo")


def send_animation(call: Call) -> Json:
    return _send_media(call, "animation")


def send_document(call: Call) -> Json:
    return _send_media(call, "document")


def _send_media(call: Call, kind: str) -> Json:
    caption = read_caption(call.params)
    content = read_media(call, kind).media() | caption.as_json("caption", "caption_entities")
    chat, draft = _prepare(call, kind, content)
    must_fit_caption(caption)
    return post(call.network, chat, call.bot, draft).seen()


def _prepare(call: Call, kind: str, content: Json) -> tuple[StoredChat, NewMessage]:
    """Makes the checks that all sending methods share. Returns the chat and the message for it."""
    params = call.params
    if params.get("allow_paid_broadcast") and not call.bot.has_stars:
        raise bad_request("FLOODSKIP_NOT_ALLOWED")
    chat = find_chat(call, params["chat_id"])
    must_be_in(call, chat)
    must_be_allowed_to_send(call, chat, kind)
    markup = read_markup(params.get("reply_markup"), chat_type=chat.type, complaints=call.network.complaints)
    draft = NewMessage(
        content=content,
        thread_id=find_thread(call, chat, params.get("message_thread_id")),
        reply_to=_replied_to(chat, params.get("reply_parameters") or {}),
        sender_chat=chat if chat.type == "supergroup" and chat.member(call.bot.id).is_anonymous else None,
        markup=markup if is_inline(markup) else None,
        reply_keyboard=None if is_inline(markup) else markup,
        is_silent=params.get("disable_notification", False),
    )
    return chat, draft


def _replied_to(chat: StoredChat, said: Json) -> StoredMessage | None:
    """Returns the message that is replied to; None for none, or if it is gone and need not be there."""
    if not said:
        return None
    stored = chat.messages.get(said["message_id"])
    if stored is None and not said.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return stored


METHODS: dict[str, Method] = {
    "sendMessage": Method(send_message, "text", "entities", *_WHERE_AND_HOW),
    "sendPhoto": Method(send_photo, "photo", "caption", *_WHERE_AND_HOW),
    "sendAnimation": Method(send_animation, "animation", "caption", *_WHERE_AND_HOW),
    "sendDocument": Method(send_document, "document", "caption", *_WHERE_AND_HOW),
}
