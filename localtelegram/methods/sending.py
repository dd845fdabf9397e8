"""sendMessage, sendPhoto, sendAnimation, sendDocument, sendLocation, copyMessage, forwardMessage, sendChatAction."""

from localtelegram.methods.access import find_chat, find_reply, find_thread, must_be_allowed_to_send, must_be_in
from localtelegram.methods.calls import Call, Method
from localtelegram.methods.keyboards import is_inline, is_web_address, read_markup
from localtelegram.methods.media import read_media
from localtelegram.methods.message_text import must_fit_caption, must_fit_text, read_caption, read_text
from localtelegram.state.chats import Chat, StoredMessage
from localtelegram.state.posting import Draft, post
from localtelegram.state.refusal import Json, bad_request

_ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "record_audio",
    "upload_audio",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)
_COPIED = ("text", "entities", "link_preview_options", "photo", "animation", "document", "caption", "caption_entities")
_COPIED_TOO = ("show_caption_above_media", "has_media_spoiler", "location", "contact")
_NOT_PLAYED = ("direct_messages_topic_id", "ephemeral_message_parameters")


def send_message(call: Call) -> Json:
    wording = read_text(call.params)
    content = wording.as_json("text", "entities")
    content |= link_preview(call.params)
    chat, draft = _prepare(call, "text", content)
    must_fit_text(wording)
    return post(call.network, chat, call.bot, draft).seen()


def link_preview(params: Json) -> Json:
    options = params.get("link_preview_options")
    if options and "url" in options and not is_web_address(options["url"]):
        raise bad_request("WEBPAGE_URL_INVALID")
    return {"link_preview_options": options} if options else {}


def send_photo(call: Call) -> Json:
    return _send_media(call, "photo")


def send_animation(call: Call) -> Json:
    return _send_media(call, "animation")


def send_document(call: Call) -> Json:
    return _send_media(call, "document")


def _send_media(call: Call, kind: str) -> Json:
    caption = read_caption(call.params)
    content = read_media(call, kind, call.params[kind], call.params).media()
    content |= caption.as_json("caption", "caption_entities")
    content |= caption_options(call.params)
    chat, draft = _prepare(call, kind, content)
    must_fit_caption(caption)
    return post(call.network, chat, call.bot, draft).seen()


def caption_options(params: Json) -> Json:
    options: Json = {"show_caption_above_media": True} if params.get("show_caption_above_media") else {}
    return options | ({"has_media_spoiler": True} if params.get("has_spoiler") else {})


def send_location(call: Call) -> Json:
    place = {key: call.params[key] for key in ("latitude", "longitude")}
    chat, draft = _prepare(call, "location", {"location": place})
    return post(call.network, chat, call.bot, draft).seen()


def copy_message(call: Call) -> Json:
    source = _source(call, "copy")
    content = {key: source.json[key] for key in (*_COPIED, *_COPIED_TOO) if key in source.json}
    if not content or source.is_service:
        raise bad_request("message can't be copied")
    if "caption" in call.params and "text" not in content:
        caption = read_caption(call.params)
        must_fit_caption(caption)
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= caption.as_json("caption", "caption_entities")
    chat, draft = _prepare(call, _kind_of(content), content)
    return {"message_id": post(call.network, chat, call.bot, draft).id}


def forward_message(call: Call) -> Json:
    source = _source(call, "forward")
    if source.json.get("has_protected_content") or source.is_service:
        raise bad_request("message can't be forwarded")
    content = {key: source.json[key] for key in (*_COPIED, *_COPIED_TOO) if key in source.json}
    chat, draft = _prepare(call, _kind_of(content), content, origin=_origin(source))
    return post(call.network, chat, call.bot, draft).seen()


def send_chat_action(call: Call) -> bool:
    if call.params["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat)
    thread_id = find_thread(call, chat, call.params.get("message_thread_id"))
    call.network.tell(
        "chat_action", chat, action=call.params["action"], message_thread_id=thread_id, by=call.bot.user()
    )
    return True


def _prepare(call: Call, kind: str, content: Json, *, origin: Json | None = None) -> tuple[Chat, Draft]:
    """The chat and the message for it, after every check that all sending methods share."""
    params = call.params
    refuse_what_is_not_played(call)
    if params.get("allow_paid_broadcast") and not call.bot.has_stars:
        raise bad_request("FLOODSKIP_NOT_ALLOWED")
    chat = find_chat(call, params["chat_id"])
    must_be_in(call, chat)
    must_be_allowed_to_send(call, chat, kind)
    markup = read_markup(params.get("reply_markup"), chat_type=chat.type, complaints=call.network.complaints)
    draft = Draft(
        content=content,
        thread_id=find_thread(call, chat, params.get("message_thread_id")),
        reply_to=find_reply(call, chat, params),
        sender_chat=chat if chat.type == "supergroup" and chat.member(call.bot.id).is_anonymous else None,
        extra=({"forward_origin": origin} if origin else {}) | _effect(call, chat),
        markup=markup if is_inline(markup) else None,
        reply_keyboard=None if is_inline(markup) else markup,
        is_silent=params.get("disable_notification", False),
        is_protected=params.get("protect_content", False),
        read_only=origin is not None,
    )
    return chat, draft


def refuse_what_is_not_played(call: Call) -> None:
    """A parameter that would change where or to whom a message goes is never quietly left out."""
    if call.params.get("business_connection_id"):
        raise bad_request("business connection not found")
    if call.params.get("suggested_post_parameters"):
        raise bad_request("suggested posts can be sent only to channel direct messages")
    for name in _NOT_PLAYED:
        if call.params.get(name):
            call.complain(f"the local Telegram does not play {name}")
            raise bad_request(f"the local Telegram does not play {name}")


def _effect(call: Call, chat: Chat) -> Json:
    effect = call.params.get("message_effect_id")
    if effect and chat.type != "private":
        raise bad_request("message effects can be used only in private chats")
    return {"effect_id": effect} if effect else {}


def _source(call: Call, verb: str) -> StoredMessage:
    chat = find_chat(call, call.params["from_chat_id"])
    must_be_in(call, chat, for_writing=False)
    stored = chat.messages.get(call.params["message_id"])
    if stored is None:
        raise bad_request(f"message to {verb} not found")
    return stored


def _kind_of(content: Json) -> str:
    return next((kind for kind in ("animation", "photo", "document", "location") if kind in content), "text")


def _origin(source: StoredMessage) -> Json:
    message = source.json
    if "forward_origin" in message:
        return dict(message["forward_origin"])
    date = message["date"]
    if message["chat"]["type"] == "channel":
        return {"type": "channel", "date": date, "chat": message["chat"], "message_id": source.id}
    if "sender_chat" in message:
        return {"type": "chat", "date": date, "sender_chat": message["sender_chat"]}
    return {"type": "user", "date": date, "sender_user": message["from"]}


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendAnimation": send_animation,
    "sendDocument": send_document,
    "sendLocation": send_location,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "sendChatAction": send_chat_action,
}
