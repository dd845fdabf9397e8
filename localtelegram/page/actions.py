"""What a person can do on the page: one function an action. Each raises ValueError or LookupError, in words to show."""

from base64 import b64decode
from collections.abc import Awaitable, Callable

from localtelegram.answers import Json
from localtelegram.faults import RateLimit
from localtelegram.page.chat_picker import choices, must_be_offered, wanted_by_key, wanted_by_link
from localtelegram.page.snapshot import ANONYMOUS, chats, groups, speaker
from localtelegram.people.demo import DemoWorld
from localtelegram.people.groups import Group
from localtelegram.people.person import Person
from localtelegram.people.taps import send_tap
from localtelegram.state.chats import StoredChat, StoredMessage, Topic

Action = Callable[[DemoWorld, Json], Awaitable[Json]]
FAULTS = {
    "none": "None",
    "busy": "Too many requests (429)",
    "broken": "Server errors (500)",
    "lost": "Lost connections",
    "slow": "Slow answers",
}


async def say(world: DemoWorld, body: Json) -> Json:
    chat, person = _here(world, body)
    group = _group(world, chat)
    as_chat = group if body["speaker"] == ANONYMOUS else None
    reply_to = _answered(chat, body)
    await person.says(str(body["text"]), chat, _topic(chat, body), reply_to=reply_to, as_chat=as_chat)
    return {}


async def tap(world: DemoWorld, body: Json) -> Json:
    chat, person = _here(world, body)
    query_id = send_tap(world.telegram.network, person.account, chat, int(body["message_id"]), str(body["data"]))
    await world.telegram.settled()
    return {"query_id": query_id}


async def start(world: DemoWorld, body: Json) -> Json:
    _, person = _here(world, body)
    await person.starts(body.get("payload") or None)
    return {}


async def share_location(world: DemoWorld, body: Json) -> Json:
    _, person = _here(world, body)
    await person.shares_location(float(body["latitude"]), float(body["longitude"]))
    return {}


async def send_file(world: DemoWorld, body: Json) -> Json:
    _, person = _here(world, body)
    await person.sends_file(str(body["name"]), b64decode(str(body["base64"]), validate=True))
    return {}


async def offer_chats(world: DemoWorld, body: Json) -> Json:
    """The list of chats that opens for a key (`request_id`) or for a link that adds the bot (`is_channel`)."""
    chat, person = _here(world, body)
    wanted = wanted_by_key(chat, int(body["request_id"])) if "request_id" in body else wanted_by_link(body)
    return choices(world, person, wanted)


async def share_chat(world: DemoWorld, body: Json) -> Json:
    chat, person = _here(world, body)
    chosen = _chosen(world, body)
    must_be_offered(world, person, wanted_by_key(chat, int(body["request_id"])), chosen.chat)
    await person.shares_chat(chosen)
    return {}


async def add_bot(world: DemoWorld, body: Json) -> Json:
    """Follows a link with ?startgroup= or ?startchannel&admin=."""
    _, person = _here(world, body)
    group = _chosen(world, body)
    must_be_offered(world, person, wanted_by_link({"is_channel": group.chat.type == "channel"}), group.chat)
    rights = {f"can_{right}": True for right in map(str, body.get("rights") or ())}
    await person.adds_bot(group, body.get("payload"), **rights)
    return {}


async def ask_inline(world: DemoWorld, body: Json) -> Json:
    chat, person = _here(world, body)
    asked = await person.asks(str(body["query"]), chat)
    results = (asked.answer or {}).get("results", [])
    shown = [{key: one[key] for key in ("id", "title", "description", "caption") if key in one} for one in results]
    return {"results": [one | {"query_id": asked.id} for one in shown]}


async def choose_inline(world: DemoWorld, body: Json) -> Json:
    chat, person = _here(world, body)
    asked = world.telegram.network.inline_queries.get(str(body["query_id"]))
    if asked is None:
        raise LookupError("Those results are gone. Type the words again.")
    await person.chooses(asked, str(body["result_id"]), chat)
    return {}


async def block(world: DemoWorld, body: Json) -> Json:
    _, person = _here(world, body)
    await person.blocks()
    return {}


async def unblock(world: DemoWorld, body: Json) -> Json:
    _, person = _here(world, body)
    await person.unblocks()
    return {}


async def set_faults(world: DemoWorld, body: Json) -> Json:
    faults = world.telegram.faults
    faults.clear()
    match body["id"]:
        case "busy":
            faults.limit_rate(RateLimit(per_second=1, retry_after=3))
        case "broken":
            faults.break_server(times=None)
        case "lost":
            faults.lose_connection(times=None)
        case "slow":
            faults.delay(2.0)
    return {}


ACTIONS: dict[str, Action] = {
    "say": say,
    "tap": tap,
    "start": start,
    "location": share_location,
    "file": send_file,
    "offers": offer_chats,
    "share": share_chat,
    "add": add_bot,
    "inline": ask_inline,
    "choose": choose_inline,
    "block": block,
    "unblock": unblock,
    "faults": set_faults,
}


def _here(world: DemoWorld, body: Json) -> tuple[StoredChat, Person]:
    chat = next((chat for chat in chats(world) if chat.id == body["chat_id"]), None)
    if chat is None:
        raise LookupError("That chat is not here any more.")
    return chat, speaker(world, chat, str(body["speaker"]))


def _chosen(world: DemoWorld, body: Json) -> Group:
    chosen = next((group for group in groups(world) if group.id == body["shared_chat_id"]), None)
    if chosen is None:
        raise LookupError("That chat is not here any more.")
    return chosen


def _group(world: DemoWorld, chat: StoredChat) -> Group | None:
    return next((group for group in groups(world) if group.id == chat.id), None)


def _answered(chat: StoredChat, body: Json) -> StoredMessage | None:
    """The message that is replied to, if one is."""
    message_id = int(body.get("reply_to") or 0)
    if message_id and message_id not in chat.messages:
        raise LookupError("The message that you reply to is not here any more.")
    return chat.messages.get(message_id)


def _topic(chat: StoredChat, body: Json) -> Topic | None:
    thread_id = int(body.get("thread_id") or 0)
    return chat.topics.get(thread_id) if chat.is_forum and thread_id else None
