"""editMessageText, editMessageCaption, editMessageReplyMarkup, editMessageMedia, deleteMessage(s)."""

from datetime import timedelta

from localtelegram.methods.access import find_chat, must_be_in
from localtelegram.methods.calls import Call, Method
from localtelegram.methods.keyboards import inline_only
from localtelegram.methods.media import read_media
from localtelegram.methods.message_text import must_fit_caption, must_fit_text, read, read_caption, read_text
from localtelegram.methods.sending import caption_options, link_preview, refuse_what_is_not_played
from localtelegram.state.chats import Chat, StoredMessage
from localtelegram.state.posting import announce_edit, remove
from localtelegram.state.refusal import Json, bad_request

_DELETABLE_FOR = timedelta(hours=48)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_MEDIA = ("photo", "animation", "document", "video")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media", "has_media_spoiler")


def edit_message_text(call: Call) -> object:
    refuse_what_is_not_played(call)
    if call.params.get("rich_message"):
        call.complain("the local Telegram does not play rich_message")
        raise bad_request("the local Telegram does not play rich_message")
    wording = read_text(call.params)
    chat, stored = _editable(call)
    if "text" not in stored.json:
        raise bad_request("there is no text in the message to edit")
    must_fit_text(wording, is_edit=True)
    content = wording.as_json("text", "entities")
    content |= link_preview(call.params)
    return _replace(call, chat, stored, ("text", "entities", "link_preview_options"), content)


def edit_message_caption(call: Call) -> object:
    caption = read_caption(call.params)
    chat, stored = _editable(call)
    if not any(kind in stored.json for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    must_fit_caption(caption, is_edit=True)
    content = caption.as_json("caption", "caption_entities")
    if call.params.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return _replace(call, chat, stored, _CAPTION[:3], content)


def edit_message_reply_markup(call: Call) -> object:
    chat, stored = _editable(call)
    return _replace(call, chat, stored, (), {})


def edit_message_media(call: Call) -> object:
    media = call.params["media"]
    if media["type"] not in ("photo", "animation", "document"):
        call.complain(f"the local Telegram does not play media of type {media['type']}")
        raise bad_request(f"the local Telegram does not play media of type {media['type']}")
    caption = read(media.get("caption", ""), media.get("parse_mode"), media.get("caption_entities"), may_be_empty=True)
    chat, stored = _editable(call)
    must_fit_caption(caption, is_edit=True)
    content = read_media(call, media["type"], media["media"], media).media()
    content |= caption.as_json("caption", "caption_entities") | caption_options(media)
    return _replace(call, chat, stored, ("text", "entities", "link_preview_options", *_MEDIA, *_CAPTION), content)


def _editable(call: Call) -> tuple[Chat, StoredMessage]:
    if inline_id := call.params.get("inline_message_id"):
        return _inline_message(call, inline_id)
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


def _may_edit(call: Call, chat: Chat, stored: StoredMessage) -> bool:
    if stored.is_service or stored.read_only:
        return False
    if chat.type == "channel":
        is_own = stored.author_id == call.bot.id and chat.may(call.bot.id, "can_post_messages")
        return is_own or chat.may(call.bot.id, "can_edit_messages")
    return stored.author_id == call.bot.id and "via_bot" not in stored.json


def _inline_message(call: Call, inline_id: str) -> tuple[Chat, StoredMessage]:
    chats = [*call.network.chats.values(), *call.network.private_chats.values()]
    for chat in chats:
        for stored in chat.messages.values():
            if stored.inline_message_id == inline_id and stored.json["via_bot"]["id"] == call.bot.id:
                return chat, stored
    raise bad_request("MESSAGE_ID_INVALID")


def _replace(call: Call, chat: Chat, stored: StoredMessage, keys: tuple[str, ...], content: Json) -> object:
    """An edit without `reply_markup` takes the keyboard away, as at Telegram."""
    markup = inline_only(call.params.get("reply_markup"), call.network.complaints)
    fresh = {key: value for key, value in stored.json.items() if key not in (*keys, "reply_markup", "edit_date")}
    fresh |= content
    if markup:
        fresh["reply_markup"] = markup
    if fresh == {key: value for key, value in stored.json.items() if key != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    if keys:
        fresh["edit_date"] = int(call.now.timestamp())
    elif "edit_date" in stored.json:
        fresh["edit_date"] = stored.json["edit_date"]
    stored.json = fresh
    announce_edit(call.network, chat, stored)
    return True if "inline_message_id" in call.params else stored.seen()


def delete_message(call: Call) -> bool:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat)
    stored = chat.messages.get(call.params["message_id"])
    if stored is None:
        raise bad_request("message to delete not found")
    if not _may_delete(call, chat, stored):
        raise bad_request("message can't be deleted")
    if chat.type in ("private", "group") and call.now - stored.at > _DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    remove(call.network, chat, stored)
    return True


def delete_messages(call: Call) -> bool:
    """Skips what is gone or may not be deleted."""
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat)
    for message_id in call.params["message_ids"]:
        stored = chat.messages.get(message_id)
        if stored and _may_delete(call, chat, stored) and call.now - stored.at <= _DELETABLE_FOR:
            remove(call.network, chat, stored)
    return True


def _may_delete(call: Call, chat: Chat, stored: StoredMessage) -> bool:
    if chat.type == "private":
        return True
    if chat.type == "channel" and stored.author_id == call.bot.id:
        return chat.may(call.bot.id, "can_post_messages")
    is_own = stored.author_id == call.bot.id and not stored.is_service
    if is_own and chat.type != "channel":
        return call.now - stored.at <= _DELETABLE_FOR or chat.may(call.bot.id, "can_delete_messages")
    return chat.may(call.bot.id, "can_delete_messages")


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageMedia": edit_message_media,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
