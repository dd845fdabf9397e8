"""What flows and circles say by themselves: at least once, and one at a time in a chat. Called by `scheduler`.

A line is saved as undelivered before it is sent, and sent again until Telegram took it. What a kill or a lost answer
leaves undelivered comes again after `UNDELIVERED_AFTER`; what nobody waits for any more is dropped by its source.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.values import FailedWork
from bot.delivery.outcomes import Broken, Moved, Outcome, RetryLater, Sent, TokenRefusedError
from bot.delivery.sending import Sender
from bot.domain.ids import TelegramId
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import failures
from bot.usecases.chats import move

log = logging.getLogger(__name__)

# A line that was not delivered within this time is sent again.
UNDELIVERED_AFTER = timedelta(seconds=60)
# So late, nobody waits for it any more.
TOO_LATE = timedelta(minutes=30)
ROWS_A_TRANSACTION = 100  # rows in a transaction
MOST_SENDING = 20  # lines in flight at once; the others follow


class TimedMessage(Protocol):
    """One line on its way. `message_id` carried the buttons until now; 0: none did."""

    @property
    def row_id(self) -> int: ...
    @property
    def telegram_id(self) -> TelegramId: ...
    @property
    def thread_id(self) -> int: ...
    @property
    def message_id(self) -> int: ...


Timed = TypeVar("Timed", bound=TimedMessage)


class TimedSource(Protocol[Timed]):
    """Where such lines come from: `conversations.resuming.FlowTurns`, `circles.CircleMessages`."""

    work: FailedWork

    async def take_due(self, now: datetime) -> Sequence[Timed]:
        """One batch of what is due, saved as undelivered. Empty when there is no more."""
        ...

    def messages_of(self, line: Timed) -> Sequence[OutgoingMessage]:
        """What to send, in this order; empty where only the old buttons are to be taken away."""
        ...

    def files_of(self, line: Timed) -> Mapping[str, bytes]:
        """The pictures that these messages may show, by name."""
        ...

    async def confirm(self, line: Timed, message_id: int, now: datetime) -> bool:
        """Telegram took it. Returns False if someone has gone on since, so that it is not the newest any more."""
        ...

    async def drop(self, line: Timed) -> None:
        """It cannot be delivered, now or later."""
        ...


class TimedMessages:
    """Sends what the sources have due. `changed` is set when something may be due sooner than it was."""

    def __init__(
        self,
        *,
        database: Database,
        sender: Sender,
        sources: Sequence[TimedSource[Any]],  # Any: each has lines of its own kind
        clock: Callable[[], datetime],
        changed: asyncio.Event,
    ) -> None:
        self._database = database
        self._sender = sender
        self._sources = sources
        self._clock = clock
        self._changed = changed
        self._slots = asyncio.Semaphore(MOST_SENDING)
        self._sending: set[asyncio.Task[None]] = set()
        self._is_stopped = False

    async def start_due(self, now: datetime) -> None:
        """Start whatever is due; does not wait for Telegram. One source's trouble does not hold the others up."""
        for source in self._sources:
            try:
                while not self._is_stopped and (lines := await source.take_due(now)):
                    for line in lines:
                        self._start(source, line)
            except DATABASE_ERRORS:
                log.exception("the database cannot be used; looking again soon", extra={"work": str(source.work)})
            except Exception:
                log.exception("what is due cannot be taken; looking again soon", extra={"work": str(source.work)})

    async def send(self, source: TimedSource[Timed], line: Timed, *, is_silent: bool = True) -> None:
        """Send one line. Only the newest message of a conversation keeps its buttons. Raises TokenRefusedError."""
        outcome = await self._deliver(source, line, is_silent=is_silent)
        match outcome:
            case Sent(message_id):
                is_newest = await source.confirm(line, message_id, self._clock())
                self._changed.set()
                if not is_newest and message_id:
                    await self._sender.take_buttons_away(line.telegram_id, message_id)
                elif line.message_id:
                    await self._sender.take_buttons_away(line.telegram_id, line.message_id)
            case RetryLater():
                log.warning("Telegram did not take it; it is sent again", extra={"work": str(source.work)})
            case Moved(telegram_id):
                async with self._database.write() as session:
                    await move(session, line.telegram_id, telegram_id, self._clock())
            case Broken(error):
                async with self._database.write() as session:
                    is_set_aside = await failures.record(session, source.work, line.row_id, error, self._clock())
                if is_set_aside:
                    await source.drop(line)
            case _:
                log.info("nothing can be said there", extra={"work": str(source.work), "outcome": str(outcome)})
                await source.drop(line)

    async def settle(self, seconds: float | None = None) -> None:
        """Wait for what is in flight, so long at most."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)

    def stop(self) -> None:
        """Start nothing new."""
        self._is_stopped = True

    def _start(self, source: TimedSource[Timed], line: Timed) -> None:
        task = asyncio.create_task(self._send_in_turn(source, line))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send_in_turn(self, source: TimedSource[Timed], line: Timed) -> None:
        async with self._slots:
            try:
                await self.send(source, line)
            except TokenRefusedError:
                log.error("the token is refused", extra={"work": str(source.work)})  # polling ends the program
            except Exception:  # it stays undelivered, and comes again
                log.exception("it is sent again soon", extra={"work": str(source.work), "row": line.row_id})

    async def _deliver(self, source: TimedSource[Timed], line: Timed, *, is_silent: bool) -> Outcome:
        """Send all its messages; the last one's outcome, or the first that is not `Sent`."""
        outcome: Outcome = Sent()
        try:
            for message in source.messages_of(line):
                outcome = await self._sender.send_by_itself(
                    line.telegram_id,
                    message,
                    thread_id=line.thread_id or None,
                    is_silent=is_silent,
                    files=source.files_of(line),
                )
                if not isinstance(outcome, Sent):
                    return outcome
        except TokenRefusedError:
            raise
        except Exception as error:
            return Broken(error)
        return outcome
