"""How fast, and who goes first: two lanes into the Bot API. PTB calls `process_request`, the outbox asks by name.

Telegram allows about 30 messages a second in all, one a second in a private chat and 20 a minute in a group, edits
counted, and says no more than that (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). So:
reminders keep to the numbers; replies go at once, ahead of reminders, which make room for them; and what Telegram asks
for (`retry_after`) is obeyed for the chat that it concerns, and for all reminders when many chats hear it at once.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

OVERSLEPT = 0.01  # seconds
PRIVATE_SPACING = 1.0  # seconds between two reminders in one private chat
GROUP_MESSAGES = 20  # in a group, whoever asked for them
GROUP_SECONDS = 61.0  # a minute, and a little for the way there
LONGEST_REPLY_WAIT = 65.0  # seconds; a reply that may not be sent before that is given up
REPLY_PAUSES = (0.3, 1.0, 3.0)  # seconds before a reply that got no answer is tried again
# Calls that put something into a chat, and so count against its limits.
COUNTED = ("send", "edit", "copy", "forward")
# This many chats refused within this many seconds: it is not one chat's limit, it is ours.
MANY_CHATS = 3
MANY_SECONDS = 2.0
SLOWER, QUICKER, SLOWEST = 1.5, 0.9995, 30.0
# This many sends in a row without an answer: it is not one message, it is the way to Telegram.
MANY_FAILURES = 3
LONGEST_HOLD = 60.0  # seconds between two tries then


class RateLimiter(BaseRateLimiter[None]):
    """`per_second` is the reminders' pace. All times here are seconds on a clock that only goes forward."""

    def __init__(self, per_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = 1 / per_second
        self._clock = clock
        self._next_reminder_at = 0.0
        self._reminders_held_until = 0.0
        self._held_until: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        self._recent: dict[int, float] = {}
        self._less_recent: dict[int, float] = {}
        self._recent_since = 0.0
        self._unreachable = 0
        self._slowness = 1.0
        self._refusals: deque[tuple[float, int]] = deque(maxlen=MANY_CHATS)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def wait_for_turn(self) -> float:
        """Seconds until the next reminder may go; 0 if it may now, and then it counts as gone."""
        now = self._clock()
        wait = max(self._next_reminder_at, self._reminders_held_until) - now
        if wait > 0:
            return wait
        # A quiet time is not saved up for a burst; what a sleep took too long is made up for.
        self._next_reminder_at = max(self._next_reminder_at, now - OVERSLEPT) + self._interval * self._slowness
        return 0.0

    def wait_for_chat(self, chat_id: int) -> float:
        """Seconds until a reminder may go to this chat; 0 if it may now, and then it counts as gone."""
        now = self._clock()
        wait = self._wait(chat_id, now)
        if chat_id > 0:
            last = self._recent.get(chat_id, self._less_recent.get(chat_id, -PRIVATE_SPACING))
            wait = max(wait, last + PRIVATE_SPACING - now)
        if wait > 0:
            return wait
        self._count(chat_id, now)
        if chat_id > 0:
            self._remember(chat_id, now)
        return 0.0

    def delay(self, chat_id: int) -> float:
        """How many seconds a reply into this chat would have to wait now. Nothing counts as gone by asking."""
        return max(0.0, self._wait(chat_id, self._clock()))

    def wait_for_reply(self, chat_id: int) -> float:
        """Seconds until what someone asked for may go to this chat; 0 if it may now, and then it counts as gone."""
        now = self._clock()
        wait = self._wait(chat_id, now)
        if wait > 0:
            return wait
        self._count(chat_id, now)
        # Reminders make room for it, but a crowd of replies does not silence them for more than a second.
        self._next_reminder_at = min(max(self._next_reminder_at, now) + self._interval, now + 1.0)
        return 0.0

    def refuse(self, chat_id: int, seconds: float) -> None:
        """Telegram said no more for `seconds`: to this chat, or to all if several chats hear it at once."""
        now = self._clock()
        self._held_until[chat_id] = max(self._held_until.get(chat_id, 0.0), now + seconds)
        self._refusals.append((now, chat_id))
        recent = {chat for at, chat in self._refusals if now - at <= MANY_SECONDS}
        if len(recent) >= MANY_CHATS:
            if now >= self._reminders_held_until:
                # Our pace is more than Telegram takes just now: slower from here on, and slowly back.
                self._slowness = min(self._slowness * SLOWER, SLOWEST)
            self._reminders_held_until = max(self._reminders_held_until, now + seconds)
        if len(self._held_until) > 10_000:
            self._held_until = {chat: until for chat, until in self._held_until.items() if until > now}

    def unreachable(self) -> None:
        """A reminder did not get through. From the third in a row on, all wait, twice as long each time."""
        now = self._clock()
        if now < self._reminders_held_until:
            return
        self._unreachable += 1
        if self._unreachable >= MANY_FAILURES:
            seconds = min(2.0 ** (self._unreachable - MANY_FAILURES + 1), LONGEST_HOLD)
            self._reminders_held_until = now + seconds

    def reached(self) -> None:
        """Telegram took one: no reason to wait, and a little less to be slow."""
        self._unreachable = 0
        self._slowness = max(1.0, self._slowness * QUICKER)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:  # Any: PTB's own types, from what Telegram answers
        """A reply: it waits only if its chat has to, and is repeated when Telegram asks for patience or stumbles.

        A repeat after a lost answer may show a message twice; a reply that never comes is worse.
        """
        chat_id = data.get("chat_id")
        counted = chat_id if isinstance(chat_id, int) and endpoint.startswith(COUNTED) else None
        give_up_at = self._clock() + LONGEST_REPLY_WAIT
        pauses = list(REPLY_PAUSES)
        while True:
            if counted is not None:
                await self._reply_turn(counted, give_up_at)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = retry_seconds(error)
                if counted is not None:
                    self.refuse(counted, seconds)
                if self._clock() + seconds > give_up_at:
                    raise
                if counted is None:
                    await asyncio.sleep(seconds)
            except BadRequest:  # PTB counts it among the network errors
                raise
            except NetworkError:
                if not pauses:
                    raise
                await asyncio.sleep(pauses.pop(0))

    async def _reply_turn(self, chat_id: int, give_up_at: float) -> None:
        while (wait := self.wait_for_reply(chat_id)) > 0:
            if self._clock() + wait > give_up_at:
                raise RetryAfter(timedelta(seconds=wait))
            await asyncio.sleep(wait)

    def _wait(self, chat_id: int, now: float) -> float:
        wait = 0.0
        if self._held_until and (held_until := self._held_until.get(chat_id)):
            if held_until <= now:
                del self._held_until[chat_id]
            wait = held_until - now
        if chat_id < 0:
            sent = self._groups.get(chat_id)
            if sent and len(sent) == GROUP_MESSAGES:
                wait = max(wait, sent[0] + GROUP_SECONDS - now)
        return wait

    def _count(self, chat_id: int, now: float) -> None:
        if chat_id < 0:
            self._groups.setdefault(chat_id, deque(maxlen=GROUP_MESSAGES)).append(now)

    def _remember(self, chat_id: int, now: float) -> None:
        """Two young generations instead of one growing table: what is older than both is forgotten."""
        if now - self._recent_since > PRIVATE_SPACING:
            self._less_recent, self._recent, self._recent_since = self._recent, {}, now
        self._recent[chat_id] = now


def retry_seconds(error: RetryAfter) -> float:
    """What Telegram asks for, and up to a second more, so that not all come back in the same moment."""
    asked = error.retry_after
    seconds = asked if isinstance(asked, int) else asked.total_seconds()
    return seconds + random.random()  # noqa: S311 - spreads load, hides nothing
