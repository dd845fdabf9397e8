"""pinChatMessage and its kin, and setMessageReaction: marks on messages that are there already."""

from localtelegram.methods.access import find_chat, must_be_in
from localtelegram.methods.calls import Call, Method
from localtelegram.state.accounts import Account
from localtelegram.state.chats import Chat, StoredMessage
from localtelegram.state.network import Network
from localtelegram.state.posting import Draft, post, quoted
from localtelegram.state.refusal import Json, bad_request


def pin_chat_message(call: Call) -> bool:
    chat = _pinnable(call)
    stored = chat.messages.get(call.params["message_id"])
    if stored is None:
        raise bad_request("message to pin not found")
    if stored.is_service:
        raise bad_request("message can't be pinned")
    if stored.id in chat.pinned_ids:
        chat.pinned_ids.remove(stored.id)
    chat.pinned_ids.append(stored.id)
    content = {"pinned_message": quoted(stored)}
    silent = call.params.get("disable_notification", False)
    post(
        call.network,
        chat,
        call.bot,
        Draft(content=content, is_service=True, is_silent=silent, thread_id=stored.thread_id),
    )
    call.network.tell("pinned", chat, message_ids=list(chat.pinned_ids))
    return True


def unpin_chat_message(call: Call) -> bool:
    chat = _pinnable(call)
    message_id = call.params.get("message_id") or (chat.pinned_ids[-1] if chat.pinned_ids else None)
    if message_id not in chat.messages:
        raise bad_request("message to unpin not found")
    if message_id in chat.pinned_ids:
        chat.pinned_ids.remove(message_id)
        call.network.tell("pinned", chat, message_ids=list(chat.pinned_ids))
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    chat = _pinnable(call)
    chat.pinned_ids.clear()
    call.network.tell("pinned", chat, message_ids=[])
    return True


def _pinnable(call: Call) -> Chat:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat)
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if chat.type != "private" and not chat.may(call.bot.id, right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def set_message_reaction(call: Call) -> bool:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat)
    stored = _reactable(chat, call.params["message_id"])
    reactions = call.params.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(reaction["type"] != "emoji" for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    if reactions:
        stored.reactions[call.bot.id] = reactions
    else:
        stored.reactions.pop(call.bot.id, None)
    call.network.tell("reaction", chat, message_id=stored.id, by=call.bot.user(), reaction=reactions)
    return True


def react(network: Network, chat: Chat, person: Account, stored: StoredMessage, emoji: str | None) -> None:
    """A person reacts, or takes it back; told to administrator bots that asked for `message_reaction`."""
    old = stored.reactions.pop(person.id, [])
    new: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
    if new:
        stored.reactions[person.id] = new
    change: Json = {
        "chat": chat.chat(),
        "message_id": stored.id,
        "user": person.user(),
        "date": int(network.clock().timestamp()),
        "old_reaction": old,
        "new_reaction": new,
    }
    for bot in network.bots.values():
        if chat.member(bot.id).is_admin or chat.bot_id == bot.id:
            network.push(bot, "message_reaction", change, chat_key=chat.id)
    network.tell("reaction", chat, message_id=stored.id, by=person.user(), reaction=new)


def _reactable(chat: Chat, message_id: int) -> StoredMessage:
    stored = chat.messages.get(message_id)
    if stored is None:
        raise bad_request("message to react not found")
    return stored


METHODS: dict[str, Method] = {
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "setMessageReaction": set_message_reaction,
}
