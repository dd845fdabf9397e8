"""The keyboard that stands in the place of a person's own, and what its buttons send; `Person` and the page use it."""

from localtelegram.methods.keyboards import labels
from localtelegram.state.accounts import Account, BotAccount
from localtelegram.state.chats import Chat, Member, StoredMessage
from localtelegram.state.membership import set_member
from localtelegram.state.network import Network
from localtelegram.state.refusal import Json

REQUESTS = ("request_chat", "request_users", "request_location", "request_contact", "request_poll", "web_app")


def shown_keyboard(chat: Chat) -> Json | None:
    """The one sent last, unless it was taken away since."""
    for stored in reversed(chat.in_order()):
        if stored.reply_keyboard:
            return stored.reply_keyboard if "keyboard" in stored.reply_keyboard else None
    return None


def asking_for_reply(chat: Chat, person: Account) -> StoredMessage | None:
    """The newest message, where it makes the person's app open an answer to it (force_reply)."""
    last = chat.in_order()[-1] if chat.messages else None
    if last is None or not (last.reply_keyboard or {}).get("force_reply"):
        return None
    asked = last.json.get("reply_to_message", {}).get("from", {}).get("id")
    is_for_all = not (last.reply_keyboard or {}).get("selective")
    return last if is_for_all or asked == person.id else None


def find_key(chat: Chat, label: str) -> Json:
    keyboard = shown_keyboard(chat)
    for row in (keyboard or {}).get("keyboard", []):
        for button in row:
            if button["text"] == label:
                return dict(button)
    raise LookupError(f"no key {label!r} on the keyboard; there are {labels(keyboard)}")


def find_request(chat: Chat, kind: str, *, of_channel: bool | None = None) -> Json:
    """The key of the shown keyboard that asks for this, whatever its label; `of_channel` tells two such keys apart."""
    for row in (shown_keyboard(chat) or {}).get("keyboard", []):
        for button in row:
            if kind in button and of_channel in (None, button[kind].get("chat_is_channel")):
                return dict(button)
    raise LookupError(f"no key asks for {kind.removeprefix('request_')}; there are {labels(shown_keyboard(chat))}")


def share_chat(network: Network, person: Account, bot: BotAccount, wanted: Json, chosen: Chat) -> Json:
    """What `chat_shared` says; grants the bot the rights that the key asks for.

    Raises ValueError where Telegram's picker would not offer that chat.
    """
    if (why := why_not_offered(person, bot, wanted, chosen)) is not None:
        raise ValueError(f"{chosen.title} is not offered: {why}")
    if rights := wanted.get("bot_administrator_rights"):
        granted = {right: True for right, is_asked in rights.items() if is_asked}
        if not chosen.member(bot.id).is_admin:
            set_member(network, chosen, bot, Member("administrator", granted), by=person)
    elif wanted.get("bot_is_member") and not chosen.member(bot.id).is_here:
        set_member(network, chosen, bot, Member("member"), by=person)
    shared: Json = {"request_id": wanted["request_id"], "chat_id": chosen.id}
    if wanted.get("request_title") and chosen.title:
        shared["title"] = chosen.title
    if wanted.get("request_username") and chosen.username:
        shared["username"] = chosen.username
    return shared


def why_not_offered(person: Account, bot: BotAccount, wanted: Json, chosen: Chat) -> str | None:
    member = chosen.member(person.id)
    held = {"user_administrator_rights": member, "bot_administrator_rights": chosen.member(bot.id)}
    checks = {
        "it is of the other kind": wanted["chat_is_channel"] == (chosen.type == "channel"),
        "it is a forum or is none": wanted.get("chat_is_forum") in (None, chosen.is_forum),
        "its username": wanted.get("chat_has_username") in (None, chosen.username is not None),
        "the person does not own it": not wanted.get("chat_is_created") or member.status == "creator",
        "the person is not in it": member.is_here,
        "the person may not add the bot": _bot_could_be_in(member, wanted, held["bot_administrator_rights"]),
        "the person lacks rights": _has(member, wanted.get("user_administrator_rights")),
    }
    return next((reason for reason, holds in checks.items() if not holds), None)


def _bot_could_be_in(person: Member, wanted: Json, bot: Member) -> bool:
    if not wanted.get("bot_is_member") or bot.is_here:
        return True
    return person.status == "creator" or person.rights.get("can_invite_users", not person.is_admin)


def _has(member: Member, rights: Json | None) -> bool:
    if not rights or member.status == "creator":
        return True
    return all(member.rights.get(right) for right, is_wanted in rights.items() if is_wanted)


def share_users(wanted: Json, chosen: list[Account]) -> Json:
    if len(chosen) > wanted.get("max_quantity", 1):
        raise ValueError(f"at most {wanted.get('max_quantity', 1)} can be chosen")
    users: list[Json] = []
    for account in chosen:
        user: Json = {"user_id": account.id}
        if wanted.get("request_name"):
            user |= {key: value for key in ("first_name", "last_name") if (value := getattr(account, key))}
        if wanted.get("request_username") and account.username:
            user["username"] = account.username
        users.append(user)
    return {"request_id": wanted["request_id"], "users": users}
