"""Rate limits of the Bot API, in two lanes: replies first, then reminders. Called by PTB and `usecases.outbox`.

Telegram allows about 30 messages per second in all, one per second in a private chat and 20 per minute in a group,
edits included (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Reminders keep these
limits. Replies take the next place in the second, ahead of all reminders, and urgent ones ahead of all replies.
`retry_after` is obeyed for its chat (`chat_holds`), and what it has kept waiting never fills the second. When several
chats get it one after another and nothing is taken in between, it may be the limit of the bot: then all reminders wait,
and one at a time goes out as a probe until one is taken.

A reply to an update is as sure as a reminder: it is tried again, in order within its chat, until its moment has passed.
One whose answer got lost on the way after Telegram had taken it comes a second time; nothing else does.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import timedelta
from functools import partial
from itertools import chain, repeat
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import BaseRateLimiter

from bot.delivery.chat_holds import ChatHolds
from bot.delivery.chat_lanes import ChatLanes
from bot.delivery.outcomes import retry_seconds
from bot.delivery.reply_turns import CURRENT, ReplyTurn
from bot.delivery.sliding_window import SlidingWindow
from bot.delivery.slowdown import Slowdown
from bot.domain.backoff import backoff
from bot.domain.ids import TelegramId

ALLOWED = 30.0  # messages that Telegram takes in a second
MAX_OVERSLEPT_SECONDS = 0.05  # that the pace makes up for
ANSWERED_WITHIN = 0.5  # seconds in which a reply usually is
LONGEST_ROOM = 1.0  # seconds that replies may hold back reminders
PRIVATE_SPACING = 1.0  # seconds between two reminders in one private chat
GROUP_MESSAGES = 20  # per GROUP_SECONDS in a group, reminders and replies
GROUP_SECONDS = 61.0  # a minute, and the time on the network
LONGEST_REPLY_WAIT = 65.0  # seconds; a reply that would have to wait longer is given up
REPLY_PAUSES = (0.3, 1.0, 3.0)  # seconds before a reply without an answer is sent again
URGENT_PAUSES = (0.3, 1.0)
PATIENCE = 60.0  # seconds after an update in which its answer may still come
URGENT_PATIENCE = 600.0
MOST_WAITING = 30  # replies in a chat; more are given up
# Methods that count against the limits of a chat.
COUNTED = ("send", "edit", "copy", "forward")
# When so many chats are refused within so many seconds, and none is served, it may be the limit of the bot.
MANY_CHATS = 3
MANY_SECONDS = 2.0
FIRST_PROBE = 1.0  # seconds until one reminder is tried then; twice as long after each one that is refused
PROBE_SECONDS = 2.0  # that the next one waits for what becomes of it
PROBE_LOOK = 0.05  # seconds between two looks at that
# After so many sends without an answer, it is the connection to Telegram, not one message.
MANY_FAILURES = 3
FIRST_HOLD, LONGEST_HOLD = 2.0, 60.0  # seconds between two attempts then

Call = Callable[[], Awaitable[Any]]  # Any: what Telegram answers


class RateLimiter(BaseRateLimiter[None]):
    """PTB's rate limiter. `per_second` is the rate of reminders, `allowed` that of all messages if it is higher.

    All times are seconds on a monotonic clock.
    """

    def __init__(
        self, per_second: float, *, clock: Callable[[], float] = time.monotonic, allowed: float = ALLOWED
    ) -> None:
        self._interval = 1 / per_second
        self._clock = clock
        self._next_reminder_at = 0.0
        self._reminders_held_until = 0.0
        self._groups: dict[TelegramId, deque[float]] = {}
        self._groups_since = 0.0
        self._recent: dict[TelegramId, float] = {}
        self._less_recent: dict[TelegramId, float] = {}
        self._recent_since = 0.0
        self._unreachable = 0
        self._slowdown = Slowdown()
        self._refused_at: dict[TelegramId, float] = {}
        self._probes = 0  # holds since something was taken; 0: nothing is suspected
        self._probing_until = 0.0
        self.retried = 0  # replies that were sent again
        self._last_reminder_at = -LONGEST_ROOM
        self._window = SlidingWindow(max(allowed, per_second), clock)
        self._answering: dict[TelegramId, tuple[int, float]] = {}  # how many replies, and since when
        self._urgent_lanes = ChatLanes()
        self._holds = ChatHolds(clock)

    async def initialize(self) -> None:
        """PTB calls it; there is nothing to open."""

    async def shutdown(self) -> None:
        """PTB calls it; there is nothing to close."""

    def wait_for_turn(self) -> float:
        """Returns the seconds until the next reminder may be sent; 0 means now, and counts it as sent."""
        now = self._clock()
        wait = max(self._next_reminder_at, self._reminders_held_until) - now
        if now - self._last_reminder_at < LONGEST_ROOM:
            wait = max(wait, self._window.wait())
        if wait > 0:
            return wait
        if self._probes:
            if now < self._probing_until:
                return PROBE_LOOK
            self._probing_until = now + PROBE_SECONDS
        self._last_reminder_at = now
        self._window.take()
        slower = self._slowdown.factor(now)
        # Idle time is not saved up for a burst; only the oversleep of one wait is made up for.
        overslept = MAX_OVERSLEPT_SECONDS if slower == 1.0 else 0.0
        self._next_reminder_at = max(self._next_reminder_at, now - overslept) + self._interval * slower
        return 0.0

    def wait_for_chat(self, chat_id: TelegramId) -> float:
        """Returns the seconds until a reminder may be sent to this chat; 0 means now, and counts it as sent."""
        now = self._clock()
        wait = self._wait(chat_id, now)
        if now - self._answering.get(chat_id, (0, now))[1] > ANSWERED_WITHIN:
            wait = max(wait, PRIVATE_SPACING)  # a reply that Telegram does not take goes first
        if chat_id > 0:
            last = self._recent.get(chat_id, self._less_recent.get(chat_id, -PRIVATE_SPACING))
            wait = max(wait, last + PRIVATE_SPACING - now)
        if wait > 0:
            return wait
        self._count(chat_id, now)
        if chat_id > 0:
            self._remember(chat_id, now)
        return 0.0

    def delay(self, chat_id: TelegramId) -> float:
        """Returns the seconds that a reply to this chat would have to wait. Counts nothing."""
        return max(0.0, self._wait(chat_id, self._clock()))

    def wait_for_reply(self, chat_id: TelegramId, *, since: float | None = None, is_urgent: bool = False) -> float:
        """Returns the seconds until a reply may be sent to this chat; 0 means now, and counts it as sent.

        An urgent one waits only where Telegram itself has asked to. `since`: when it was asked for; None: now.
        """
        now = self._clock()
        wait = self._holds.wait(chat_id) if is_urgent else self._wait(chat_id, now)
        if wait <= 0 and since is not None and self._holds.is_late(chat_id, since):
            wait = self._holds.wait_late(chat_id, is_urgent=is_urgent) or self._window.wait_late()
            if wait <= 0:
                self._holds.take_late(chat_id, is_urgent=is_urgent)
        if wait > 0:
            return wait
        self._count(chat_id, now)
        # Reminders make room for it, but many replies hold them back for a second at most.
        self._next_reminder_at = min(max(self._next_reminder_at, now) + self._interval, now + LONGEST_ROOM)
        return 0.0

    def refuse(self, chat_id: TelegramId, seconds: float) -> None:
        """Records that Telegram refused a chat for `seconds`; several in a row hold all reminders, and are probed."""
        now = self._clock()
        self._holds.hold(chat_id, seconds)
        self._refused_at = {chat: at for chat, at in self._refused_at.items() if now - at <= MANY_SECONDS}
        self._refused_at[chat_id] = now
        if (self._probes or len(self._refused_at) >= MANY_CHATS) and now >= self._reminders_held_until:
            if self._probes:  # the rate is above what Telegram takes now
                self._slowdown.slow_down(now)
            self._reminders_held_until = now + backoff(FIRST_PROBE, self._probes, longest=seconds)
            self._probes += 1
            self._probing_until = 0.0

    def unreachable(self) -> None:
        """Records a reminder without an answer. From the third in a row all reminders wait, twice as long each time."""
        now = self._clock()
        if now < self._reminders_held_until:
            return
        self._unreachable += 1
        if self._unreachable >= MANY_FAILURES:
            self._reminders_held_until = now + backoff(FIRST_HOLD, self._unreachable - MANY_FAILURES, LONGEST_HOLD)

    def reached(self) -> None:
        """Records a sent reminder: nothing waits."""
        self._unreachable = 0
        self._refused_at.clear()
        if self._probes:
            self._probes = 0
            self._slowdown.begin_anew(self._clock())

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:  # Any: PTB's own types, from what Telegram answers
        """Sends a reply. It waits only for its own chat, and is repeated after RetryAfter and network errors.

        A repeat after a lost answer may show a message twice, which is better than no reply. Raises the error of the
        call when the reply would wait too long.
        """
        chat_id = data.get("chat_id")
        counted = TelegramId(chat_id) if isinstance(chat_id, int) and endpoint.startswith(COUNTED) else None
        call, turn = partial(callback, *args, **kwargs), CURRENT.get()
        if counted is None or turn is None:
            return await self._repeat(call, counted, iter(REPLY_PAUSES), self._clock() + LONGEST_REPLY_WAIT)
        count, since = self._answering.get(counted, (0, self._clock()))
        if count >= MOST_WAITING and not turn.is_urgent:
            raise RetryAfter(timedelta(seconds=PRIVATE_SPACING))
        self._answering[counted] = count + 1, since
        try:
            with turn.on_its_way():
                return await self._answer(call, counted, turn)
        finally:
            count, since = self._answering.pop(counted)
            if count > 1:
                self._answering[counted] = count - 1, since

    async def _answer(self, call: Call, chat_id: TelegramId, turn: ReplyTurn) -> Any:  # Any: what Telegram answers
        """Sends an answer to an update in its turn, unless its moment has passed meanwhile."""
        await turn.wait_in_order()
        give_up_at = turn.began_at + (URGENT_PATIENCE if turn.is_urgent else PATIENCE)
        if self._clock() > give_up_at:
            raise TimedOut("too late for an answer")
        pauses = URGENT_PAUSES if turn.is_urgent else REPLY_PAUSES
        tries = chain(pauses, repeat(pauses[-1]))
        call = partial(self._urgent_lanes.run, chat_id, call) if turn.is_urgent else call
        return await self._repeat(call, chat_id, tries, give_up_at, is_urgent=turn.is_urgent)

    async def _repeat(
        self,
        call: Call,
        counted: TelegramId | None,
        pauses: Iterator[float],
        give_up_at: float,
        *,
        is_urgent: bool = False,
    ) -> Any:  # Any: what Telegram answers
        while True:
            if counted is not None:
                await self._reply_turn(counted, give_up_at, is_urgent=is_urgent)
            try:
                return await self._call(call, counted)
            except RetryAfter as error:
                seconds = retry_seconds(error)
                if counted is not None:
                    self.refuse(counted, seconds)
                if self._clock() + seconds > give_up_at:
                    raise
                self.retried += 1
                if counted is None:
                    await asyncio.sleep(seconds)
            except BadRequest:  # PTB counts it among the network errors
                raise
            except NetworkError:
                pause = next(pauses, None)
                if pause is None or self._clock() + pause > give_up_at:
                    raise
                self.retried += 1
                await asyncio.sleep(pause)

    async def _call(self, call: Call, counted: TelegramId | None) -> Any:  # Any: what Telegram answers
        answer = await call()
        if counted is not None:
            self._holds.end(counted)
        return answer

    async def _reply_turn(self, chat_id: TelegramId, give_up_at: float, *, is_urgent: bool) -> None:
        since = turn.began_at if (turn := CURRENT.get()) else None
        while (wait := self.wait_for_reply(chat_id, since=since, is_urgent=is_urgent)) > 0:
            if self._clock() + wait > give_up_at:
                raise RetryAfter(timedelta(seconds=wait))
            await asyncio.sleep(wait)
        if (wait := self._window.take_first() if is_urgent else self._window.take_next()) > 0:
            await asyncio.sleep(wait)

    def _wait(self, chat_id: TelegramId, now: float) -> float:
        wait, sent = self._holds.wait(chat_id), self._groups.get(chat_id)
        is_full = sent is not None and len(sent) == GROUP_MESSAGES
        return max(wait, sent[0] + GROUP_SECONDS - now) if sent and is_full else wait

    def _count(self, chat_id: TelegramId, now: float) -> None:
        if chat_id > 0:
            return
        if now - self._groups_since > GROUP_SECONDS:  # those that got nothing for so long are let go
            self._groups = {group: sent for group, sent in self._groups.items() if now - sent[-1] < GROUP_SECONDS}
            self._groups_since = now
        self._groups.setdefault(chat_id, deque(maxlen=GROUP_MESSAGES)).append(now)

    def _remember(self, chat_id: TelegramId, now: float) -> None:
        """Keeps two generations of chats instead of one growing table; older ones are dropped."""
        if now - self._recent_since > PRIVATE_SPACING:
            self._less_recent, self._recent, self._recent_since = self._recent, {}, now
        self._recent[chat_id] = now
