"""What a person can do on the page, one verb each. What cannot be done raises ValueError or LookupError, in words."""

from collections.abc import Awaitable, Callable

from localtelegram.answers import Json
from localtelegram.faults import RateLimit
from localtelegram.page.snapshot import ANONYMOUS, chats, groups, speaker
from localtelegram.people.demo import World
from localtelegram.people.groups import Group
from localtelegram.people.person import Person
from localtelegram.people.taps import send_tap
from localtelegram.state.chats import Chat, Topic

Deed = Callable[[World, Json], Awaitable[Json]]
WEATHERS = {
    "fair": "Fair",
    "busy": "Too many requests (429)",
    "broken": "Server errors (500)",
    "lost": "Lost connections",
    "slow": "Slow answers",
}


async def say(world: World, body: Json) -> Json:
    chat, person = _here(world, body)
    group = _group(world, chat)
    as_chat = group if body["speaker"] == ANONYMOUS else None
    await person.says(str(body["text"]), chat, _topic(chat, body), as_chat=as_chat)
    return {}


async def tap(world: World, body: Json) -> Json:
    chat, person = _here(world, body)
    query_id = send_tap(world.telegram.network, person.account, chat, int(body["message_id"]), str(body["data"]))
    await world.telegram.settled()
    return {"query_id": query_id}


async def start(world: World, body: Json) -> Json:
    _, person = _here(world, body)
    await person.starts(body.get("payload") or None)
    return {}


async def share_location(world: World, body: Json) -> Json:
    _, person = _here(world, body)
    await person.shares_location(float(body["latitude"]), float(body["longitude"]))
    return {}


async def share_chat(world: World, body: Json) -> Json:
    _, person = _here(world, body)
    await person.shares_chat(_chosen(world, body))
    return {}


async def add_bot(world: World, body: Json) -> Json:
    """By a link with ?startgroup= or ?startchannel&admin=; only who may add someone there can."""
    _, person = _here(world, body)
    group = _chosen(world, body)
    if group.chat.type == "channel" and not group.chat.member(person.id).is_admin:
        raise ValueError(f"Only administrators add a bot to {group.chat.title}.")
    rights = {f"can_{each}": True for each in map(str, body.get("rights") or ())}
    await person.adds_bot(group, body.get("payload"), **rights)
    return {}


async def ask_inline(world: World, body: Json) -> Json:
    chat, person = _here(world, body)
    asked = await person.asks(str(body["query"]), chat)
    results = (asked.answer or {}).get("results", [])
    shown = [{key: one[key] for key in ("id", "title", "description", "caption") if key in one} for one in results]
    return {"results": [one | {"query_id": asked.id} for one in shown]}


async def choose_inline(world: World, body: Json) -> Json:
    chat, person = _here(world, body)
    asked = world.telegram.network.inline_queries.get(str(body["query_id"]))
    if asked is None:
        raise LookupError("Those results are gone. Type the words again.")
    await person.chooses(asked, str(body["result_id"]), chat)
    return {}


async def block(world: World, body: Json) -> Json:
    _, person = _here(world, body)
    await person.blocks()
    return {}


async def unblock(world: World, body: Json) -> Json:
    _, person = _here(world, body)
    await person.unblocks()
    return {}


async def set_weather(world: World, body: Json) -> Json:
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


DEEDS: dict[str, Deed] = {
    "say": say,
    "tap": tap,
    "start": start,
    "location": share_location,
    "share": share_chat,
    "add": add_bot,
    "inline": ask_inline,
    "choose": choose_inline,
    "block": block,
    "unblock": unblock,
    "weather": set_weather,
}


def _here(world: World, body: Json) -> tuple[Chat, Person]:
    chat = next((chat for chat in chats(world) if chat.id == body["chat_id"]), None)
    if chat is None:
        raise LookupError("That chat is not here any more.")
    return chat, speaker(world, chat, str(body["speaker"]))


def _chosen(world: World, body: Json) -> Group:
    chosen = next((group for group in groups(world) if group.id == body["shared_chat_id"]), None)
    if chosen is None:
        raise LookupError("That chat is not here any more.")
    return chosen


def _group(world: World, chat: Chat) -> Group | None:
    return next((group for group in groups(world) if group.id == chat.id), None)


def _topic(chat: Chat, body: Json) -> Topic | None:
    thread_id = int(body.get("thread_id") or 0)
    return chat.topics.get(thread_id) if chat.is_forum and thread_id else None
