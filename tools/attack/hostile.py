"""Plays hostile updates to the bot, in this process, and finds what must not be. Called by `__main__` and the tests."""

import asyncio
import base64
import gc
import json
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from greenlet import getcurrent  # type: ignore[import-untyped]  # it has no types, and is only asked for its stack
from hypothesis import HealthCheck, Phase, given, seed, settings
from pydantic import SecretStr
from sqlalchemy import event
from telegram.request import BaseRequest, RequestData

from bot.app import App
from bot.content.library import Library
from bot.database.models import Chat
from bot.domain.ids import TelegramId
from bot.domain.schedule import Daily
from bot.settings import Settings, read_settings
from bot.usecases.chats import get_or_create_chat
from bot.usecases.reminders.edit import add_reminder
from tools.attack.hostile_updates import KNOWN, KNOWN_GROUP, commands_of, hostile_update
from tools.attack.shapes import Json

TOKEN = "123456:hostile-updates-token-of-the-right-length"  # noqa: S105 - of a bot that is played
KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
BOT = {"id": 123456, "is_bot": True, "first_name": "Bot", "username": "hostile_bot"}
BEGAN_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECONDS_BETWEEN = 7.0  # two updates, on the clock of the bot
LONGEST = 20.0  # seconds on the clock of the machine that an update may take
UNREADABLE = "an update was passed over"  # how the log says that an update is none
PART = 1_000  # updates of one run of Hypothesis, which remembers all of a run


class FarEnd(BaseRequest):
    """Takes every call, and notes which chats were written to."""

    def __init__(self) -> None:
        self.written: list[object] = []
        self.calls = 0

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:  # Any: PTB's time limits, which nothing here keeps
        name = url.rpartition("/")[2]
        given = request_data.json_parameters if request_data else {}
        sent = json.dumps(request_data.parameters if request_data else {}, ensure_ascii=False).encode()
        self.calls += 1
        if name.startswith(("send", "edit", "copy", "forward", "delete")) and "chat_id" in given:
            self.written.append(int(given["chat_id"]))
        assert sent  # noqa: S101 - it could be encoded, as the real transport does
        return 200, json.dumps({"ok": True, "result": _result(name, given)}).encode()


def _result(name: str, given: dict[str, Any]) -> object:  # Any: JSON
    chat = {"id": int(given.get("chat_id") or 1), "type": "private"}
    if name == "getMe":
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
    if name == "getChatAdministrators":
        return [
            {"status": "creator", "is_anonymous": False, "user": {"id": KNOWN[0], "is_bot": False, "first_name": "A"}}
        ]
    if name == "getChat":
        return {**chat, "accent_color_id": 1, "max_reaction_count": 1, "title": "A group", "accepted_gift_types": GIFTS}
    if name == "getFile":
        return {"file_id": "1", "file_unique_id": "1"}
    if name.startswith("get"):
        return []
    is_message = name.startswith(("send", "edit", "forward"))
    return {"message_id": 1_000, "date": 1, "chat": chat, "text": "x"} if is_message else True


GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


