"""What the page shows, as JSON: the bot, the people, each chat with its messages."""

from localtelegram.answers import Json
from localtelegram.methods.commands import commands_for
from localtelegram.people.demo import DemoWorld
from localtelegram.people.groups import Group
from localtelegram.people.person import Person
from localtelegram.people.reply_keyboard import shown_keyboard
from localtelegram.state.chats import GENERAL_TOPIC, StoredChat

ANONYMOUS = "anonymous"
ROLES = {"creator": "owner", "administrator": "admin", "member": "member", "restricted": "restricted"}


def bot_json(world: DemoWorld) -> Json:
    bot = world.bot
    return bot.user() | {"description": bot.descriptions.get("", "")}


def people_json(world: DemoWorld) -> list[Json]:
    return [person.account.user() for person in people(world)]


def chats_json(world: DemoWorld) -> list[Json]:
    """The chats in the order of the page's list, each with its messages."""
    return [
        chat_json(world, chat) | {"messages": [stored.seen() for stored in chat.in_order()]} for chat in chats(world)
    ]


def chat_json(world: DemoWorld, chat: StoredChat) -> Json:
    """A chat without its messages. General is topic 0 here."""
    label = label_of(world, chat)
    return {
        "id": chat.id,
        "type": chat.type,
        "label": label,
        "title": label,
        "is_forum": chat.is_forum,
        "is_started": chat.is_started or chat.type != "private",
        "is_blocked": chat.is_blocked,
        "topics": [
            {"id": 0 if topic.id == GENERAL_TOPIC else topic.id, "name": topic.name}
            for topic in chat.topics.values()
            if not topic.is_deleted
        ],
        "speakers": [{"id": key, "label": label} for key, label in speakers(world, chat).items()],
        "commands": {
            key: commands_for(world.bot, chat, speaker(world, chat, key).id, "en") for key in speakers(world, chat)
        },
        "keyboard": _keyboard(chat),
        "members": _members(world, chat),
    }


def role_of(chat: StoredChat, account_id: int) -> str:
    """What someone is in a group or channel, in the words that Telegram's apps show."""
    return ROLES.get(chat.member(account_id).status, "not in it")


def label_of(world: DemoWorld, chat: StoredChat) -> str:
    """The name of a chat in the page's list."""
    person = owner_of(world, chat)
    return str(person.account.first_name if person else chat.title)


def people(world: DemoWorld) -> tuple[Person, ...]:
    return (world.you, world.robin)


def chats(world: DemoWorld) -> list[StoredChat]:
    return [*(person.chat for person in people(world)), *(group.chat for group in groups(world))]


def groups(world: DemoWorld) -> tuple[Group, ...]:
    return (world.circle, world.channel)


def owner_of(world: DemoWorld, chat: StoredChat) -> Person | None:
    """The person of a private chat; None for other chats."""
    return next((person for person in people(world) if chat.type == "private" and person.id == chat.id), None)


def speakers(world: DemoWorld, chat: StoredChat) -> dict[str, str]:
    """Who may write in a chat: key and label. In a group an administrator may also write anonymously."""
    if owner := owner_of(world, chat):
        return {str(owner.id): owner.account.first_name}
    right = "can_post_messages" if chat.type == "channel" else "can_send_messages"
    writing = [person for person in people(world) if chat.may(person.id, right)]
    found = {str(person.id): person.account.first_name for person in writing}
    if chat.type == "supergroup" and any(chat.member(person.id).is_admin for person in writing):
        found[ANONYMOUS] = "Anonymous admin"
    return found


def speaker(world: DemoWorld, chat: StoredChat, key: str) -> Person:
    """The person whom a key of `speakers` means. Raises LookupError for any other key."""
    if key not in speakers(world, chat):
        raise LookupError("nobody of that name writes in this chat")
    if key == ANONYMOUS:
        return next(person for person in people(world) if chat.member(person.id).is_admin)
    return next(person for person in people(world) if str(person.id) == key)


def _members(world: DemoWorld, chat: StoredChat) -> list[Json]:
    """Who is in a group or channel, and as what; nobody is listed for a private chat."""
    if chat.type == "private":
        return []
    accounts = [*(person.account for person in people(world)), world.bot]
    here = [account for account in accounts if chat.member(account.id).is_here]
    return [{"id": one.id, "name": one.first_name, "role": role_of(chat, one.id)} for one in here]


def _keyboard(chat: StoredChat) -> Json | None:
    keyboard = shown_keyboard(chat)
    if keyboard is None:
        return None
    carrier = next(stored for stored in reversed(chat.in_order()) if stored.reply_keyboard)
    return keyboard | {"message_id": carrier.id}
