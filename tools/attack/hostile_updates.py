"""Updates as nobody sane sends them, for Hypothesis: every kind of the Bot API and unknown ones, forged buttons, wrong
numbers, odd texts. Called by `hostile` and the tests.
"""

from functools import cache

from hypothesis import strategies as st

from bot.content.interface import Interface
from bot.screens.callback_data import KINDS, MOST_BYTES
from tools.attack.shapes import (
    BOOLEANS,
    DATES,
    HIGHEST_ID,
    NUMBERS,
    ODD_TEXTS,
    TEXTS,
    Draw,
    Json,
    draw_object,
    one_of,
    types,
    usually,
)

# Who writes: people and a group that are known to the bot, strangers, and numbers that nobody has.
KNOWN, KNOWN_GROUP = (101, 102), -1_001_234_567_890
STRANGERS = tuple(range(700_001, 700_011))
NEVER_GIVEN = (0, -5, HIGHEST_ID + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**25)
GROUPS = usually(st.integers(min_value=-(10**12) - 50, max_value=-(10**12)), NUMBERS)
PEOPLE = usually(st.sampled_from((*KNOWN, *KNOWN, *STRANGERS)), st.sampled_from(NEVER_GIVEN))
LANGUAGES = st.sampled_from(("en", "es", "en-US", "", "zz", "\x00", "de-\ud800"))
CHAT_KINDS = st.sampled_from(("group", "supergroup", "channel", "private", "sender", ""))
TYPED = st.one_of(TEXTS, st.sampled_from(("stop", "yes", "7:30", "Berlin", "I feel sad", "0")))
RESTS = st.sampled_from(("", " ", ".", " chat-999999999999999999", " 9999999999", *ODD_TEXTS[:12]))
OF_4, OF_5, OF_10, OF_20, OF_30 = (st.integers(0, most - 1) for most in (4, 5, 10, 20, 30))
LIKELY = (*("message",) * 24, *("callback_query",) * 32, *("my_chat_member",) * 6, *("inline_query",) * 6)
ACTIONS = (
    *("list", "add", "show", "ask", "out", "hide", "keep", "yes", "no", "all", "remove", "change", "days", "page"),
    *("zone", "quiet", "clock", "pictures", "silent", "words", "own", "stored", "travel", "home", "general", "leave"),
    *(
        "erase",
        "new",
        "back",
        "anew",
        "stop",
        "resume",
        "here",
        "unhide",
        "me_too",
        "end",
        "help",
        "privacy",
        "details",
    ),
    *(
        "again",
        "later",
        "skip",
        "put",
        "note",
        "write",
        "part",
        "people",
        "weeks",
        "day",
        "word",
        "DE",
        "en",
        "es",
        "12",
    ),
)
PARTS = (
    *(
        "",
        "0",
        "1",
        "-1",
        "00000000",
        "0009",
        "9" * 9,
        "9" * 18,
        "9" * 25,
        "2147483648",
        "²",
        "٣",
        "1.5",
        "1e9",
        "None",
    ),
    *("\x00", "\ud800", "🫧", ":", "::", "2026-02-30", "9999-12-31", "0001-01-01", "25:61", "+14", "-99999", "x" * 40),
)


@cache
def update_kinds() -> tuple[str, ...]:
    """Returns the kinds of updates: the fields of Update."""
    return tuple(field.name for field in types()["Update"].fields if not field.is_needed)


@cache
def callback_data() -> st.SearchStrategy[str]:
    """Data of buttons of every prefix, with wrong numbers of parts and numbers out of range."""
    part = st.one_of(st.sampled_from(ACTIONS), st.sampled_from(PARTS), st.integers().map(str))
    forged = st.builds(
        lambda prefix, parts: ":".join((prefix, *parts)),
        st.sampled_from([kind.prefix for kind in KINDS]),
        st.lists(part, max_size=5),
    )
    about = st.builds(lambda row, data: f"m:{row}:{data}", st.sampled_from(("0", "1", "3", "9" * 18, "9" * 30)), forged)
    whole = st.one_of(forged, forged, about, TEXTS)
    return whole.map(lambda data: data.encode(errors="surrogatepass")[:MOST_BYTES].decode(errors="replace") or "x")


