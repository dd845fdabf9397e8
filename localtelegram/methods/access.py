"""Finds the chat that a call means and checks that the bot may read or write there. Raises Telegram's refusals."""

import re

from localtelegram.answers import bad_request, forbidden
from localtelegram.methods.calls import Call
from localtelegram.state.chats import StoredChat, Topic

_KIND_NAMES = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}
# What is sent -> (the member's right it needs, Telegram's name for it)
SENDING = {
    "text": ("can_send_messages", "text messages"),
    "photo": ("can_send_photos", "photos"),
    "animation": ("can_send_other_messages", "animations"),
    "document": ("can_send_documents", "documents"),
}


def find_chat(call: Call, chat_id: int | str) -> StoredChat:
    """Finds a chat that the bot has met. Does not check its rights there."""
    if chat_id == "":
        raise bad_request("chat_id is empty")
    if isinstance(chat_id, str) and chat_id.startswith("@"):
        return _by_username(call, chat_id[1:])
    if isinstance(chat_id, str) and not re.fullmatch(r"-?\d+", chat_id):
        raise bad_request("chat not found")
    number = int(chat_id)
    if number > 0:
        return _private(call, number)
    chat = call.network.chats.get(number)
    if chat is None or call.bot.id not in chat.members:
        raise bad_request("chat not found")
    return chat


def _by_username(call: Call, username: str) -> StoredChat:
    for chat in call.network.chats.values():
        if chat.username and chat.username.lower() == username.lower():
            return chat
    raise bad_request("chat not found")


def _private(call: Call, account_id: int) -> StoredChat:
    account = call.network.accounts.get(account_id)
    if account is None:
        raise bad_request("chat not found")
    if account.is_bot:
        raise forbidden("the bot can't send messages to the bot")
    chat = call.network.private_chat(call.bot.id, account)
    if not chat.is_started and not _shares_a_chat(call, account_id):
        raise bad_request("chat not found")
    return chat


def _shares_a_chat(call: Call, account_id: int) -> bool:
    return any(account_id in chat.members and call.bot.id in chat.members for chat in call.network.chats.values())


def must_be_in(call: Call, chat: StoredChat, *, for_writing: bool = True) -> None:
    """Raises a refusal where the bot is blocked, kicked, gone or was never let in."""
    if chat.type == "private":
        _must_be_welcome(call, chat, for_writing=for_writing)
        return
    name = _KIND_NAMES[chat.type]
    member = chat.member(call.bot.id)
    if member.status == "kicked":
        raise forbidden(f"bot was kicked from the {name}")
    if chat.migrated_to is not None and for_writing:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.is_deactivated and chat.migrated_to is None:
        raise forbidden("the group chat was deleted")
    is_open = chat.username is not None and not for_writing
    if not member.is_here and not is_open:
        raise forbidden(f"bot is not a member of the {name}")


def _must_be_welcome(call: Call, chat: StoredChat, *, for_writing: bool) -> None:
    if not for_writing:
        return
    if call.network.accounts[chat.id].is_deleted:
        raise forbidden("user is deactivated")
    if chat.is_blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.is_started:
        raise forbidden("bot can't initiate conversation with a user")


def must_be_allowed_to_send(call: Call, chat: StoredChat, kind: str) -> None:
    if chat.type == "private":
        return
    if chat.type == "channel":
        if not chat.may(call.bot.id, "can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        return
    right, name = SENDING[kind]
    if not chat.may(call.bot.id, right):
        raise bad_request(f"not enough rights to send {name} to the chat")


def find_thread(call: Call, chat: StoredChat, thread_id: int | None) -> int | None:
    """The topic that a message goes to; None for General.

    A topic in a group without topics is ignored with a complaint, in a private chat it is refused.
    """
    if thread_id is None or thread_id == 0:
        _must_be_open(call, chat, chat.topics.get(1))
        return None
    if chat.type == "private":
        raise bad_request("message thread not found")
    if not chat.is_forum:
        call.complain("message_thread_id in a chat without topics: Telegram ignores it")
        return None
    topic = chat.topics.get(thread_id)
    if topic is None or topic.is_deleted or thread_id == 1:
        raise bad_request("message thread not found")
    _must_be_open(call, chat, topic)
    return thread_id


def _must_be_open(call: Call, chat: StoredChat, topic: Topic | None) -> None:
    if chat.is_forum and topic and topic.is_closed and not chat.may(call.bot.id, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
