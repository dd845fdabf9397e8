"""Sends queued messages: claim, send, mark. Started by `scheduler`. No transaction is open while a message is sent.

At least once: a message is marked after Telegram has taken it. If the process is killed in between, only what was in
flight is sent again. One message that cannot be made, sent or marked never stops the others.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from socket import gaierror
from typing import NamedTuple, Protocol

from sqlalchemy.exc import SQLAlchemyError

from bot.database.engine import Database
from bot.database.troubles import is_away
from bot.database.values import MessageKind
from bot.delivery.outcomes import (
    Broken,
    Outcome,
    RetryLater,
    Skipped,
    TokenRefusedError,
)
from bot.delivery.rate_limits import RateLimiter
from bot.domain.histogram import Histogram
from bot.domain.ids import ChatId
from bot.usecases.batched_marks import BatchedMarks, Counts
from bot.usecases.claims import LEASE, Claimed, claim, release, sweep
from bot.usecases.handed_over import HandedOver

log = logging.getLogger(__name__)

# A message is not started so close to the end of its claim that it could be sent twice.
LEASE_MARGIN = timedelta(seconds=30)
MOST_CLAIMED = 400  # rows
# A kill repeats what was sent and not yet marked: what is in flight, and what waits to be marked. Enough for 1,000 a
# second where Telegram takes a tenth of one to answer; at 30 a second there are a few.
MOST_UNMARKED = 200
# Errors that may be the database's, and not a file's: PostgreSQL's driver raises the system's own.
OF_DATABASE = (SQLAlchemyError, ConnectionError, TimeoutError, gaierror)
STOP_SENDS_SECONDS = 4.0  # a stop waits this long for what is in flight


class Delivery(Protocol):
    """Makes and sends one claimed message (`queued_messages.QueuedMessages`)."""

    async def deliver(self, message: Claimed) -> Outcome:
        """Raises TokenRefusedError, which ends the program. Any other exception concerns this message alone."""
        ...


def everything(_: Claimed) -> bool:
    """What is withdrawn when a chat is gone."""
    return True


def all_but_notices(message: Claimed) -> bool:
    """What is withdrawn when a person pauses or stops: they are still told of the groups they look after."""
    return message.kind != MessageKind.NOTICE


class _Withdrawal(NamedTuple):
    at: datetime
    is_meant: Callable[[Claimed], bool]


class Outbox:
    """Sends what is queued."""

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        pacer: RateLimiter,
        clock: Callable[[], datetime],
        *,
        claim: int = MOST_CLAIMED,
        may_send: Callable[[], bool] = lambda: True,
        may_delete: Callable[[], bool] = lambda: True,
    ) -> None:
        self.handed = HandedOver(min(claim, MOST_CLAIMED))
        self._marks = BatchedMarks(database, clock, self._free_slots)
        self._database = database
        self._delivery = delivery
        self._pacer = pacer
        self._clock = clock
        self._claim_size = min(claim, MOST_CLAIMED)
        self._may_send = may_send  # False when another process has the lead, as after this one hung for a while
        self._may_delete = may_delete  # False while the clock is not sure
        self._is_stopped = False  # for good
        self._stopping = asyncio.Event()  # this round
        self._slots = MOST_UNMARKED  # that are free: each is again when its message is marked
        self._has_slot = asyncio.Event()
        self._has_slot.set()
        self._in_flight: set[asyncio.Task[None]] = set()
        self._unreleased: list[Claimed] = []  # to be given back as soon as the database can be used
        self._withdrawn: dict[ChatId, list[_Withdrawal]] = {}
        self._held: dict[ChatId, datetime] = {}
        self._fatal: TokenRefusedError | None = None

    @property
    def counts(self) -> Counts:
        """What became of messages since the start."""
        return self._marks.counts

    @property
    def lateness(self) -> Histogram:
        """Seconds from when a message was due until it was marked as sent."""
        return self._marks.lateness

    async def send_queued(self) -> None:
        """Sends all that is due; returns when nothing more is, or after a stop. For one caller at a time.

        Raises TokenRefusedError after what is in flight is settled, and DATABASE_ERRORS. It may be called again then.
        """
        self._fatal = None
        if not self._is_stopped:
            self._stopping.clear()
        await self._send_all()
        while self.handed.is_expected() and self._may_go_on():  # handed over while what was in flight was waited for
            await self._send_all()

    def stop(self) -> None:
        """Starts nothing new, ever: `send_queued` waits for what is in flight, and returns."""
        self._is_stopped = True
        self.handed.stop()
        self._end_round()

    def _end_round(self) -> None:
        self._stopping.set()
        self._has_slot.set()  # so that it is not waited for

    def withdraw(self, chat_id: ChatId, is_meant: Callable[[Claimed], bool] = everything) -> None:
        """Does not send what is claimed for this chat, is meant and is not in flight yet: it was just taken back."""
        now = self._clock()
        recent = {chat: of_chat for chat, of_chat in self._withdrawn.items() if now - of_chat[-1].at < LEASE}
        self._withdrawn = recent | {chat_id: [*recent.get(chat_id, ()), _Withdrawal(now, is_meant)]}

    def hold(self, chat_id: ChatId, until: datetime) -> None:
        """Puts off what is claimed for this chat and not in flight yet."""
        now = self._clock()
        self._held = {chat: end for chat, end in self._held.items() if end > now} | {chat_id: until}

    async def _send_all(self) -> None:
        await self._marks.write()  # those of an earlier round, ahead of `sweep`, which would have it sent again
        await self._give_back([])
        self._marks.counts.skipped += await sweep(self._database, self._clock(), may_delete=self._may_delete())
        ended = asyncio.Event()
        marking = asyncio.create_task(self._marks.keep_writing(ended))
        try:
            while claimed := await self._take():
                unsent = await self._feed(claimed)
                await self._give_back(unsent)
            await self._give_back(self.handed.take())  # after a stop, or without the lead
        finally:
            await self._settle(marking, ended)
        if self._fatal:
            raise self._fatal

    def _may_go_on(self) -> bool:
        return self._may_send() and not self._stopping.is_set()

    async def _feed(self, claimed: list[Claimed]) -> list[Claimed]:
        """Starts the messages in turn; returns those that a stop, or the loss of the lead, has left unsent.

        What can start in the same moment does, without a look at the clock or the lead for each.
        """
        started = 0
        while started < len(claimed):
            await self._has_slot.wait()
            if not self._may_go_on():
                break
            now, wait = self._clock(), 0.0
            for message in claimed[started : started + self._slots]:
                unsent = self._outcome_without_sending(message, now)  # takes no turn of those that are sent
                if unsent is None and (wait := self._pacer.wait_for_turn()) > 0:
                    break
                self._start(message, unsent)
                started += 1
            if wait > 0 and await self._stops_within(wait):
                break
        return claimed[started:]

    def _outcome_without_sending(self, message: Claimed, now: datetime) -> Outcome | None:
        if self._is_withdrawn(message) or now >= message.send_before:
            return Skipped(is_late=now >= message.send_before)
        if (held_until := self._held.get(message.chat_id)) and now < held_until:
            return RetryLater((held_until - now).total_seconds(), True, "held back")
        if now >= message.claimed_until - LEASE_MARGIN:
            return RetryLater(0.0, True, "the claim has ended")
        return None

    def _start(self, message: Claimed, unsent: Outcome | None) -> None:
        """Takes a slot, and sends the message, unless its outcome is known already."""
        self.handed.claims_closed(1)
        self._slots -= 1
        if self._slots == 0:
            self._has_slot.clear()
        if unsent is None and (wait := self._pacer.wait_for_chat(message.telegram_id)) > 0:
            unsent = RetryLater(wait, True, "the chat's own pace")
        if unsent:
            self._marks.add(message, unsent)
            return
        task = asyncio.create_task(self._send(message))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)

    def _is_withdrawn(self, message: Claimed) -> bool:
        of_chat = self._withdrawn.get(message.chat_id)
        if of_chat is None:  # nearly always
            return False
        claimed_at = message.claimed_until - LEASE
        return any(claimed_at <= withdrawal.at and withdrawal.is_meant(message) for withdrawal in of_chat)

    async def _send(self, message: Claimed) -> None:
        outcome: Outcome
        try:
            outcome = await self._delivery.deliver(message)
        except TokenRefusedError as error:  # send_queued raises it when nothing is in flight any more
            self._fatal = error
            self._end_round()
            outcome = RetryLater(0.0, is_asked=False, error=type(error).__name__)
        except Exception as error:  # which tells nothing about the connection to Telegram
            self._marks.add(message, _outcome_of_error(message, error))
            return
        self._marks.add(message, outcome)
        if isinstance(outcome, Broken):
            return
        if not isinstance(outcome, RetryLater):
            self._pacer.reached()
        elif outcome.is_asked:
            self._pacer.refuse(message.telegram_id, outcome.seconds)
        else:
            self._pacer.unreachable()

    async def _stops_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    async def _take(self) -> list[Claimed]:
        """Returns what to send next; nothing when nothing more is due, after a stop, and without the lead."""
        while self._may_go_on():
            if await self.handed.wait():
                return self.handed.take()
            # A stop, or the loss of the lead, may have ended the wait.
            if self._may_go_on() and (claimed := await claim(self._database, self._clock(), self._claim_size)):
                self.handed.claims_opened(len(claimed))
                return claimed
            if not self.handed.is_expected():
                break
        return []

    async def _give_back(self, unsent: list[Claimed]) -> None:
        self.handed.claims_closed(len(unsent))
        self._unreleased += unsent
        await release(self._database, self._unreleased)
        self._unreleased = []

    def _free_slots(self, count: int) -> None:
        self._slots += count
        self._has_slot.set()

    async def _settle(self, marking: asyncio.Task[None], ended: asyncio.Event) -> None:
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=STOP_SENDS_SECONDS if self._stopping.is_set() else None)
        ended.set()
        await marking
        await self._marks.write()


def _outcome_of_error(message: Claimed, error: Exception) -> Outcome:
    """What comes of a message that could not be made. Some are read from the database."""
    if isinstance(error, OF_DATABASE) and is_away(error):
        log.error("the database cannot be used; a message is sent later", exc_info=error, extra={"row": message.id})
        return RetryLater(0.0, is_asked=False, error=type(error).__name__)
    return Broken(error)  # of this message alone; the others go on
