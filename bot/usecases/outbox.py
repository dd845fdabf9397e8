"""Queued messages: claim, send, mark sent / retry / failed. Started by `jobs`; nothing here waits inside a transaction.

At least once: a message is marked after Telegram took it. If the process is killed in between, what was in flight (and
no more) is sent again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from bot.database.engine import Database, Session, Trouble
from bot.database.models import Chat, Kind, Notice, OffReason, QueuedMessage, State
from bot.delivery.rate_limits import Pacer
from bot.delivery.sending import Held, Later, Moved, Off, Outcome, Refused, Sent, Unwanted
from bot.usecases.chats import move
from bot.usecases.claims import Claimed, claim, release, sweep
from bot.usecases.groups import lose, tell_once

log = logging.getLogger(__name__)

# A message is not started so close to the end of its claim that it could be sent twice.
LEASE_MARGIN = timedelta(seconds=30)
MOST_CLAIMED = 400  # rows
IN_FLIGHT = 100  # requests at once
MOST_UNMARKED = 1_000  # sent, and not yet marked as sent
FLUSH_SECONDS = 0.05  # between two marks; what a kill in between can repeat
SETTLE_SECONDS = 4.0  # a stop waits this long for what is in flight
RETRY_SECONDS = 2.0  # a message's first wait when Telegram cannot be reached; doubles with each attempt
LONGEST_RETRY_SECONDS = 300.0
HELD_SECONDS = 900.0  # until a topic that was closed is tried again, if nobody tells that it is open


@dataclass(slots=True)
class Counts:
    """What became of messages since the start; for metrics."""

    sent: int = 0
    postponed: int = 0
    skipped: int = 0
    failed: int = 0


class Outbox:
    """Sends what is queued. `deliver` sends one message and raises only what must end the program (InvalidToken)."""

    def __init__(
        self,
        database: Database,
        deliver: Callable[[Claimed], Awaitable[Outcome]],
        pacer: Pacer,
        clock: Callable[[], datetime],
        *,
        claim: int = MOST_CLAIMED,
    ) -> None:
        self.counts = Counts()
        self._database = database
        self._deliver = deliver
        self._pacer = pacer
        self._clock = clock
        self._claim_size = min(claim, MOST_CLAIMED)
        self._stopping = asyncio.Event()
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._done: list[tuple[Claimed, Outcome]] = []
        self._withdrawn: set[int] = set()
        self._fatal: Exception | None = None

    async def send_queued(self) -> None:
        """Send all that is due; returns when nothing more is, or when stopped. For one caller at a time."""
        self.counts.skipped += await sweep(self._database, self._clock())
        ended = asyncio.Event()
        marking = asyncio.create_task(self._keep_marking(ended))
        try:
            while not self._stopping.is_set() and (claimed := await self._take()):
                unsent = await self._feed(claimed)
                await release(self._database, unsent)
        finally:
            await self._settle(marking, ended)
        if self._fatal:
            raise self._fatal

    def stop(self) -> None:
        """Start nothing new: `send_queued` settles what is in flight, and returns."""
        self._stopping.set()

    def withdraw(self, chat_id: int) -> None:
        """What is claimed for this chat, but not in flight, is not sent: they have just said stop."""
        self._withdrawn.add(chat_id)

    async def _feed(self, claimed: list[Claimed]) -> list[Claimed]:
        """Start each in its turn; returns those not started because of a stop."""
        for index, message in enumerate(claimed):
            while (wait := self._pacer.wait_for_turn()) > 0:
                if await self._stops_within(wait):
                    return claimed[index:]
            if len(self._done) >= MOST_UNMARKED:
                await self._mark()
            await self._slots.acquire()
            if self._stopping.is_set():
                self._slots.release()
                return claimed[index:]
            self._start(message)
        return []

    def _start(self, message: Claimed) -> None:
        now = self._clock()
        outcome: Outcome | None = None
        if message.chat_id in self._withdrawn or now >= message.send_before:
            outcome = Unwanted()
        elif now >= message.claimed_until - LEASE_MARGIN:
            outcome = Later(0.0, True, "the claim has ended")
        elif (wait := self._pacer.wait_for_chat(message.telegram_id)) > 0:
            outcome = Later(wait, True, "the chat's own pace")
        if outcome:
            self._slots.release()
            self._done.append((message, outcome))
            return
        task = asyncio.create_task(self._send(message))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)

    async def _send(self, message: Claimed) -> None:
        try:
            outcome = await self._deliver(message)
        except Trouble as error:  # a notice asks the database what it is about
            log.exception("the database cannot be used; a message is sent later")
            outcome = Later(0.0, False, type(error).__name__)
        except Exception as error:  # kept, and raised by send_queued when all is settled
            self._fatal = error
            self.stop()
            outcome = Later(0.0, False, type(error).__name__)
        finally:
            self._slots.release()
        if not isinstance(outcome, Later):
            self._pacer.reached()
        elif outcome.is_asked:
            self._pacer.refuse(message.telegram_id, outcome.seconds)
        else:
            self._pacer.unreachable()
        self._done.append((message, outcome))

    async def _stops_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _take(self) -> list[Claimed]:
        claimed = await claim(self._database, self._clock(), self._claim_size)
        self._withdrawn.clear()
        return claimed

    async def _keep_marking(self, ended: asyncio.Event) -> None:
        """Mark what is done, many in a transaction, until the end."""
        while not ended.is_set():
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self._mark()
            except Trouble:
                log.exception("cannot mark what was sent; sending waits", extra={"unmarked": len(self._done)})

    async def _settle(self, marking: asyncio.Task[None], ended: asyncio.Event) -> None:
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=SETTLE_SECONDS if self._stopping.is_set() else None)
        ended.set()
        await marking
        await self._mark()

    async def _mark(self) -> None:
        done, self._done = self._done, []
        if not done:
            return
        now = self._clock()
        sent = [message.id for message, outcome in done if isinstance(outcome, Sent)]
        others = [(message, outcome) for message, outcome in done if not isinstance(outcome, Sent)]
        try:
            async with self._database.write() as session:
                if sent:
                    await session.execute(
                        update(QueuedMessage)
                        .where(QueuedMessage.id.in_(sent))
                        .values(state=State.SENT, sent_at=now, claimed_until=None)
                    )
                if well := [message.chat_id for message, outcome in done if message.told and isinstance(outcome, Sent)]:
                    await session.execute(update(Chat).where(Chat.id.in_(well)).values(told=None))
                for message, outcome in others:
                    await self._mark_one(session, message, outcome, now)
        except BaseException:
            self._done = done + self._done  # still to be marked
            raise
        self._count(done)

    async def _mark_one(self, session: Session, message: Claimed, outcome: Outcome, now: datetime) -> None:
        values: dict[str, object] = {"claimed_until": None}
        match outcome:
            case Later(seconds, is_asked, error):
                wait = seconds if is_asked else min(RETRY_SECONDS * 2**message.attempts, LONGEST_RETRY_SECONDS)
                values |= {"state": State.QUEUED, "send_after": now + timedelta(seconds=wait), "error": error}
            case Moved(telegram_id):
                await move(session, message.telegram_id, telegram_id, now)
                values |= {"state": State.QUEUED, "send_after": now}
            case Off(reason, error):
                thread_id = message.thread_id if reason == OffReason.TOPIC_GONE else None
                await lose(session, message.telegram_id, reason, now, thread_id=thread_id)
                values |= {"state": State.FAILED, "error": error}
                log.info("chat switched off", extra={"chat": message.chat_id, "reason": reason, "error": error})
            case Held(error):
                values |= {"state": State.QUEUED, "send_after": now + timedelta(seconds=HELD_SECONDS), "error": error}
                if message.kind != Kind.NOTICE:
                    here = message.telegram_id
                    await tell_once(session, here, Notice.TOPIC_CLOSED, now, thread_id=message.thread_id)
            case Refused(error):
                values |= {"state": State.FAILED, "error": error}
                log.error("message refused", extra={"queued_message": message.id, "error": error})
            case Unwanted():
                values |= {"state": State.SKIPPED}
            case Sent():
                values |= {"state": State.SENT, "sent_at": now}
        await session.execute(update(QueuedMessage).where(QueuedMessage.id == message.id).values(values))

    def _count(self, done: list[tuple[Claimed, Outcome]]) -> None:
        for _, outcome in done:
            match outcome:
                case Sent():
                    self.counts.sent += 1
                case Later() | Moved() | Held():
                    self.counts.postponed += 1
                case Unwanted():
                    self.counts.skipped += 1
                case _:
                    self.counts.failed += 1
