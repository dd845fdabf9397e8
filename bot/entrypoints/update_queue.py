"""Handles updates once each: in order within a chat, concurrently across chats. Called by polling and the webhook.

Taps in a group or a channel are in order per person only, because hundreds of people may tap within seconds. Urgent
updates wait for nobody. An answer that Telegram does not take holds up neither what else is asked in its chat, nor,
when many wait, the updates of others: then those whose effects are saved are confirmed before they are answered.
None is confirmed before its effect is saved.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from cachetools import FIFOCache
from telegram import Bot, Update

from bot.delivery.reply_turns import CURRENT, FREED_AFTER, ReplyTurn
from bot.domain.histogram import FAST, Histogram
from bot.entrypoints.chat_turns import HandleOnce, QueueKey, in_memory
from bot.entrypoints.raw_updates import UnreadableUpdateError, read_update

log = logging.getLogger(__name__)

MAX_REMEMBERED_UPDATES = 4096  # Telegram repeats an update only shortly after
# Telegram hands over 100 updates, by polling and by webhook (`commands.run`), and then waits until one is confirmed. An
# answer to one that is confirmed is kept in memory alone until Telegram takes it.
MOST_HELD = 60  # that are not confirmed although they wait for something
MOST_BEHIND = 60  # behind the newest one: by polling it hands over 100 from the oldest that is not confirmed
FURTHEST_BACK = 100_000  # an update is never so far behind the newest one: ids have begun anew (`polling`)
MOST_UNDONE = 5_000  # in memory
MOST_TO_END = 0.5  # seconds in which what is cancelled has to end


def never(_update: Update, _is_behind: bool = False) -> bool:
    """The usual `is_urgent` and `leaves_out`: nothing is."""
    return False


@dataclass(frozen=True, slots=True, eq=False)
class _Handling:
    """One update on its way. `taken` is done when it may be confirmed."""

    turn: ReplyTurn
    task: asyncio.Task[None]
    taken: asyncio.Future[None]
    since: float  # on the loop's clock


class TooManyUpdatesError(Exception):
    """No more can be held in memory: the update was not taken, and has to be delivered again."""


class UpdateQueue:
    """`take` returns after the update was handled, so that it is not confirmed to Telegram before.

    `seconds` is the clock of the rate limits. `leaves_out` tells, when an update comes, whether nothing is done for it:
    it waits for nothing then, so that a flood is confirmed as fast as it comes. It also takes whether an earlier one of
    the same chat is not handled yet. `once` handles no update that was handled before, by whichever process.
    """

    def __init__(
        self,
        process: Callable[[Update], Awaitable[None]],
        *,
        is_urgent: Callable[[Update], bool] = never,
        leaves_out: Callable[[Update, bool], bool] = never,
        seconds: Callable[[], float] = time.monotonic,
        once: HandleOnce = in_memory,
    ) -> None:
        self._process = process
        self._is_urgent = is_urgent
        self._leaves_out = leaves_out
        self._seconds = seconds
        self._once = once
        self._seen: FIFOCache[int, None] = FIFOCache(MAX_REMEMBERED_UPDATES)
        self._handling: dict[int, _Handling] = {}  # by update id
        self._last_of_chat: dict[QueueKey, tuple[ReplyTurn, ...]] = {}  # and the last urgent one since
        self._of_chat: Counter[QueueKey] = Counter()  # updates that are not handled yet, the one under way among them
        self._newest_query: dict[QueueKey, int] = {}  # of those that wait: update ids of inline queries
        self._newest = 0  # update id
        self._letting_go: asyncio.TimerHandle | None = None
        self.reply_seconds = Histogram(FAST)  # from an update's arrival until it was handled

    @property
    def waiting(self) -> int:
        """How many updates are being handled, or wait for an earlier one of their chat."""
        return len(self._handling)

    def know(self, update_ids: Iterable[int]) -> None:
        """Takes these for handled already, by this program before it was started anew."""
        self._seen.update(dict.fromkeys(update_ids))

    async def take(self, update: Update) -> None:
        """Handles an update, once: Telegram repeats updates. A repeated one returns when the first was handled.

        Raises TooManyUpdatesError where it is not taken.
        """
        if handling := self._handling.get(update.update_id):  # however many others have been seen since
            await asyncio.shield(handling.taken)
            return
        if update.update_id in self._seen:
            return
        if self._leaves_out(update, self._of_chat[_key(update)] > 0):
            self._seen[update.update_id] = None
            return
        is_urgent = self._is_urgent(update)
        if len(self._handling) >= MOST_UNDONE and not is_urgent:
            raise TooManyUpdatesError
        self._seen[update.update_id] = None
        handling = self._start(update, is_urgent=is_urgent)
        self._let_go_soon()
        await asyncio.shield(handling.taken)  # it goes on when whoever delivered it does not wait

    def _start(self, update: Update, *, is_urgent: bool) -> _Handling:
        key, loop = _key(update), asyncio.get_running_loop()
        if update.inline_query:
            self._newest_query[key] = update.update_id
        self._of_chat[key] += 1
        earlier = self._last_of_chat.get(key, ())
        turn = ReplyTurn(self._seconds(), earlier, is_urgent=is_urgent)
        # What comes next waits for both: what was last, and what is urgent.
        self._last_of_chat[key] = (*earlier[:1], turn) if is_urgent else (turn,)
        task = asyncio.create_task(self._handle(turn, update))
        handling = _Handling(turn, task, loop.create_future(), loop.time())
        handling.taken.add_done_callback(_look_at)
        self._handling[update.update_id] = handling
        is_anew = self._newest - update.update_id > FURTHEST_BACK
        self._newest = update.update_id if is_anew else max(self._newest, update.update_id)
        task.add_done_callback(lambda task: self._settle(handling, key, update.update_id))
        task.add_done_callback(lambda _: self.reply_seconds.observe(loop.time() - handling.since))
        return handling

    def _settle(self, handling: _Handling, key: QueueKey, update_id: int) -> None:
        handling.turn.end()
        self._handling.pop(update_id, None)
        self._of_chat[key] -= 1
        if not self._of_chat[key]:
            del self._of_chat[key]
        if all(turn.done.done() for turn in self._last_of_chat.get(key, ())):
            self._last_of_chat.pop(key, None)
            self._newest_query.pop(key, None)
        if handling.taken.done():  # nobody waits for it any more
            if not handling.task.cancelled() and (error := handling.task.exception()):
                log.error("an update could not be handled", exc_info=error, extra={"update": update_id})
        elif handling.task.cancelled():
            handling.taken.cancel()
        elif error := handling.task.exception():
            handling.taken.set_exception(error)
        else:
            handling.taken.set_result(None)

    def count_waiting(self, update: Update) -> int:
        """Returns how many updates of the same chat wait until this one is handled."""
        return max(0, self._of_chat[_key(update)] - 1)

    async def take_raw(self, raw: dict[str, Any], bot: Bot) -> None:  # Any: JSON as Telegram sends it
        """Handles a raw update. An unreadable one, and one whose handler fails, is only logged.

        Otherwise Telegram would repeat it endlessly and hold back all others. Raises TooManyUpdatesError.
        """
        number = raw.get("update_id")
        try:
            update = read_update(raw, bot)
        except UnreadableUpdateError as error:
            log.error("an update was passed over: it cannot be read", extra={"update": number, "error": str(error)})
            return
        if update is None:
            return
        try:
            await self.take(update)
        except TooManyUpdatesError:
            raise
        except Exception:  # what handlers raise is answered by PTB's error handler; this is what that one raises
            log.exception("an update could not be handled", extra={"update": number})

    async def settle(self, seconds: float) -> None:
        """Waits for updates that are being handled; cancels those that take longer than `seconds`."""
        tasks = [handling.task for handling in self._handling.values()]
        if self._letting_go:
            self._letting_go.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            confirmed = [one for one in self._handling.values() if one.task in late and one.taken.done()]
            if confirmed:
                log.warning("answers are lost that Telegram has not taken", extra={"count": len(confirmed)})
            for task in late:
                task.cancel()
            if late:  # they end their chats' turns, so that other processes need not wait
                await asyncio.wait(late, timeout=MOST_TO_END)

    async def _handle(self, turn: ReplyTurn, update: Update) -> None:
        CURRENT.set(turn)
        await turn.begin()
        key = _key(update)
        if update.inline_query and self._newest_query.get(key, 0) > update.update_id:
            return  # the person has typed on: nobody waits for an answer to fewer letters
        has_order = update.inline_query is None  # nor does an answer to one change anything
        work = partial(self._process, update)
        await self._once(update.update_id, key if has_order else None, work, is_urgent=turn.is_urgent)

    def _let_go_soon(self) -> None:
        is_needed = len(self._handling) > MOST_HELD or any(map(self._is_behind, self._handling))
        if is_needed and self._letting_go is None:
            self._letting_go = asyncio.get_running_loop().call_later(FREED_AFTER / 4, self._let_go)

    def _is_behind(self, update_id: int) -> bool:
        return self._newest - update_id >= MOST_BEHIND

    def _let_go(self) -> None:
        """Confirms the oldest ones when so many wait that Telegram might hand over no more.

        Only those that wait for nothing but Telegram to take their answer: what they ask for is committed. All others
        come to that as well, because what is before them in their chat does not hold up what they do.
        """
        self._letting_go = None
        now = asyncio.get_running_loop().time()
        held = {number: one for number, one in self._handling.items() if not one.taken.done()}
        late = {number: one for number, one in held.items() if one.turn.freed.done() and not one.turn.is_anew}
        for place, (number, handling) in enumerate(late.items()):
            is_one_of_many = place < len(held) - MOST_HELD and now - handling.since >= FREED_AFTER
            if is_one_of_many or self._is_behind(number):
                handling.taken.set_result(None)
        self._let_go_soon()


def _look_at(taken: asyncio.Future[None]) -> None:
    """Its error is somebody's only where somebody waits."""
    if not taken.cancelled():
        taken.exception()


def _key(update: Update) -> QueueKey:
    chat = update.effective_chat.id if update.effective_chat else 0
    person = update.effective_user.id if update.effective_user else 0
    is_shared_tap = update.callback_query is not None and chat < 0
    return (chat, person) if is_shared_tap or not chat else (chat, 0)
