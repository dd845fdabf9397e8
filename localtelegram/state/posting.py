"""Puts messages into chats and sends the updates to every bot that may see them. Methods and people use it."""

from dataclasses import dataclass
from typing import Literal

from localtelegram.answers import Json
from localtelegram.state.accounts import Account, BotAccount, anonymous_admin, channel_bot, service_account
from localtelegram.state.chats import StoredChat, StoredMessage
from localtelegram.state.network import Network

UpdateKind = Literal["message", "edited_message", "channel_post", "edited_channel_post"]
_PLACE = ("message_thread_id", "is_topic_message")


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A message before it has its id and its chat."""

    content: Json
    thread_id: int | None = None
    reply_to: StoredMessage | None = None
    sender_chat: StoredChat | None = None  # an anonymous administrator, or a person writing as a channel
    via_bot: BotAccount | None = None
    forwarded_from: Json | None = None  # the origin of a channel's post that Telegram forwards by itself
    markup: Json | None = None  # an inline keyboard
    reply_keyboard: Json | None = None
    is_silent: bool = False
    is_service: bool = False
    read_only: bool = False


def post(network: Network, chat: StoredChat, author: Account, draft: NewMessage) -> StoredMessage:
    now = network.clock()
    message: Json = {"message_id": network.new_message_id(chat)}
    message |= _thread(chat, draft)
    message |= _sender(chat, author, draft.sender_chat)
    message |= {"chat": chat.chat(), "date": int(now.timestamp())}
    if draft.forwarded_from:
        message |= {"from": service_account(), "is_automatic_forward": True, "forward_origin": draft.forwarded_from}
    message |= _reply(chat, draft)
    if draft.via_bot:
        message["via_bot"] = draft.via_bot.user()
    message |= draft.content
    if draft.markup:
        message["reply_markup"] = draft.markup
    stored = StoredMessage(
        message,
        author.id,
        now,
        is_silent=draft.is_silent,
        is_service=draft.is_service,
        reply_keyboard=draft.reply_keyboard,
        read_only=draft.read_only or bool(draft.reply_keyboard),
    )
    chat.messages[stored.id] = stored
    network.tell("message", chat, message=stored.json, silent=stored.is_silent, reply_keyboard=stored.reply_keyboard)
    _distribute(network, chat, stored, "channel_post" if chat.type == "channel" else "message")
    if author.is_bot and not draft.is_service:
        chat.last_bot_id = author.id
    if chat.type == "channel" and not draft.is_service:
        _forward_to_linked_group(network, chat, stored)
    return stored


def announce_edit(network: Network, chat: StoredChat, stored: StoredMessage) -> None:
    network.tell("edited", chat, message=stored.json)
    _distribute(network, chat, stored, "edited_channel_post" if chat.type == "channel" else "edited_message")


def remove(network: Network, chat: StoredChat, stored: StoredMessage) -> None:
    del chat.messages[stored.id]
    chat.deleted_ids.add(stored.id)
    network.tell("deleted", chat, message_id=stored.id)


def quoted(stored: StoredMessage) -> Json:
    """A message as it appears inside its reply: without the message that it replies to itself."""
    return {key: value for key, value in stored.json.items() if key != "reply_to_message"}


def _thread(chat: StoredChat, draft: NewMessage) -> Json:
    if chat.is_forum and draft.thread_id:
        return {"message_thread_id": draft.thread_id, "is_topic_message": True}
    if chat.type == "supergroup" and not chat.is_forum and draft.reply_to:
        return {"message_thread_id": draft.reply_to.json.get("message_thread_id", draft.reply_to.id)}
    return {}


def _sender(chat: StoredChat, author: Account, sender_chat: StoredChat | None) -> Json:
    if chat.type == "channel":
        return {"sender_chat": chat.chat()}
    if sender_chat is None:
        return {"from": author.user()}
    if sender_chat.id == chat.id:
        return {"from": anonymous_admin(), "sender_chat": chat.chat()}
    return {"from": channel_bot(), "sender_chat": sender_chat.chat()}


def _reply(chat: StoredChat, draft: NewMessage) -> Json:
    """A reply carries the message it replies to; in a topic every other message carries the topic's first."""
    if draft.reply_to:
        return {"reply_to_message": quoted(draft.reply_to)}
    root = chat.messages.get(draft.thread_id or 0) if chat.is_forum else None
    return {"reply_to_message": quoted(root)} if root and not draft.is_service else {}


def _distribute(network: Network, chat: StoredChat, stored: StoredMessage, kind: UpdateKind) -> None:
    for bot in network.bots.values():
        if bot.id != stored.author_id and _may_see(network, chat, stored, bot):
            network.push(bot, kind, stored.seen(), chat_key=chat.id)


def _may_see(network: Network, chat: StoredChat, stored: StoredMessage, bot: BotAccount) -> bool:
    """Privacy mode: a bot that is no administrator gets only commands, replies to it and service messages."""
    if chat.type == "private":
        return chat.bot_id == bot.id
    member = chat.member(bot.id)
    if not member.is_here:
        return False
    if chat.type == "channel" or stored.is_service:
        return True
    author = network.accounts.get(stored.author_id)
    if author and author.is_bot:
        return False
    if member.is_admin or bot.reads_all_group_messages:
        return True
    return _is_meant_for(chat, stored, bot)


def _is_meant_for(chat: StoredChat, stored: StoredMessage, bot: BotAccount) -> bool:
    message = stored.json
    if message.get("reply_to_message", {}).get("from", {}).get("id") == bot.id:
        return True
    if message.get("via_bot", {}).get("id") == bot.id:
        return True
    text = str(message.get("text", message.get("caption", "")))
    entities = message.get("entities") or message.get("caption_entities") or []
    first = next((entity for entity in entities if entity["offset"] == 0), None)
    if first is None or first["type"] != "bot_command":
        return False
    _, _, name = text[: first["length"]].partition("@")
    if name:
        return bool(name.lower() == (bot.username or "").lower())
    return chat.last_bot_id in (None, bot.id)


def _forward_to_linked_group(network: Network, channel: StoredChat, stored: StoredMessage) -> None:
    group = network.chats.get(channel.linked_chat_id or 0)
    if group is None or group.type != "supergroup":
        return
    origin = {
        "type": "channel",
        "chat": channel.chat(),
        "message_id": stored.id,
        "date": stored.json["date"],
    }
    left_out = {"message_id", "sender_chat", "chat", "date", "reply_to_message", *_PLACE}
    content = {key: value for key, value in stored.json.items() if key not in left_out}
    forward = NewMessage(
        content=content,
        sender_chat=channel,
        forwarded_from=origin,
        read_only=True,
        is_silent=stored.is_silent,
    )
    post(network, group, network.accounts[stored.author_id], forward)