@st.composite
def hostile_update(draw: Draw, number: int, commands: tuple[str, ...]) -> dict[str, Json]:
    """One update with this number. `commands`: what the bot knows, without their slash."""
    kind = str(draw(one_of((*LIKELY, *update_kinds()))))
    match kind:
        case "message" | "edited_message" | "channel_post" | "edited_channel_post":
            content: Json = _message(draw, commands)
        case "callback_query":
            content = _tap(draw, commands)
        case _:
            content = _placed(draw, draw_object(draw, _type_of(kind)))
    unknown = {f"x{kind}": content} if draw(OF_20) == 0 else {kind: content}
    return {"update_id": number, **unknown}


def commands_of(interface: Interface) -> tuple[str, ...]:
    """Returns the names of the bot's commands, and some that it does not know."""
    commands = interface.commands
    return ("start", *commands.private, *commands.group, *commands.admin, "nonsense", "ayuda", "x" * 33)


def _type_of(kind: str) -> str:
    return next(field.types[0] for field in types()["Update"].fields if field.name == kind)


def _person(draw: Draw) -> dict[str, Json]:
    number = draw(PEOPLE)
    return {
        "id": number,
        "is_bot": draw(OF_30) == 0,
        "first_name": draw(TEXTS),
        "language_code": draw(LANGUAGES),
    }


def _chat(draw: Draw, person: dict[str, Json]) -> dict[str, Json]:
    where = draw(OF_10)
    if isinstance(where, int) and where < 6:
        return {"id": person["id"], "type": "private", "first_name": "A"}
    kind = draw(CHAT_KINDS)
    return {"id": KNOWN_GROUP if where == 9 else draw(GROUPS), "type": kind, "title": draw(TEXTS)}


def _placed(draw: Draw, content: Json) -> Json:
    """The same from a person and in a chat that may be known."""
    if not isinstance(content, dict):
        return content
    person = _person(draw)
    return {
        **content,
        **({"from": person} if "from" in content else {}),
        **({"chat": _chat(draw, person)} if "chat" in content else {}),
    }


def _message(draw: Draw, commands: tuple[str, ...]) -> dict[str, Json]:
    person = _person(draw)
    drawn = draw_object(draw, "Message")
    more = drawn if isinstance(drawn, dict) and draw(BOOLEANS) else {}
    number = draw(NUMBERS)
    message: dict[str, Json] = {**more, "message_id": number, "date": draw(DATES), "chat": _chat(draw, person)}
    if draw(OF_10) != 0:
        message["from"] = person
    what = draw(OF_4)
    if what == 0:
        message["text"] = draw(TYPED)
    elif what in (1, 2):
        command = f"/{draw(one_of(commands))}"
        rest = draw(RESTS)
        message["text"] = f"{command}{rest}"
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
    if draw(OF_5) == 0:
        message["entities"] = [draw_object(draw, "MessageEntity", 4) for _ in range(2)]
    return message


def _tap(draw: Draw, commands: tuple[str, ...]) -> dict[str, Json]:
    data = draw(callback_data())
    tap: dict[str, Json] = {"id": draw(TEXTS), "from": _person(draw), "chat_instance": "1", "data": data}
    where = draw(OF_10)
    if where == 0:
        return {**tap, "inline_message_id": "1"}
    message = _message(draw, commands)
    message["from"] = {"id": 1, "is_bot": True, "first_name": "bot"}
    message["chat"] = _chat(draw, tap["from"] if isinstance(tap["from"], dict) else {})
    if where == 1:
        return {**tap, "message": {"message_id": message["message_id"], "date": 0, "chat": message["chat"]}}
    shown = data if where in (2, 3, 4) else "affirm"
    message["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": shown}]]}
    return {**tap, "message": message}
