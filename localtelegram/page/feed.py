"""Numbers what happens and streams it to every open page; a page that was away for a moment gets what it missed."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator

from localtelegram.answers import Json
from localtelegram.page.snapshot import bot_json, chat_json, chats
from localtelegram.people.demo import DemoWorld
from localtelegram.state.events import Event

EVENTS_KEPT = 1000  # a page that missed more of them fetches everything again
HEARTBEAT = 15.0  # seconds between two signs of life, so that nothing in between closes the line
SYNC = b"event: sync\ndata: {}\n\n"


class Feed:
    """Listens to the local Telegram and tells the pages."""

    def __init__(self, world: DemoWorld) -> None:
        self.seq = 0
        self._world = world
        self._kept: deque[Json] = deque(maxlen=EVENTS_KEPT)
        self._wakers: set[asyncio.Event] = set()
        self._is_closed = False
        self._known: dict[int, Json] = {chat.id: chat_json(world, chat) for chat in chats(world)}
        world.telegram.subscribe(self._hear)

    def tell(self, kind: str, **data: object) -> None:
        self.seq += 1
        self._kept.append({"seq": self.seq, "type": kind, **data})
        self._wake()

    def close(self) -> None:
        """Ends every stream, so that the server can stop."""
        self._is_closed = True
        self._wake()

    async def stream(self, last_seen: int | None) -> AsyncGenerator[bytes, None]:
        """Streams server-sent events (WHATWG HTML, 9.2), beginning after `last_seen`.

        Sends SYNC first where the page must fetch everything again.
        """
        waker = asyncio.Event()
        self._wakers.add(waker)
        at = self.seq
        try:
            if last_seen is None or last_seen > self.seq or last_seen < self.seq - len(self._kept):
                yield SYNC
            else:
                at = last_seen
            while not self._is_closed:
                for event in [event for event in self._kept if event["seq"] > at]:
                    at = event["seq"]
                    yield f"id: {at}\ndata: {json.dumps(event)}\n\n".encode()
                waker.clear()
                try:
                    await asyncio.wait_for(waker.wait(), HEARTBEAT)
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self._wakers.discard(waker)

    def look_again(self) -> None:
        """Tells what has changed about the chats themselves: started, blocked, keyboards, topics, menus."""
        for chat in chats(self._world):
            shown = chat_json(self._world, chat)
            if self._known.get(chat.id) != shown:
                self._known[chat.id] = shown
                self.tell("chat", chat=shown)

    def _hear(self, event: Event) -> None:
        match event.kind:
            case "message" | "edited":
                self.tell(event.kind, chat_id=event.chat_id, message=event.data["message"])
            case "deleted":
                self.tell("deleted", chat_id=event.chat_id, message_ids=[event.data["message_id"]])
            case "callback_answered":
                answer = {key: event.data[key] for key in ("query_id", "text")}
                self.tell("answer", **answer)
            case "profile":
                self.tell("bot", bot=bot_json(self._world))
        self.look_again()

    def _wake(self) -> None:
        for waker in self._wakers:
            waker.set()