class Errors(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@dataclass
class Findings:
    """What must not be, by kind, with the first update that showed it."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    played: int = 0
    unreadable: int = 0

    def add(self, kind: str, raw: dict[str, Json]) -> None:
        self.counts[kind] += 1
        self.examples.setdefault(kind, json.dumps(raw)[:1_500])


class World:
    """The bot with somebody in it, to whom and from whom hostile updates come."""

    def __init__(self, app: App, far_end: FarEnd, errors: Errors) -> None:
        self.app, self.far_end, self.findings = app, far_end, Findings()
        self.commands = commands_of(app.library.of(None).interface)
        self._errors = errors
        self._made: list[str] = []  # where in the code
        self.now = 0.0

    def note_row(self, mapper: object, connection: object, chat: Chat) -> None:
        """SQLAlchemy calls it when a row of a chat was made."""
        self._made.append(_callers())

    async def play(self, raw: dict[str, Json]) -> None:
        """Plays one update, and records what must not be."""
        self.findings.played += 1
        self.now += SECONDS_BETWEEN
        raw = {**raw, "update_id": self.findings.played}
        self.far_end.written.clear()
        self._made.clear()
        self._errors.records.clear()
        try:
            async with asyncio.timeout(LONGEST):
                await self.app.update_queue.take_raw(raw, self.app.application.bot)
        except TimeoutError:
            self.findings.add(f"not handled within {LONGEST:g} s", raw)
        except Exception as error:
            self.findings.add(f"raised: {error!r}"[:200], raw)
        self._look_at(raw)

    def _look_at(self, raw: dict[str, Json]) -> None:
        for record in self._errors.records:
            if record.getMessage().startswith(UNREADABLE):
                self.findings.unreadable += 1
            else:
                self.findings.add(_kind_of(record), raw)
        if others := [chat for chat in self.far_end.written if chat not in _places(raw) and not _leads(raw, chat)]:
            self.findings.add(f"written to {len(others)} other chats", raw)
        if self._made and not _is_command(raw) and _places(raw).isdisjoint(KNOWN):
            self.findings.add(f"a row for a stranger after {_what(raw)} by {self._made[0]}", raw)


def _callers() -> str:
    """Returns the places in our code that led here. SQLAlchemy runs in a greenlet, and what called it is its parent."""
    parent, places = getcurrent().parent, []
    frame = parent.gr_frame if parent else None
    while frame:
        if "/bot/" in (name := frame.f_code.co_filename):
            places.append(f"{name.rpartition('/bot/')[2]}:{frame.f_lineno}")
        frame = frame.f_back
    return " ".join(places[:6])


def _kind_of(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    trace = error.__traceback__ if error else None
    places = []
    while trace:
        if "/bot/" in (name := trace.tb_frame.f_code.co_filename):
            places.append(f"{name.rpartition('/bot/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{record.getMessage()}: {type(error).__name__} {str(error)[:80]!r} in {' '.join(places[-2:])}"


def _content(raw: dict[str, Json]) -> dict[str, Any]:  # Any: JSON
    return next((part for part in raw.values() if isinstance(part, dict)), {})


def _places(raw: dict[str, Json]) -> set[object]:
    """The chat and the person of an update."""
    content = _content(raw)
    message = content.get("message")
    holders = [content, *([message] if isinstance(message, dict) else [])]
    found = [holder.get(name) for holder in holders for name in ("chat", "from")]
    return {part.get("id") for part in found if isinstance(part, dict)}


def _leads(raw: dict[str, Json], chat: object) -> bool:
    """Whether it is a tap about a group's row by somebody who leads all groups here, and this is a group."""
    tap = raw.get("callback_query")
    if not isinstance(tap, dict) or not str(tap.get("data")).startswith("m:"):
        return False
    return isinstance(chat, int) and chat < 0 and not _places(raw).isdisjoint(KNOWN[:1])


def _is_command(raw: dict[str, Json]) -> bool:
    """Whether somebody has given a command, which may make a row; or brings the bot into a chat."""
    message = raw.get("message") or raw.get("edited_message")
    if "my_chat_member" in raw or (isinstance(message, dict) and "chat_shared" in message):
        return True
    entities = message.get("entities") or message.get("caption_entities") if isinstance(message, dict) else None
    tap = raw.get("callback_query")
    if isinstance(tap, dict) and str(tap.get("data")) in _shown(tap):
        return True  # Telegram says what stands under a message: it is no forged one
    first = entities[0] if isinstance(entities, list) and entities else {}
    return isinstance(first, dict) and first.get("type") == "bot_command"


def _shown(tap: dict[str, Any]) -> list[str]:  # Any: JSON
    message = tap.get("message")
    markup = message.get("reply_markup") if isinstance(message, dict) else None
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return [button["callback_data"] for row in rows for button in row]


def _what(raw: dict[str, Json]) -> str:
    content = _content(raw)
    kind = next((name for name in raw if name != "update_id"), "nothing")
    return f"{kind} {str(content.get('data', ''))[:6]!r}"


@asynccontextmanager
async def hostile_world(library: Library, database_url: str) -> AsyncIterator[World]:
    """Yields the bot with two people and a group in it; everything else is a stranger's."""
    far_end, errors = FarEnd(), Errors()
    world: World | None = None
    own = {"bot_token": SecretStr(TOKEN), "database_url": database_url, "secret_key": SecretStr(KEY)}
    chosen: Settings = read_settings(_env_file=None, **own)

    def seconds() -> float:
        return world.now if world else 0.0

    app = App(
        chosen,
        library,
        clock=lambda: BEGAN_AT + timedelta(seconds=seconds()),
        request=far_end,
        seconds=seconds,
    )
    world = World(app, far_end, errors)
    await app.start()
    async with app.database.write() as session:
        for number, kind in ((KNOWN[0], "private"), (KNOWN[1], "private"), (KNOWN_GROUP, "supergroup")):
            chat = await get_or_create_chat(session, TelegramId(number), kind, BEGAN_AT)
            await add_reminder(session, chat, Daily(at=BEGAN_AT.time()), BEGAN_AT)
    logging.getLogger().addHandler(errors)
    event.listen(Chat, "after_insert", world.note_row)
    try:
        yield world
    finally:
        event.remove(Chat, "after_insert", world.note_row)
        logging.getLogger().removeHandler(errors)
        await app.stop()


def play_many(loop: asyncio.AbstractEventLoop, world: World, count: int, first_seed: int = 0) -> Iterator[int]:
    """Plays so many updates, made anew from the seeds `first_seed` on. Yields how many were played after each part."""
    for number, start in enumerate(range(0, count, PART)):
        _play_part(loop, world, min(PART, count - start), first_seed + number)
        yield world.findings.played


def _play_part(loop: asyncio.AbstractEventLoop, world: World, count: int, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(hostile_update(0, world.commands))
    def play(raw: dict[str, Json]) -> None:
        loop.run_until_complete(world.play(raw))

    play()


def megabytes_now() -> float:
    """Returns how much memory this process has resident now. Linux only."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
