"""getChat, getChatMember, getChatAdministrators and getFile."""

from localtelegram.answers import Json, bad_request
from localtelegram.methods.access import find_chat, must_be_in
from localtelegram.methods.calls import Call, Method
from localtelegram.state.chats import StoredChat, member_json
from localtelegram.state.files import DOWNLOAD_LIMIT


def get_chat(call: Call) -> Json:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat, for_writing=False)
    full = chat.chat() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    if chat.username:
        full["active_usernames"] = [chat.username]
    if chat.type in ("group", "supergroup"):
        full["permissions"] = dict(chat.permissions)
    if chat.linked_chat_id:
        full["linked_chat_id"] = chat.linked_chat_id
    if chat.has_hidden_members:
        full["has_hidden_members"] = True
    return full


def get_file(call: Call) -> Json:
    stored = call.network.files.get(call.params["file_id"], bot_id=call.bot.id)
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return stored.reference() | {"file_path": stored.path}


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


def _must_see_members(call: Call, chat: StoredChat) -> None:
    is_admin = chat.member(call.bot.id).is_admin
    if chat.type == "channel" and not is_admin:
        raise bad_request("member list is inaccessible")
    if chat.has_hidden_members and not is_admin and call.params.get("user_id") != call.bot.id:
        raise bad_request("CHAT_ADMIN_REQUIRED")


def get_chat_administrators(call: Call) -> list[Json]:
    """The owner and the administrators, without other bots, as at Telegram."""
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


METHODS: dict[str, Method] = {
    "getFile": Method(get_file, "file_id"),
    "getChat": Method(get_chat, "chat_id"),
    "getChatMember": Method(get_chat_member, "chat_id", "user_id"),
    "getChatAdministrators": Method(get_chat_administrators, "chat_id"),
}
