"""getChat, getChatMember, getChatAdministrators, getChatMemberCount, leaveChat."""

from localtelegram.methods.access import find_chat, must_be_in
from localtelegram.methods.calls import Call, Method
from localtelegram.state.chats import Chat, member_json
from localtelegram.state.membership import leave
from localtelegram.state.posting import quoted
from localtelegram.state.refusal import Json, bad_request


def get_chat(call: Call) -> Json:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat, for_writing=False)
    full = chat.chat() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    if chat.username:
        full["active_usernames"] = [chat.username]
    if chat.description:
        full["description"] = chat.description
    if chat.pinned_ids:
        full["pinned_message"] = quoted(chat.messages[chat.pinned_ids[-1]])
    if chat.type in ("group", "supergroup"):
        full["permissions"] = dict(chat.permissions)
    if chat.linked_chat_id:
        full["linked_chat_id"] = chat.linked_chat_id
    for flag in ("has_hidden_members", "has_protected_content"):
        if getattr(chat, flag):
            full[flag] = True
    return full


_NO_GIFTS: Json = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def get_chat_member(call: Call) -> Json:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat, for_writing=False)
    _must_see_members(call, chat)
    account = call.network.accounts.get(call.params["user_id"])
    if chat.type == "private":
        if account is None or account.id not in chat.members:
            raise bad_request("member not found")
        return member_json(chat, account.user(), chat.member(account.id))
    if account is None:
        raise bad_request("member not found" if chat.type == "group" else "PARTICIPANT_ID_INVALID")
    return member_json(chat, account.user(), chat.member(account.id))


def _must_see_members(call: Call, chat: Chat) -> None:
    is_admin = chat.member(call.bot.id).is_admin
    if chat.type == "channel" and not is_admin:
        raise bad_request("member list is inaccessible")
    if chat.has_hidden_members and not is_admin and call.params.get("user_id") != call.bot.id:
        raise bad_request("CHAT_ADMIN_REQUIRED")


def get_chat_administrators(call: Call) -> list[Json]:
    """Without other bots, as at Telegram."""
    chat = find_chat(call, call.params["chat_id"])
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    must_be_in(call, chat)
    if chat.type == "channel" and not chat.member(call.bot.id).is_admin:
        raise bad_request("member list is inaccessible")
    accounts = call.network.accounts
    return [
        member_json(chat, accounts[account_id].user(), member)
        for account_id, member in chat.members.items()
        if member.is_admin and (not accounts[account_id].is_bot or account_id == call.bot.id)
    ]


def get_chat_member_count(call: Call) -> int:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat, for_writing=False)
    return sum(member.is_here for member in chat.members.values())


def leave_chat(call: Call) -> bool:
    chat = find_chat(call, call.params["chat_id"])
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    must_be_in(call, chat)
    leave(call.network, chat, call.bot)
    return True


METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
