"""The keyboard that a bot puts in the place of a person's own, and what its keys send. `Person` and the page use it."""

from localtelegram.answers import Json
from localtelegram.methods.keyboards import labels
from localtelegram.state.accounts import Account, BotAccount
from localtelegram.state.chats import Member, StoredChat
from localtelegram.state.membership import set_member
from localtelegram.state.network import Network


def shown_keyboard(chat: StoredChat) -> Json | None:
    """The reply keyboard that was sent last; None where it was taken away since."""
    for stored in reversed(chat.in_order()):
        if stored.reply_keyboard:
            return stored.reply_keyboard if "keyboard" in stored.reply_keyboard else None
    return None


def find_key(chat: StoredChat, label: str) -> Json:
    keyboard = shown_keyboard(chat)
    for row in (keyboard or {}).get("keyboard", []):
        for button in row:
            if button["text"] == label:
                return dict(button)
    raise LookupError(f"no key {label!r} on the keyboard; there are {labels(keyboard)}")


def find_request(chat: StoredChat, *, of_channel: bool) -> Json:
    """The request of the key that lets a person choose a channel, or else a group. Raises LookupError if none does."""
    for row in (shown_keyboard(chat) or {}).get("keyboard", []):
        for button in row:
            if "request_chat" in button and of_channel == button["request_chat"]["chat_is_channel"]:
                return dict(button["request_chat"])
    raise LookupError(f"no key asks for such a chat; there are {labels(shown_keyboard(chat))}")


def share_chat(network: Network, person: Account, bot: BotAccount, wanted: Json, chosen: StoredChat) -> Json:
    """Grants the bot the rights that the key asks for, and returns the content of `chat_shared`.

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
    return {"request_id": wanted["request_id"], "chat_id": chosen.id}


def why_not_offered(person: Account, bot: BotAccount, wanted: Json, chosen: StoredChat) -> str | None:
    member = chosen.member(person.id)
    checks = {
        "it is of the other kind": wanted["chat_is_channel"] == (chosen.type == "channel"),
        "the person is not in it": member.is_here,
        "the person may not add the bot": _bot_could_be_in(member, wanted, chosen.member(bot.id)),
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
    wanted = [right for right, is_wanted in rights.items() if is_wanted]
    # Every administrator has can_manage_chat (ChatAdministratorRights in the Bot API).
    return member.is_admin and all(right == "can_manage_chat" or member.rights.get(right) for right in wanted)
