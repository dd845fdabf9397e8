"""The list of chats that opens for a key or a link of the bot: those that Telegram would show, and who may the rest."""

from localtelegram.answers import Json
from localtelegram.page.snapshot import groups, people, role_of
from localtelegram.people.demo import DemoWorld
from localtelegram.people.person import Person
from localtelegram.people.reply_keyboard import shown_keyboard, why_not_offered
from localtelegram.state.chats import StoredChat


def wanted_by_key(chat: StoredChat, request_id: int) -> Json:
    """The request of a key of the keyboard. Raises LookupError where the keyboard is gone."""
    for row in (shown_keyboard(chat) or {}).get("keyboard", []):
        for button in row:
            if button.get("request_chat", {}).get("request_id") == request_id:
                return dict(button["request_chat"])
    raise LookupError("That keyboard is not there any more.")


def wanted_by_link(link: Json) -> Json:
    """What a link with ?startgroup= or ?startchannel asks for: a bot is added to a channel as an administrator."""
    is_channel = bool(link["is_channel"])
    rights = {"can_promote_members": True} if is_channel else None
    return {"chat_is_channel": is_channel, "bot_is_member": not is_channel, "user_administrator_rights": rights}


def choices(world: DemoWorld, person: Person, wanted: Json) -> Json:
    """`offered`: the chats that this person may choose; `others`: those of the kind that only other people may."""
    fitting = [group.chat for group in groups(world) if (group.chat.type == "channel") == wanted["chat_is_channel"]]
    offered = [chat for chat in fitting if _may(person, wanted, chat)]
    return {
        "offered": [{"id": chat.id, "label": chat.title, "role": role_of(chat, person.id)} for chat in offered],
        "others": [_refusal(world, person, wanted, chat) for chat in fitting if chat not in offered],
    }


def must_be_offered(world: DemoWorld, person: Person, wanted: Json, chosen: StoredChat) -> None:
    """Raises ValueError, which says who may, where the list would not show the chat."""
    if not _may(person, wanted, chosen):
        raise ValueError(_refusal(world, person, wanted, chosen))


def _may(person: Person, wanted: Json, chat: StoredChat) -> bool:
    return why_not_offered(person.account, person.bot, wanted, chat) is None


def _refusal(world: DemoWorld, person: Person, wanted: Json, chat: StoredChat) -> str:
    name, role = person.account.first_name, role_of(chat, person.id)
    able = [other for other in people(world) if _may(other, wanted, chat)]
    names = " or ".join(f"{other.account.first_name} ({role_of(chat, other.id)})" for other in able) or "nobody here"
    return f"{chat.title} is not offered to {name} ({role}). Who may choose it: {names}."
